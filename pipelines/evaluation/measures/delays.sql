-- Spells found within so many days of their start, of all spells; what was found before its start counts at day 0
select s.system, d.days, count(*) as spells, count(*) filter (s.delay_days <= d.days) as found
from spells s
cross join (select unnest([0, 15, 31, 46, 62, 92, 122, 153, 183]) as days) d
group by all
order by all
