-- Whom this system lists on a night: the cases that are handed out

select c.household_no, c.level, c.rules, c.dimensions, visit_score(c.level, c.residual_share) as score
from cases c
where c.state = 'handed_out' and c.household_no is not null
