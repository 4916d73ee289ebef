-- The floor: one scan of the columns and the months that the core job asks for, each column looked at once

select sum(household_id) as seen, sum(amount) as amounts
from income
where month >= date '2024-10-01'

union all

select sum(household_id), sum(total) + sum(fund_total) + sum(hospital_borne) + count(*) filter (is_refund)
from settlements
where settled_at >= date '2025-01-01'

union all

select sum(household_id), 0
from households
