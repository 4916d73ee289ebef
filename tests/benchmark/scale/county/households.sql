-- The households of the county, those of whom no other extract says anything among them

select distinct
    household_id,
    'H' || household_id as household_no,
    '990402' || (household_id % 20) as town,
    household_id % 3 = 0 as is_urban
from people
