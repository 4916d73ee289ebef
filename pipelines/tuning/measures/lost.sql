-- The cases that staff confirmed and that a value would no longer have listed
select value, case_id, night from judged where is_judged and was_asked and is_found and not is_raised order by value, case_id, night
