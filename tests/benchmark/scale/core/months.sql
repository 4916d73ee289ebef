-- The months that are kept: one wide row a household, 24 months of income and of own cost; 1 is the last closed month
-- Income is null where the month is unknown. Made once; a night adds what is new.

with dated as (
    select household_id, amount, date_diff('month', month, date '2026-01-01') as back from income
),

monthly as (
    select
        household_id,
        bit_or(case when amount is null then 1 << back else 0 end) as unknown,
        sum(amount) filter (back = 1) as m1,
        sum(amount) filter (back = 2) as m2,
        sum(amount) filter (back = 3) as m3,
        sum(amount) filter (back = 4) as m4,
        sum(amount) filter (back = 5) as m5,
        sum(amount) filter (back = 6) as m6,
        sum(amount) filter (back = 7) as m7,
        sum(amount) filter (back = 8) as m8,
        sum(amount) filter (back = 9) as m9,
        sum(amount) filter (back = 10) as m10,
        sum(amount) filter (back = 11) as m11,
        sum(amount) filter (back = 12) as m12,
        sum(amount) filter (back = 13) as m13,
        sum(amount) filter (back = 14) as m14,
        sum(amount) filter (back = 15) as m15,
        sum(amount) filter (back = 16) as m16,
        sum(amount) filter (back = 17) as m17,
        sum(amount) filter (back = 18) as m18,
        sum(amount) filter (back = 19) as m19,
        sum(amount) filter (back = 20) as m20,
        sum(amount) filter (back = 21) as m21,
        sum(amount) filter (back = 22) as m22,
        sum(amount) filter (back = 23) as m23,
        sum(amount) filter (back = 24) as m24
    from dated
    group by household_id
),

settled as (
    select
        household_id,
        date_diff('month', settled_at, date '2026-01-01') as back,
        (total - fund_total - coalesce(hospital_borne, 0)) * case when is_refund then -1 else 1 end as oop
    from settlements
),

costs as (
    select
        household_id,
        sum(oop) filter (back = 1) as c1,
        sum(oop) filter (back = 2) as c2,
        sum(oop) filter (back = 3) as c3,
        sum(oop) filter (back = 4) as c4,
        sum(oop) filter (back = 5) as c5,
        sum(oop) filter (back = 6) as c6,
        sum(oop) filter (back = 7) as c7,
        sum(oop) filter (back = 8) as c8,
        sum(oop) filter (back = 9) as c9,
        sum(oop) filter (back = 10) as c10,
        sum(oop) filter (back = 11) as c11,
        sum(oop) filter (back = 12) as c12,
        sum(oop) filter (back = 13) as c13,
        sum(oop) filter (back = 14) as c14,
        sum(oop) filter (back = 15) as c15,
        sum(oop) filter (back = 16) as c16,
        sum(oop) filter (back = 17) as c17,
        sum(oop) filter (back = 18) as c18,
        sum(oop) filter (back = 19) as c19,
        sum(oop) filter (back = 20) as c20,
        sum(oop) filter (back = 21) as c21,
        sum(oop) filter (back = 22) as c22,
        sum(oop) filter (back = 23) as c23,
        sum(oop) filter (back = 24) as c24
    from settled
    group by household_id
)

select
    household_id,
    case when unknown & (1 << 1) = 0 then m1 end::bigint as income_1,
    case when unknown & (1 << 2) = 0 then m2 end::bigint as income_2,
    case when unknown & (1 << 3) = 0 then m3 end::bigint as income_3,
    case when unknown & (1 << 4) = 0 then m4 end::bigint as income_4,
    case when unknown & (1 << 5) = 0 then m5 end::bigint as income_5,
    case when unknown & (1 << 6) = 0 then m6 end::bigint as income_6,
    case when unknown & (1 << 7) = 0 then m7 end::bigint as income_7,
    case when unknown & (1 << 8) = 0 then m8 end::bigint as income_8,
    case when unknown & (1 << 9) = 0 then m9 end::bigint as income_9,
    case when unknown & (1 << 10) = 0 then m10 end::bigint as income_10,
    case when unknown & (1 << 11) = 0 then m11 end::bigint as income_11,
    case when unknown & (1 << 12) = 0 then m12 end::bigint as income_12,
    case when unknown & (1 << 13) = 0 then m13 end::bigint as income_13,
    case when unknown & (1 << 14) = 0 then m14 end::bigint as income_14,
    case when unknown & (1 << 15) = 0 then m15 end::bigint as income_15,
    case when unknown & (1 << 16) = 0 then m16 end::bigint as income_16,
    case when unknown & (1 << 17) = 0 then m17 end::bigint as income_17,
    case when unknown & (1 << 18) = 0 then m18 end::bigint as income_18,
    case when unknown & (1 << 19) = 0 then m19 end::bigint as income_19,
    case when unknown & (1 << 20) = 0 then m20 end::bigint as income_20,
    case when unknown & (1 << 21) = 0 then m21 end::bigint as income_21,
    case when unknown & (1 << 22) = 0 then m22 end::bigint as income_22,
    case when unknown & (1 << 23) = 0 then m23 end::bigint as income_23,
    case when unknown & (1 << 24) = 0 then m24 end::bigint as income_24,
    coalesce(c1, 0)::bigint as oop_1,
    coalesce(c2, 0)::bigint as oop_2,
    coalesce(c3, 0)::bigint as oop_3,
    coalesce(c4, 0)::bigint as oop_4,
    coalesce(c5, 0)::bigint as oop_5,
    coalesce(c6, 0)::bigint as oop_6,
    coalesce(c7, 0)::bigint as oop_7,
    coalesce(c8, 0)::bigint as oop_8,
    coalesce(c9, 0)::bigint as oop_9,
    coalesce(c10, 0)::bigint as oop_10,
    coalesce(c11, 0)::bigint as oop_11,
    coalesce(c12, 0)::bigint as oop_12,
    coalesce(c13, 0)::bigint as oop_13,
    coalesce(c14, 0)::bigint as oop_14,
    coalesce(c15, 0)::bigint as oop_15,
    coalesce(c16, 0)::bigint as oop_16,
    coalesce(c17, 0)::bigint as oop_17,
    coalesce(c18, 0)::bigint as oop_18,
    coalesce(c19, 0)::bigint as oop_19,
    coalesce(c20, 0)::bigint as oop_20,
    coalesce(c21, 0)::bigint as oop_21,
    coalesce(c22, 0)::bigint as oop_22,
    coalesce(c23, 0)::bigint as oop_23,
    coalesce(c24, 0)::bigint as oop_24
from households
left join monthly using (household_id)
left join costs using (household_id)
