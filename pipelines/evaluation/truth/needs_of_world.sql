-- Spells of need and strain of a simulated world; is_seen: some file shows the shock behind it, or there is none
with shocks as (
    select household_no, happened_on, bool_or(coalesce(seen_by, '') <> '') as is_seen
    from read_csv(getvariable('truth') || '/shocks.csv', header = true, all_varchar = true)
    group by all
)

select
    n.household_no, n.kind, n.from_day::date as from_day, coalesce(nullif(n.to_day, '')::date, date '9999-12-31') as to_day,
    n.cause, coalesce(s.is_seen, true) as is_seen
from read_csv(getvariable('truth') || '/need.csv', header = true, all_varchar = true) n
left join shocks s on s.household_no = n.household_no and s.happened_on = n.shock_on
