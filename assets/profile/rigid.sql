-- Rigid expenditure other than living and medical cost, over t-12 ... t-1
-- Education of non-compulsory stages by the school year; rehabilitation and disaster loss as civil affairs verified
-- them (items Z and W, source 2): an open rehabilitation cost lasts as an open income does, an open loss is of one month.

with students as (
    select
        household_id, person_key,
        max(coalesce(tuition, 0) + coalesce(boarding, 0)) as cost,
        bool_or(stage in ('6', '7', '8')) as is_tertiary
    from education_students
    where status = '1' and stage not in ('2', '3')
        and in_force_at(in_force_from, in_force_to, month_at(1)) and has_month(member_months, 1)
    group by all
),

education as (
    select household_id, sum(cost)::bigint as education_cost, count(*) filter (is_tertiary) as tertiary_students
    from students
    group by household_id
),

lasting as (
    select
        i.household_id, i.item, i.amount,
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
    select
        l.household_id,
        sum(l.amount) filter (l.item = 'Z')::bigint as rehabilitation_cost,
        sum(l.amount) filter (l.item = 'W')::bigint as disaster_loss
    from lasting l
    join month_numbers m on m.back <= 12 and has_month(l.bits, m.back)
    group by l.household_id
)

select
    h.household_id,
    coalesce(e.education_cost, 0) as education_cost,
    coalesce(e.tertiary_students, 0) as tertiary_students,
    coalesce(v.rehabilitation_cost, 0) as rehabilitation_cost,
    coalesce(v.disaster_loss, 0) as disaster_loss
from households h
left join education e using (household_id)
left join verified v using (household_id)
