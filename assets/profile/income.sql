-- Income now, before and over the year
-- income_now: mean of the known months of t-3 ... t-1; income_before: median of those of t-15 ... t-4;
-- income_year: twelve times the mean of those of t-12 ... t-1. Each is a sum over a number of months, and unknown
-- where too few months are known (parameters income_now_known, income_before_known, income_year_known).

with windows as (
    select
        m.household_id,
        f.income_lag,
        m.income[1 + f.income_lag : 3 + f.income_lag] as now,
        known(m.income[4 + f.income_lag : 15 + f.income_lag]) as before,
        m.income[1 + f.income_lag : 12 + f.income_lag] as year,
        m.income_class[1 + f.income_lag : 12 + f.income_lag] as classes,
        s.income_now_known as now_known,
        s.income_before_known as before_known,
        s.income_year_known as year_known
    from household_months m
    join profile_feeds f using (household_id)
    join settings_of s using (household_id)
)

select
    household_id,
    case when list_count(now) >= now_known then list_sum(now) end::bigint as income_now_sum,
    list_count(now) as income_now_months,
    case when len(before) >= before_known then middle_sum(before) end as income_before_sum,
    middle_months(before) as income_before_months,
    len(before) as income_before_known,
    case when list_count(year) >= year_known then 12 * list_sum(year) end::bigint as income_year_sum,
    list_count(year) as income_year_months,
    case when list_count(year) > 0 then substr('ABC', list_max(classes), 1) else 'D' end as income_class
from windows
