-- What tonight's list says otherwise than the last one, case by case, with the evidence that changed
-- new, escalated, eased, continued, re-opened; and of those that left the list: answered (visited), cleared (over), withdrawn
-- (the very months that had fired read differently since data were corrected). told names each rule that came, went or
-- moved, with its value before and now.

with moved as (
    select c.*, p.level as level_before, p.rules as rules_before
    from cases c
    left join previous_cases p using (household_id)
    where c.change is not null
),

firing as (
    select household_id, rule, value from hits
),

fired as (
    select household_id, rule, value from previous_hits
),

told as (
    select
        s.household_id,
        string_agg(
            s.rule || case
                when v.rule is null then ' 新增'
                when s.standing = 'withdrawn' then ' 撤销（数据更正）'
                when s.standing = 'cleared' then ' 解除'
                when s.standing = 'near' then ' 略低于阈值'
                when s.standing = 'held' then ' 数据暂缓'
                when s.standing = 'unknown' then ' 数据不足'
                when s.standing = 'missed' then ' 待确认'
                else '' end
            || case
                when f.value is not null and b.value is not null and abs(f.value - b.value) >= 0.00005
                    then '：' || shown(b.value, r.unit) || ' → ' || shown(f.value, r.unit)
                when f.value is not null and b.rule is null then '：' || shown(f.value, r.unit)
                else '' end,
            '；' order by r.place
        ) filter (
            v.rule is null or s.standing <> 'firing' or abs(f.value - b.value) >= 0.00005
        ) as told
    from standing_hits s
    join rule_order r using (rule)
    left join previous_standing v on v.household_id = s.household_id and v.rule = s.rule
    left join firing f on f.household_id = s.household_id and f.rule = s.rule and s.standing = 'firing'
    left join fired b on b.household_id = s.household_id and b.rule = s.rule
    group by s.household_id
)

select
    m.case_id, m.household_id, m.household_no, m.area6, m.area12, m.grid_code, m.change, m.level_before, m.level,
    list_filter(m.rules, lambda r: not list_contains(coalesce(m.rules_before, []), r)) as rules_gained,
    list_filter(coalesce(m.rules_before, []), lambda r: m.state = 'closed' or not list_contains(m.rules, r)) as rules_lost,
    case when m.change = 'answered' or coalesce(t.told, '') = '' then m.why else t.told end as told,
    m.main_reason
from moved m
left join told t using (household_id)
