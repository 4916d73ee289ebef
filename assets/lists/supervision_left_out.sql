-- Supervision file A: families who seem to be left out of the aid they could hold
-- One row a family and finding; never in one file with the other.

select
    s.area6, s.area12, s.household_no, s.rule, s.title, s.level, s.reason, s.value, s.threshold, s.basis,
    coalesce(town.name, left(s.area12, 9)) as town,
    s.household_id
from supervision s
left join areas town on town.code = left(s.area12, 9) || '000'
where s.file = 'A'
