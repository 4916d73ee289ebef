-- Every answer up to a night that says whether need was found: nobody met, declined and watched on say nothing
select a.case_id, a.household_id, a.visited_on, o.yields = 'found' as is_found
from answers a
join outcomes o using (outcome)
where a.is_known and o.yields is not null
