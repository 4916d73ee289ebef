-- The core job from raw extracts, this month being 2026-01: fall of income and own medical cost of every household
-- A month of a household is unknown where one of its amounts is. income_now: t-3 ... t-1; income_before: twice the median
-- of the known months of t-15 ... t-4; income_year and oop_year: t-12 ... t-1. Fen. Months become columns, so what a
-- household needs has a fixed size; as doubles, exact for sums of fen up to 2^53, it is half as wide as hugeint's.

with dated as (
    select household_id, amount, date_diff('month', month, date '2026-01-01') as back
    from income
    where month >= date '2024-10-01'
),

monthly as (
    select
        household_id,
        bit_or(case when amount is null then 1 << back else 0 end) as unknown,
        sum(case when back = 1 then amount::double end) as m1,
        sum(case when back = 2 then amount::double end) as m2,
        sum(case when back = 3 then amount::double end) as m3,
        sum(case when back = 4 then amount::double end) as m4,
        sum(case when back = 5 then amount::double end) as m5,
        sum(case when back = 6 then amount::double end) as m6,
        sum(case when back = 7 then amount::double end) as m7,
        sum(case when back = 8 then amount::double end) as m8,
        sum(case when back = 9 then amount::double end) as m9,
        sum(case when back = 10 then amount::double end) as m10,
        sum(case when back = 11 then amount::double end) as m11,
        sum(case when back = 12 then amount::double end) as m12,
        sum(case when back = 13 then amount::double end) as m13,
        sum(case when back = 14 then amount::double end) as m14,
        sum(case when back = 15 then amount::double end) as m15
    from dated
    group by household_id
),

costs as (
    select
        household_id,
        sum((total - fund_total - coalesce(hospital_borne, 0)) * case when is_refund then -1 else 1 end)::bigint as oop_year
    from settlements
    where settled_at >= date '2025-01-01'
    group by household_id
),

side_by_side as (
    select
        household_id,
        [
            case when unknown & (1 << 1) = 0 then m1 end,
            case when unknown & (1 << 2) = 0 then m2 end,
            case when unknown & (1 << 3) = 0 then m3 end,
            case when unknown & (1 << 4) = 0 then m4 end,
            case when unknown & (1 << 5) = 0 then m5 end,
            case when unknown & (1 << 6) = 0 then m6 end,
            case when unknown & (1 << 7) = 0 then m7 end,
            case when unknown & (1 << 8) = 0 then m8 end,
            case when unknown & (1 << 9) = 0 then m9 end,
            case when unknown & (1 << 10) = 0 then m10 end,
            case when unknown & (1 << 11) = 0 then m11 end,
            case when unknown & (1 << 12) = 0 then m12 end,
            case when unknown & (1 << 13) = 0 then m13 end,
            case when unknown & (1 << 14) = 0 then m14 end,
            case when unknown & (1 << 15) = 0 then m15 end
        ] as income
    from monthly
),

figures as (
    select
        household_id,
        coalesce(list_sum(income[1:3]), 0)::bigint as income_now_sum,
        coalesce(list_count(income[1:3]), 0)::bigint as income_now_months,
        (2 * list_median(income[4:15]))::bigint as income_before_doubled,
        coalesce(list_sum(income[1:12]), 0)::bigint as income_year_sum,
        coalesce(list_count(income[1:12]), 0)::bigint as income_year_months,
        coalesce(oop_year, 0) as oop_year
    from households
    left join side_by_side using (household_id)
    left join costs using (household_id)
)

select
    *,
    has_fallen(income_now_sum, income_now_months, income_before_doubled) as has_fallen,
    is_burdened(income_year_sum, income_year_months, oop_year) as is_burdened
from figures
