-- Families stand under codes that areas.csv knows
-- unknown_areas, warn
select count(*) as codes, coalesce(sum(households), 0)::bigint as households
from unknown_areas
