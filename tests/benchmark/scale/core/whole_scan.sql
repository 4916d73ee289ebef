-- One scan of the same columns over all 24 months, as kept months ask for them

select sum(household_id) as seen, sum(amount) as amounts, max(month) as last_day
from income

union all

select sum(household_id), sum(total) + sum(fund_total) + sum(hospital_borne) + count(*) filter (is_refund), max(settled_at)
from settlements

union all

select sum(household_id), 0, null
from households
