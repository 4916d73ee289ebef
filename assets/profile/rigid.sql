-- Rigid expenditure beside living, medical and school cost, over t-12 ... t-1
-- Rehabilitation: what civil affairs verified (item Z, source 2), in other months the own cost that the disability
-- card's register tells. Loss by disaster: what civil affairs verified (item W), else the losses that the emergency
-- bureau recorded, each less its own relief. An open rehabilitation cost lasts as an open income does, an open loss one
-- month.

with lasting as (
    select
        i.household_id, i.person_key, i.item, i.amount,
        i.member_months & month_bits(i.from_month, coalesce(i.to_month, case when i.item = 'W' then i.from_month else least(
            (min(i.from_month) over later - interval 1 month)::date,
            (i.from_month + to_months(v.income_valid_months::integer - 1))::date
        ) end)) as bits
    from civil_affairs_income i
    join settings_of v using (household_id)
    where i.source = '2' and i.item in ('Z', 'W')
    window later as (
        partition by i.household_id, i.person_key, i.item order by i.from_month
        range between interval 1 day following and unbounded following
    )
),

verified as (
    select l.household_id, l.person_key, l.item, m.back, sum(l.amount)::bigint as amount
    from lasting l
    join month_numbers m on m.back <= 12 and has_month(l.bits, m.back)
    group by all
),

carded as (
    select c.household_id, c.person_key, m.back, max(c.rehabilitation_cost) as amount
    from disability_cards c
    join month_numbers m on m.back <= 12 and has_month(
        c.member_months & month_bits(
            greatest(date_trunc('month', c.issued_on)::date, coalesce(c.in_force_from, c.issued_on)),
            least(date_trunc('month', c.cancelled_on)::date, c.in_force_to)), m.back)
    where c.rehabilitation_cost is not null
    group by all
),

rehabilitation as (
    select coalesce(v.household_id, c.household_id) as household_id, sum(coalesce(v.amount, c.amount))::bigint as cost
    from (from verified where item = 'Z') v
    full join carded c using (household_id, person_key, back)
    group by 1
),

disasters as (
    select household_id, sum(amount)::bigint as loss from verified where item = 'W' group by household_id
),

events as (
    select household_id, event_no, greatest(sum(loss) - coalesce(sum(relief), 0), 0) as loss
    from emergency_events
    where months_back(happened_on) between 1 and 12 and counted_at(member_months, happened_on)
    group by household_id, event_no
),

recorded as (
    select household_id, sum(loss)::bigint as loss from events group by household_id
)

select
    h.household_id,
    coalesce(r.cost, 0) as rehabilitation_cost,
    coalesce(d.loss, e.loss, 0) as disaster_loss
from households h
left join rehabilitation r using (household_id)
left join disasters d using (household_id)
left join recorded e using (household_id)
