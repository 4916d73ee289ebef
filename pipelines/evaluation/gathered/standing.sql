-- Who stands on the books of this system on a night, gravest first: what it would visit had it other numbers of visits
-- Every case whose hits go on, in the order in which grids get them; yellow ones that wait for a second evaluation come last.

select household_no, level + least(len(rules), 9) / 10 - case when state = 'pending' then 10 else 0 end as score
from cases
where state <> 'closed' and household_no is not null
