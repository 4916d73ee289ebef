-- The core job from kept months, each household's in columns: only those that are asked for are read

with figures as (
    select
        household_id,
        coalesce(income_1, 0) + coalesce(income_2, 0) + coalesce(income_3, 0) as income_now_sum,
        (3 - ((income_1 is null)::bigint + (income_2 is null)::bigint + (income_3 is null)::bigint)) as income_now_months,
        (2 * list_median([
            income_4, income_5, income_6, income_7, income_8, income_9,
            income_10, income_11, income_12, income_13, income_14, income_15
        ]))::bigint as income_before_doubled,
        coalesce(income_1, 0) + coalesce(income_2, 0) + coalesce(income_3, 0) + coalesce(income_4, 0)
            + coalesce(income_5, 0) + coalesce(income_6, 0) + coalesce(income_7, 0) + coalesce(income_8, 0)
            + coalesce(income_9, 0) + coalesce(income_10, 0) + coalesce(income_11, 0) + coalesce(income_12, 0) as income_year_sum,
        12 - (
            (income_1 is null)::bigint + (income_2 is null)::bigint + (income_3 is null)::bigint + (income_4 is null)::bigint
            + (income_5 is null)::bigint + (income_6 is null)::bigint + (income_7 is null)::bigint + (income_8 is null)::bigint
            + (income_9 is null)::bigint + (income_10 is null)::bigint + (income_11 is null)::bigint + (income_12 is null)::bigint
        ) as income_year_months,
        oop_1 + oop_2 + oop_3 + oop_4 + oop_5 + oop_6
            + oop_7 + oop_8 + oop_9 + oop_10 + oop_11 + oop_12 as oop_year
    from household_months
)

select
    *,
    has_fallen(income_now_sum, income_now_months, income_before_doubled) as has_fallen,
    is_burdened(income_year_sum, income_year_months, oop_year) as is_burdened
from figures
