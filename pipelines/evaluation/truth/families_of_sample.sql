-- The families of a sample county that something happened to: its truth names no others, nor their kinds
select distinct household_no, null::varchar as town, null::varchar as residence, null::varchar as kinds
from read_csv(getvariable('truth') || '/events.csv', header = true, all_varchar = true)
