-- The one line of Yangyuan: a person's own medical cost of the calendar year against disposable income per head
-- Half of it for families on aid or monitored, the whole for all others (阳原; 4,881 alerts, 105 families helped).

select household_no
from household_profile
where household_no is not null and 2 * person_oop_calendar >= case when is_monitored then 1 else 2 end * disposable
