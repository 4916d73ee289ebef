-- The events of a sample county as spells that go on from the day of the event
select
    household_no, case hardship when 'yes' then 'need' else 'strain' end as kind, happened_on::date as from_day,
    date '9999-12-31' as to_day, event as cause, event <> 'wage_fall_hidden' as is_seen
from read_csv(getvariable('truth') || '/events.csv', header = true, all_varchar = true)
where hardship in ('yes', 'strain')
