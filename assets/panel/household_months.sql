-- A household's kept months side by side: income by source and reliability, out-of-pocket cost, earners
-- Lists have 24 places; place 1 is the last closed month. Income is null where a month is unknown (class D): an
-- earner's month without a word, a declared amount that ran out, or nobody of whom anything is said. Classes:
-- 1 = A paid or verified, 2 = B proxy (contribution base), 3 = C declared or seen at a home visit.

with fed as (
    select h.household_id, h.area6, f.first_month, f.extract
    from households h
    join feeds f using (area6)
),

contribution_kinds as (
    select
        household_id, person_key, months_back(pay_month) as back, insurance,
        sum(base) filter (is_paid) as base, bool_or(is_paid) as is_paid
    from employment_contributions
    where has_month(member_months, months_back(pay_month))
    group by all
),

contributions as (
    select household_id, person_key, back, coalesce(max(base), 0)::bigint as base, bool_or(is_paid) as is_paid
    from contribution_kinds
    group by all
),

pensions as (
    select
        household_id, person_key, months_back(pay_month) as back,
        sum(case when status = '1' then amount else 0 end)::bigint as pension
    from employment_pensions
    where has_month(member_months, months_back(pay_month))
    group by all
),

-- One kind of pension of a person: a month without its row is unknown, unless the pension has ended for good.
pension_runs as (
    select
        e.household_id, e.person_key, e.member_months,
        e.member_months & bit_or(month_bits(e.pay_month, e.pay_month)) as row_bits,
        case when min(e.pay_month) <= any_value(f.first_month) then null else min(e.pay_month) end as first_month,
        e.member_months & case when arg_max(e.status, e.pay_month) = '3'
            then month_bits(max(e.pay_month), null) else 0 end as ended_bits
    from employment_pensions e
    left join fed f on f.household_id = e.household_id and f.extract = 'employment_pensions'
    group by e.household_id, e.person_key, e.member_months, e.kind
),

registrations as (
    select
        household_id, person_key, benefit,
        member_months & month_bits(in_force_from, in_force_to) & month_bits(
            date_trunc('month', least(unemployed_on, registered_on))::date,
            (date_trunc('month', cancelled_on) - interval 1 month)::date
        ) as registered_bits,
        member_months & month_bits(in_force_from, in_force_to) & case
            when benefit_from is null then 0
            else month_bits(benefit_from, least(benefit_to, date_trunc('month', cancelled_on)::date)) end as benefit_bits
    from employment_unemployment
),

benefits as (
    select household_id, person_key, back, sum(benefit)::bigint as benefit
    from registrations
    join month_numbers on has_month(benefit_bits, back)
    where benefit is not null
    group by all
),

-- Declared and verified amounts. An open one ends at the next of the same person, household and item, and at the
-- latest after income_valid_months. What ran out is unknown until it is declared again; a closed amount also
-- until the household is declared anew without it, unless it was short (a lump, a season): that one says itself when
-- it ended.
declared as (
    select
        i.household_id, i.person_key, i.member_months, i.item, i.amount,
        case i.source when '2' then 3 when '3' then 2 when '1' then 1 else 0 end as trust,
        i.household_no = h.household_no as is_own,
        i.from_month,
        coalesce(i.to_month, least(
            (min(i.from_month) over later - interval 1 month)::date,
            (i.from_month + to_months(v.income_valid_months::integer - 1))::date
        )) as valid_to,
        i.to_month is null as is_open,
        i.to_month < (i.from_month + to_months(v.income_valid_months::integer - 1))::date as is_short,
        min(i.from_month) filter (
            i.to_month is null or i.to_month >= (i.from_month + to_months(v.income_valid_months::integer - 1))::date
        ) over later as next_lasting_month
    from civil_affairs_income i
    join households h using (household_id)
    join settings_of v using (household_id)
    where i.item in ('A', 'B', 'C', 'D', 'E', 'F')
    window later as (
        partition by i.household_id, i.person_key, i.item order by i.from_month
        range between interval 1 day following and unbounded following
    )
),

declarations as (
    select household_id, list(distinct from_month) as declared_months from declared group by household_id
),

lasting as (
    select
        d.*,
        d.member_months & month_bits(d.from_month, d.valid_to) as known_bits,
        d.member_months & month_bits(
            (d.valid_to + interval 1 month)::date,
            ((case when d.is_open then d.next_lasting_month
                when d.is_short then d.from_month
                else list_min(list_filter(n.declared_months, lambda m: m > d.valid_to)) end) - interval 1 month)::date
        ) as lapsed_bits
    from declared d
    join declarations n using (household_id)
),

