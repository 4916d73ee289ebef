-- Persons whom two households list in the last closed month, for civil affairs to settle
-- counted_in is the household that the person counts in, joined last; it is none while the person counts nowhere.

select
    person_key,
    list(household_id order by household_no, area6, household_id) as household_ids,
    list(household_no order by household_no, area6, household_id) as household_nos,
    max(household_id) filter (has_month(months, 1)) as counted_in
from household_members
where has_month(double_months, 1)
group by person_key
