-- Every answer of staff up to a night; 14 met nobody

select c.household_no, a.visited_on, a.outcome <> '14' as is_met from answers a join cases c using (case_id)
