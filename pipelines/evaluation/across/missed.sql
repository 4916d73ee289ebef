-- Spells by cause over all seeds
select cause, is_seen, sum(spells) as spells, sum(found) as found, sum(missed) as missed
from missed
group by all
order by missed desc, cause, is_seen
