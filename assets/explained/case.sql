-- The case of a family that the night knew by no member list: by a grid worker's report alone, or no more
select case_id, household_no, main_reason
from cases
where (household_no = $number or case_id = $number) and starts_with(area12, $area)
order by case_id
