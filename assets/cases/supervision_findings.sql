-- Findings of tonight for those who supervise the aid, not for those who visit families
-- File A: families who seem to be left out (GAP rules; they stand on the risk list too). File B: aid that seems to be
-- overpaid (ADM rules; they stand here alone), also of households in which nobody is left, which no other table knows.
-- A and B never share a list. Rules that are held find nothing.

with ruled as (
    select
        h.household_id, h.household_no, f.area6, f.area12, h.rule, h.level, h.reason, h.evidence, h.value, h.threshold,
        case h.dimension when 'gap' then 'A' else 'B' end as file
    from hits h
    join households f using (household_id)
    where h.dimension in ('gap', 'supervision')
),

of_nobody as (
    select
        household_id, max(household_no) as household_no, max(area6) as area6, max(area12) as area12,
        sum(bit_count(months & ((1 << 12) - 1)))::bigint as aid_months_after_death
    from aid_after_death
    anti join households using (household_id)
    group by household_id
),

findings as (
    from ruled
    union all
    select
        household_id, household_no, area6, area12, 'ADM-DEATH', 2,
        '全家已无在世成员，死亡后仍在册享受救助，累计 ' || aid_months_after_death || ' 人月',
        to_json({aid_months_after_death: aid_months_after_death})::varchar, aid_months_after_death, 1, 'B'
    from of_nobody
    where aid_months_after_death > 0
)

select f.*
from findings f
anti join (from held where state in ('off', 'held')) l on l.rule = f.rule and starts_with(f.area12, l.area)
