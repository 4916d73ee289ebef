-- The standards and parameters that counted for a place in the last closed month
select name, unit, value
from settings
where area12 = $area12 and residence = $residence and back = 1
order by name
