-- Families that stand on no list tonight, and why: held, pending, queued, snoozed, noted
-- Nothing is suppressed silently. held: a hit that nobody may act on, because a feed is late, short or unlike its history.
-- noted: level 0, own cost leaves enough of the income.

with waiting_cases as (
    select
        c.household_id, c.household_no, c.case_id, c.area6, c.area12, c.grid_code, c.level, c.main_reason, c.rules,
        case when c.state <> 'snoozed' and c.level = 0 then 'noted' when c.state = 'pending' then 'pending'
            when c.state = 'open' then 'queued' else 'snoozed' end as waits,
        case c.state
            when 'pending' then c.why
            when 'open' then '所属网格本周入户名额已满，红色在先，其余按扣除自付后所剩多少排队'
            else c.why || '，休眠至 ' || c.snoozed_until::varchar end as why,
        c.state_since as since
    from cases c
    where c.state in ('pending', 'open', 'snoozed')
),

found as (
    select h.household_id, h.household_no, k.area6, k.area12, k.grid_code, h.level, h.reason, h.rule, h.dimension
    from hits h
    join households k using (household_id)
    union all
    select household_id, household_no, area6, area12, grid_code, level, reason, rule, dimension from lone_reports
),

held_hits as (
    select
        h.household_id, h.household_no, h.area6, h.area12, h.grid_code, h.level, h.reason, h.rule,
        l.reason as why, l.since_month
    from found h
    join held l on l.rule = h.rule and l.state = 'held' and starts_with(h.area12, l.area)
    anti join (from cases where state not in ('closed', 'verified') and (level > 0 or state = 'snoozed')) c on c.household_id = h.household_id
    where h.level >= 1 and h.dimension <> 'supervision'
),

held_families as (
    select
        household_id, household_no, null::varchar as case_id, area6, area12, grid_code, max(level) as level,
        arg_min(reason, (-level, rule)) as main_reason, list(distinct rule order by rule) as rules, 'held' as waits,
        '数据暂缓：' || string_agg(distinct why, '；' order by why) as why, min(since_month) as since
    from held_hits
    group by household_id, household_no, area6, area12, grid_code
),

told as (
    from waiting_cases
    union all by name
    from held_families
)

select
    t.area6, t.area12, left(t.area12, 9) as town,
    coalesce(town.name, left(t.area12, 9)) as town_name,
    coalesce(village.name, t.area12) as village,
    t.grid_code, t.household_no, t.case_id,
    case t.waits when 'pending' then '待确认' when 'queued' then '排队' when 'snoozed' then '休眠' when 'noted' then '仅记录' else '暂缓' end as state_name,
    level_name(t.level) as level_name,
    t.main_reason,
    array_to_string(t.rules, '、') as rules,
    t.why, t.since, t.waits, t.level, t.household_id
from told t
left join areas town on town.code = left(t.area12, 9) || '000'
left join areas village on village.code = t.area12
