-- The families of a sample county that something happened to: its truth names no others
select distinct household_no from read_csv(getvariable('truth') || '/events.csv', header = true, all_varchar = true)
