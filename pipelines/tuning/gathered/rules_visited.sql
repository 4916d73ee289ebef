-- Rules with enough visits that say something, by how many of them were in vain
with told as (
    select unnest(a.rules) as rule, o.yields = 'found' as is_found
    from answers a
    join outcomes o using (outcome)
    where starts_with(a.area12, $area) and a.is_known and o.yields is not null and a.visited_on >= $since
)

select rule
from told
group by rule
having count(*) >= $least
order by count(*) filter (not is_found) desc, rule
