-- Whom this system lists on a night: the cases that are handed out
-- score: the level, then how little is left of a year's income after own cost (left_share), as grids get their visits.

select c.household_no, c.level, c.rules, c.dimensions, c.level + 0.99 - 0.12 * (3 + least(greatest(coalesce(p.left_share, 1), -3), 5)) as score
from cases c
left join household_profile p using (household_id)
where c.state = 'handed_out' and c.household_no is not null
