-- Families on the list whose visit is overdue: the county hears of them
-- late_days counts working days past the deadline.

select
    c.area6, c.area12,
    coalesce(town.name, left(c.area12, 9)) as town_name,
    coalesce(village.name, c.area12) as village,
    c.grid_code, c.case_id, c.household_no, c.level,
    level_name(c.level) as level_name,
    c.main_reason, c.handed_out_on, c.deadline,
    greatest(today.workday_no - due.workday_no, 1) as late_days,
    o.label as last_outcome, c.visited_on
from cases c
join calendar due on due.day = c.deadline
join calendar today on today.day = getvariable('as_of')::date
left join outcomes o on o.outcome = c.outcome
left join areas town on town.code = left(c.area12, 9) || '000'
left join areas village on village.code = c.area12
where c.is_overdue
