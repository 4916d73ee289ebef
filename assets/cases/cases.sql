-- Households at risk tonight, one case each
-- Level: the highest of its hits, raised by one (at most to 3) where two dimensions hit together (COMBO), and by one
-- where the family left aid or was refused within twelve months (EXIT-WATCH); at most to 2 where nobody knows who
-- belongs to it (provisional). Hits of held rules open no case, nor do those of supervision, which go to its own table.

with acted_on as (
    select h.*, r.place
    from hits h
    join households using (household_id)
    join rule_order r using (rule)
    left join held l on l.rule = h.rule and l.area6 = households.area6 and l.state in ('off', 'held')
    where h.level >= 1 and h.dimension <> 'supervision' and l.rule is null
),

gathered as (
    select
        household_id,
        max(level) as hit_level,
        count(distinct dimension) as dimensions_hit,
        list(distinct dimension order by dimension) as dimensions,
        list(rule order by level desc, place) as rules,
        arg_min(rule, (-level, place)) as main_rule,
        arg_min(reason, (-level, place)) as main_reason
    from acted_on
    group by household_id
),

-- A feed that is silent clears nothing: yesterday's case stands for as long as one of its rules is held.
kept as (
    select distinct p.household_id
    from previous_cases p
    join households h using (household_id)
    join held l on l.area6 = h.area6 and l.state = 'held' and list_contains(p.rules, l.rule)
),

levelled as (
    select
        g.*, f.has_left_aid,
        least(case when h.is_provisional then 2 else 3 end,
            g.hit_level + (g.dimensions_hit >= 2)::integer + f.has_left_aid::integer) as own_level
    from gathered g
    join households h using (household_id)
    join household_profile f using (household_id)
),

tonight as (
    select
        g.household_id,
        case when k.household_id is null then g.own_level else greatest(g.own_level, p.level) end as level,
        g.hit_level, g.dimensions_hit >= 2 as is_combo, g.has_left_aid as is_exit_watch, g.dimensions, g.rules,
        g.main_rule, g.main_reason
    from levelled g
    left join kept k using (household_id)
    left join previous_cases p using (household_id)

    union all by name

    select
        p.household_id, p.level, p.hit_level, p.is_combo, p.is_exit_watch, p.dimensions, p.rules, p.main_rule, p.main_reason
    from previous_cases p
    semi join kept using (household_id)
    anti join gathered using (household_id)
)

select
    coalesce(p.case_id, case_number(pseudonym('case|' || t.household_id || '|' || getvariable('as_of')::date))) as case_id,
    t.household_id,
    h.household_no,
    h.area6,
    h.area12,
    h.grid_code,
    'open' as state,
    t.level,
    t.hit_level,
    t.is_combo,
    t.is_exit_watch,
    t.dimensions,
    t.rules,
    t.main_rule,
    t.main_reason,
    coalesce(p.opened_on, getvariable('as_of')::date) as opened_on,
    coalesce(p.nights_running, 0) + 1 as nights_running,
    case
        when p.case_id is null then 'new'
        when t.level > p.level then 'escalated'
        when t.level < p.level then 'eased'
        else 'continued'
    end as change
from tonight t
join households h using (household_id)
left join previous_cases p using (household_id)
