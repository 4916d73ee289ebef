-- Supervision file A: families who seem to be left out of the aid they could hold
-- One row an item that is not closed; never in one file with the other.

select
    s.item_no, s.area6, s.area12, s.household_no, s.rule, s.title, s.level, s.reason, s.value, s.threshold, s.basis,
    coalesce(town.name, left(s.area12, 9)) as town,
    case s.state when 'found' then '待处理' when 'planned' then '计划整改' when 'overdue' then '计划逾期' else '已答复整改，待复核' end
        as state_name,
    s.why, s.opened_on, s.planned_until as planned_now, s.state,
    s.household_id
from supervision s
left join areas town on town.code = left(s.area12, 9) || '000'
where s.file = 'A' and s.state <> 'closed'
