-- Each visit under each value: would the hits of the night of its list have raised the family?
-- was_asked, is_asked: by a rule in question, as it was and under the value; is_raised: by any rule. A family that the
-- hits of that night do not raise even as it was (its own lay within a tenth of the line, and still stood) is not judged.

select
    t.value, v.case_id, v.household_id, v.night, v.is_found,
    was.household_id is not null as is_judged,
    coalesce(was.is_asked, false) as was_asked,
    would.household_id is not null as is_raised,
    coalesce(would.is_asked, false) as is_asked,
    would.rules
from visits v
semi join replayed using (night)
cross join tried t
left join raised was on was.value is null and was.night = v.night and was.household_id = v.household_id
left join raised would
    on would.value is not distinct from t.value and would.night = v.night and would.household_id = v.household_id
