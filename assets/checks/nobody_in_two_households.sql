-- Nobody stands in two member lists at once
-- doubled, warn
select count(distinct person_key) as persons, count(distinct household_id) as households
from (select person_key, unnest(household_ids) as household_id from doubled)
