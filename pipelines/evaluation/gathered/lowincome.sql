-- Whom this system lists on a night: the cases that are handed out
-- score: the level, then how little own cost leaves of the income (residual_share), as grids get their visits.

select c.household_no, c.level, c.rules, c.dimensions, c.level + 0.99 - 0.12 * (3 + least(greatest(coalesce(c.residual_share, 0), -3), 5)) as score
from cases c
where c.state = 'handed_out' and c.household_no is not null
