-- Every area code as of the night: of a code that has stood for several places, the one in use or the last before it
select code, name, parent, level, valid_from, valid_to, successor
from standing_areas
qualify row_number() over (
    partition by code
    order by coalesce(valid_from, date '0001-01-01') > getvariable('night')::date, valid_from desc nulls last
) = 1