item_bits as (
    select
        household_id, person_key, item,
        bit_or(known_bits) as known_bits,
        bit_or(case when trust = 3 then known_bits else 0 end) as verified_bits,
        bit_or(lapsed_bits) & ~bit_or(known_bits) as lapsed_bits
    from lasting
    group by all
),

-- What each source says of a person, month by month, as bits.
person_bits as (
    select
        household_id, person_key,
        coalesce(bit_or(contribution_bits), 0) as contribution_bits,
        coalesce(bit_or(pension_bits), 0) as pension_bits,
        coalesce(bit_or(registered_bits), 0) as registered_bits,
        coalesce(bit_or(known_bits) filter (item = 'A'), 0) as declared_wage_bits,
        coalesce(bit_or(verified_bits) filter (item = 'A'), 0) as verified_wage_bits,
        coalesce(bit_or(lapsed_bits) filter (item = 'A'), 0) as lapsed_wage_bits,
        coalesce(bit_or(lapsed_bits) filter (item not in ('A', 'F')), 0) as lapsed_bits,
        coalesce(bit_or(blank_bits), 0) as blank_bits,
        coalesce(bit_or(contribution_bits), 0) | coalesce(bit_or(pension_bits), 0) | coalesce(bit_or(registered_bits), 0)
            | coalesce(bit_or(benefit_bits), 0) | coalesce(bit_or(known_bits) filter (item <> 'F'), 0) as said_bits
    from (
        select household_id, person_key, bit_or(1::bigint << (back - 1)) as contribution_bits from contributions group by all
        union all by name
        select household_id, person_key, row_bits | ended_bits as pension_bits from pension_runs
        union all by name
        select household_id, person_key, registered_bits, benefit_bits,
            case when benefit is null then benefit_bits end as blank_bits
        from registrations
        union all by name
        select household_id, person_key, item, known_bits, verified_bits, lapsed_bits from item_bits
    )
    group by household_id, person_key
),

-- Since when a person stands in a feed: before that month no earner, unless the feed itself began with it.
wage_starts as (
    select e.household_id, e.person_key, e.member_months,
        case when min(e.pay_month) <= any_value(f.first_month) then null else min(e.pay_month) end as first_month
    from employment_contributions e
    left join fed f on f.household_id = e.household_id and f.extract = 'employment_contributions'
    group by all
),

unknown as (
    select household_id, bit_or(unknown_bits) as unknown_bits
    from (
        select w.household_id, w.member_months & month_bits(w.first_month, null)
            & ~coalesce(b.contribution_bits | b.pension_bits | b.registered_bits | b.declared_wage_bits, 0) as unknown_bits
        from wage_starts w
        left join person_bits b using (household_id, person_key)
        union all
        select household_id, member_months & month_bits(first_month, null) & ~row_bits & ~ended_bits from pension_runs
        union all
        select household_id, blank_bits | lapsed_bits | (lapsed_wage_bits & ~(contribution_bits | registered_bits))
        from person_bits
    )
    group by household_id
),

-- Amounts: per person, month and item one source counts, the most trusted, then the one declared in this very
-- household; what it says twice adds up. So a person has one wage a month, and wages count earners.
trusted as (
    select l.household_id, l.person_key, l.item, m.back, l.trust, l.is_own, sum(l.amount)::bigint as amount
    from lasting l
    join month_numbers m on has_month(l.known_bits, m.back)
    group by all
),

item_months as (
    select household_id, person_key, item, back, arg_max(amount, (trust, is_own)) as amount, max(trust) = 3 as is_verified
    from trusted
    group by all
),

parts as (
    select household_id, person_key, back, 'wage' as part, base as amount, 2 as class
    from contributions
    join person_bits b using (household_id, person_key)
    where not has_month(b.verified_wage_bits, back)

    union all by name
    select household_id, person_key, back, 'wage' as part, 0 as amount, 2 as class
    from person_bits
    join month_numbers on has_month(registered_bits & ~contribution_bits & ~verified_wage_bits, back)

    union all by name
    select i.household_id, i.person_key, i.back, 'wage' as part, i.amount, case when i.is_verified then 1 else 3 end as class
    from item_months i
    left join person_bits b using (household_id, person_key)
    where i.item = 'A' and (i.is_verified or not has_month(b.contribution_bits | b.registered_bits, i.back))

    union all by name
    select household_id, person_key, back, 'pension' as part, pension as amount, 1 as class from pensions

    union all by name
    select household_id, person_key, back, 'benefit' as part, benefit as amount, 1 as class from benefits

    union all by name
    select
        i.household_id, i.person_key, i.back, 'transfer' as part,
        greatest(i.amount - coalesce(p.pension, 0) - coalesce(b.benefit, 0), 0) as amount,
        case when i.is_verified then 1 else 3 end as class
    from item_months i
    left join pensions p using (household_id, person_key, back)
    left join benefits b using (household_id, person_key, back)
    where i.item = 'D'

    union all by name
    select
        household_id, person_key, back, 'other' as part,
        case when item = 'F' then -amount else amount end as amount,
        case when is_verified then 1 else 3 end as class
    from item_months
    where item in ('B', 'C', 'E', 'F')
),

