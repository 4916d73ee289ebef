-- Tonight's list against the last one: who is new, graver, better, gone or back, and by which evidence
-- What goes on unchanged is not told.

select
    coalesce(town.name, left(c.area12, 9)) as town_name,
    coalesce(village.name, c.area12) as village,
    c.grid_code, c.case_id, c.household_no,
    case c.change
        when 'new' then '新增' when 're-opened' then '再次预警' when 'escalated' then '加重' when 'eased' then '减轻'
        when 'answered' then '已核查' when 'withdrawn' then '数据更正撤销' else '解除' end as change_name,
    level_name(c.level_before) as level_before,
    case when c.change not in ('answered', 'withdrawn', 'cleared')
        then level_name(c.level) end as level_name,
    array_to_string(c.rules_gained, '、') as rules_gained,
    array_to_string(c.rules_lost, '、') as rules_lost,
    c.told,
    c.main_reason,
    c.change, c.area12, c.area6
from changes c
left join areas town on town.code = left(c.area12, 9) || '000'
left join areas village on village.code = c.area12
where c.change <> 'continued'
