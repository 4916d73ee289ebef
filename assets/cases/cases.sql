-- Households at risk tonight, one case each
-- Level: the highest of its hits, raised by one (at most to 3) where two dimensions hit together (COMBO), and by one
-- where the family left aid or was refused within twelve months (EXIT-WATCH); at most to 2 where nobody knows who
-- belongs to it (provisional). Hits of held rules open no case.

with acted_on as (
    select h.*, r.place
    from hits h
    join households using (household_id)
    join rule_order r using (rule)
    left join held l on l.rule = h.rule and l.area6 = households.area6 and l.state in ('off', 'held')
    where h.level >= 1 and l.rule is null
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

levelled as (
    select
        g.*, h.household_no, h.area6, h.area12, h.grid_code, f.has_left_aid,
        least(case when h.is_provisional then 2 else 3 end,
            g.hit_level + (g.dimensions_hit >= 2)::integer + f.has_left_aid::integer) as level
    from gathered g
    join households h using (household_id)
    join household_profile f using (household_id)
)

select
    coalesce(p.case_id, case_number(pseudonym('case|' || g.household_id || '|' || getvariable('as_of')::date))) as case_id,
    g.household_id,
    g.household_no,
    g.area6,
    g.area12,
    g.grid_code,
    'open' as state,
    g.level,
    g.hit_level,
    g.dimensions_hit >= 2 as is_combo,
    g.has_left_aid as is_exit_watch,
    g.dimensions,
    g.rules,
    g.main_rule,
    g.main_reason,
    coalesce(p.opened_on, getvariable('as_of')::date) as opened_on,
    coalesce(p.nights_running, 0) + 1 as nights_running,
    case
        when p.case_id is null then 'new'
        when g.level > p.level then 'escalated'
        when g.level < p.level then 'eased'
        else 'continued'
    end as change
from levelled g
left join previous_cases p using (household_id)
