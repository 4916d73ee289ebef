-- Who stands on the books of this system on a night, the most pressing first: what it would visit had it other numbers of visits
-- Every case whose hits go on, in the order in which grids get them; yellow ones that wait for a second evaluation come last.

select c.household_no, visit_score(c.level, c.residual_share) - case when c.state = 'pending' then 10 else 0 end as score
from cases c
where c.state <> 'closed' and c.level >= 1 and c.household_no is not null
