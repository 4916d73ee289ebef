-- The working days of the month to come are known; else Monday to Friday count, and lists and run say so
select day
from calendar
where day > getvariable('as_of')::date and day <= getvariable('as_of')::date + 31 and not is_known
