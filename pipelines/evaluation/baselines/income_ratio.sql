-- The one line of Yangyuan: a person's own medical cost of the calendar year against disposable income per head
-- Half of it for families on aid or monitored, the whole for all others (阳原; 4,881 alerts, 105 families helped).
-- score: the cost in lines.

with lined as (
    select household_no, person_oop_calendar / (case when is_monitored then 0.5 else 1 end * disposable) as score
    from household_profile
    where household_no is not null and disposable > 0
)

from lined where score >= 1
