-- The families of a simulated world
select * from read_csv(getvariable('truth') || '/families.csv', header = true, all_varchar = true)
