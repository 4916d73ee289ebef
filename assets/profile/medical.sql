-- What stayed with the family of its medical bills
-- oop_year: t-12 ... t-1; oop_quarter: t-3 ... t-1; oop_before: median month of t-15 ... t-4;
-- oop_earlier_quarter: median of the four quarters of t-15 ... t-4; person_oop_calendar: the largest sum of one
-- person in the calendar year up to t-1; stay_oop: the largest single settlement within 92 days of the night.

with sums as (
    select
        household_id,
        list_sum(oop[1:12])::bigint as oop_year,
        list_sum(oop[1:3])::bigint as oop_quarter,
        list_sort(oop[4:15]) as months_before,
        list_sort([list_sum(oop[4:6]), list_sum(oop[7:9]), list_sum(oop[10:12]), list_sum(oop[13:15])]) as quarters_before
    from household_months
),

settled as (
    select
        household_id, person_key, settlement_id, refunded_settlement_id, is_refund, settled_at, member_months,
        case when is_refund then -(abs(total) - abs(fund_total) - abs(coalesce(hospital_borne, 0)))
            else total - fund_total - coalesce(hospital_borne, 0) end as oop
    from health_settlements
),

netted as (
    select
        s.household_id, s.person_key,
        coalesce(o.settlement_id, s.settlement_id) as settlement_id,
        coalesce(o.settled_at, s.settled_at) as settled_at,
        s.oop
    from settled s
    left join settled o
        on s.is_refund and o.household_id = s.household_id and o.person_key = s.person_key
        and o.settlement_id = s.refunded_settlement_id and not o.is_refund
    where has_month(s.member_months, greatest(1, months_back(coalesce(o.settled_at, s.settled_at))))
),

calendar as (
    select household_id, person_key, sum(oop)::bigint as oop
    from netted
    where settled_at < this_month() and year(settled_at) = year(month_at(1))
    group by all
),

stays as (
    select household_id, settlement_id, sum(oop)::bigint as oop
    from netted
    where settled_at > getvariable('as_of')::date - 92 and settled_at <= getvariable('as_of')::date
    group by all
)

select
    s.household_id,
    s.oop_year,
    s.oop_quarter,
    s.months_before[6] + s.months_before[7] as oop_before_sum,
    2 as oop_before_months,
    (s.quarters_before[2] + s.quarters_before[3])::bigint as oop_earlier_quarter_sum,
    2 as oop_earlier_quarter_months,
    coalesce((select max(c.oop) from calendar c where c.household_id = s.household_id), 0) as person_oop_calendar,
    coalesce((select max(t.oop) from stays t where t.household_id = s.household_id), 0) as stay_oop
from sums s
