-- Spells of need that this system did not find, by cause, and whether some file shows them
select cause, is_seen, count(*) as spells, count(*) filter (is_found) as found, count(*) filter (not is_found) as missed
from spells
where system = 'lowincome'
group by all
order by missed desc, cause, is_seen
