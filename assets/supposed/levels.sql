-- The level that the hits of one night alone give a household, without the memory of its case
-- The highest of its hits that somebody may act on, raised and bounded as a case's is (case_level); whom nobody would visit
-- at that level (0) is left out. Two nights of one data stand side by side by this: as it was, and as it
-- would have been.

with told as (
    select h.household_id, h.household_no, h.rule, h.dimension, h.level, h.reason, k.area12, k.is_provisional
    from hits h
    join households k using (household_id)

    union all

    select household_id, household_no, rule, dimension, level, reason, area12, true from lone_reports
),

acted_on as (
    select t.*, r.place, r.is_bounded
    from told t
    join rule_order r using (rule)
    anti join (from held where state in ('off', 'held')) l on l.rule = t.rule and starts_with(t.area12, l.area)
    where t.level >= 1 and t.dimension <> 'supervision'
),

gathered as (
    select
        household_id,
        any_value(household_no) as household_no,
        any_value(area12) as area12,
        any_value(is_provisional) as is_provisional,
        max(level) as hit_level,
        count(distinct dimension) as dimensions_hit,
        max(level) filter (not is_bounded) as apart_level,
        count(distinct dimension) filter (not is_bounded) as apart_dimensions,
        list(distinct dimension order by dimension) as dimensions,
        list(rule order by level desc, place) as rules,
        arg_min(rule, (-level, place)) as main_rule,
        arg_min(reason, (-level, place)) as main_reason
    from acted_on
    group by household_id
)

select
    g.household_id, g.household_no, g.area12,
    case_level(
        g.hit_level, g.dimensions_hit, g.apart_level, g.apart_dimensions, f.residual_level,
        coalesce(f.has_left_aid, false), g.is_provisional) as level,
    g.rules, g.dimensions, g.main_rule, g.main_reason
from gathered g
left join household_profile f using (household_id)
where level >= 1
