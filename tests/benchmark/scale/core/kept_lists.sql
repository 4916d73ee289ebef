-- The core job from kept months, each household's in two lists

with figures as (
    select
        household_id,
        coalesce(list_sum(income[1:3]), 0)::bigint as income_now_sum,
        list_count(income[1:3])::bigint as income_now_months,
        (2 * list_median(income[4:15]))::bigint as income_before_doubled,
        coalesce(list_sum(income[1:12]), 0)::bigint as income_year_sum,
        list_count(income[1:12])::bigint as income_year_months,
        list_sum(oop[1:12])::bigint as oop_year
    from household_months
)

select
    *,
    has_fallen(income_now_sum, income_now_months, income_before_doubled) as has_fallen,
    is_burdened(income_year_sum, income_year_months, oop_year) as is_burdened
from figures