aid_kinds as (
    select a.household_id, m.back, a.aid_type, max(a.amount) as amount
    from civil_affairs_assistance a
    join month_numbers m on has_month(
        a.member_months & month_bits(a.in_force_from, a.in_force_to) & month_bits(a.start_month, a.end_month), m.back)
    where coalesce(a.result, '1') in ('1', '4') or (a.result = '3' and a.end_month is not null)
    group by all
),

aid as (
    select household_id, back, coalesce(sum(amount), 0)::bigint as aid from aid_kinds group by all
),

settled as (
    select
        household_id, person_key, settlement_id, refunded_settlement_id, is_refund, member_months,
        months_back(settled_at) as back,
        case when is_refund then -(abs(total) - abs(fund_total) - abs(coalesce(hospital_borne, 0)))
            else total - fund_total - coalesce(hospital_borne, 0) end as oop
    from health_settlements
),

costs as (
    select
        s.household_id,
        case when s.is_refund then coalesce(o.back, s.back) else s.back end as back,
        s.oop
    from settled s
    left join settled o
        on s.is_refund and o.household_id = s.household_id and o.person_key = s.person_key
        and o.settlement_id = s.refunded_settlement_id and not o.is_refund
    where has_month(s.member_months, case when s.is_refund then coalesce(o.back, s.back) else s.back end)
),

stops as (
    select household_id, back, count(*) as stops
    from (
        select household_id, back from contributions where not is_paid
        union all
        select household_id, back from person_bits join month_numbers on has_month(registered_bits, back)
    )
    group by all
),

income_sums as (
    select
        household_id, back,
        sum(amount)::bigint as income,
        max(class) as class,
        coalesce(sum(amount) filter (part = 'wage'), 0)::bigint as wages,
        coalesce(sum(amount) filter (part in ('pension', 'benefit')), 0)::bigint as pensions,
        coalesce(sum(amount) filter (part = 'transfer'), 0)::bigint as transfers,
        count(*) filter (part = 'wage' and amount > 0) as earners,
        count(*) filter (part = 'wage' and amount > 0 and class = 2) as feed_earners
    from parts
    group by household_id, back
),

cost_sums as (
    select household_id, back, sum(oop)::bigint as oop from costs group by all
),

said as (
    select household_id, bit_or(said_bits) as said_bits from person_bits group by household_id
),

monthly as (
    select
        h.household_id, m.back,
        case when has_month(coalesce(s.said_bits, 0) & ~coalesce(u.unknown_bits, 0), m.back)
            then coalesce(i.income, 0) - least(coalesce(i.transfers, 0), coalesce(a.aid, 0)) end as income,
        case when has_month(coalesce(s.said_bits, 0) & ~coalesce(u.unknown_bits, 0), m.back)
            then coalesce(i.class, 1) end as income_class,
        coalesce(i.wages, 0) as wages,
        coalesce(i.pensions, 0) as pensions,
        coalesce(i.earners, 0) as earners,
        coalesce(i.feed_earners, 0) as feed_earners,
        coalesce(t.stops, 0) as stops,
        coalesce(c.oop, 0) as oop,
        coalesce(a.aid, 0) as aid
    from households h
    cross join month_numbers m
    left join said s using (household_id)
    left join unknown u using (household_id)
    left join income_sums i using (household_id, back)
    left join cost_sums c using (household_id, back)
    left join aid a using (household_id, back)
    left join stops t using (household_id, back)
),

side_by_side as (
    select
        household_id,
        list({
            income: income, income_class: income_class, wages: wages, pensions: pensions, earners: earners,
            feed_earners: feed_earners, stops: stops, oop: oop, aid: aid
        } order by back) as months
    from monthly
    group by household_id
)

select
    h.household_id,
    h.household_no,
    h.bucket,
    list_transform(s.months, lambda m: m.income) as income,
    list_transform(s.months, lambda m: m.income_class) as income_class,
    list_transform(s.months, lambda m: m.wages) as wages,
    list_transform(s.months, lambda m: m.pensions) as pensions,
    list_transform(s.months, lambda m: m.earners) as earners,
    list_transform(s.months, lambda m: m.feed_earners) as feed_earners,
    list_transform(s.months, lambda m: m.stops) as stops,
    list_transform(s.months, lambda m: m.oop) as oop,
    list_transform(s.months, lambda m: m.aid) as aid
from households h
join side_by_side s using (household_id)
