-- Every household that some rule hits tonight, without the life of a case
-- Levels 1 and above, as the same rules give them; supervision is no need. Shows what the life and the bound of a case save.
-- score: the highest level, then how many rules hit together.

select household_no, max(level) + least(count(*), 9) / 10 as score
from hits
where level >= 1 and dimension <> 'supervision' and household_no is not null
group by household_no
