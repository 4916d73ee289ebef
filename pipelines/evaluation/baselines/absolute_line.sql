-- The absolute line of Xi'an: own medical cost of twelve months
-- 10,000 yuan for families on aid, 26,000 for all others (西安 2025, domain.md section 4). Fen in the lake.

select household_no
from household_profile
where household_no is not null and oop_year >= case when is_listed then 1000000 else 2600000 end
