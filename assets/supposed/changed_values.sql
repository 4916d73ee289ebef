-- The dated rows with one supposition laid over them
-- In its area and for its residence the supposed value counts from $since on, whatever longer prefix a row has; what
-- counted before goes on until the day before. A row for both residences goes on for the one that is not meant.

with meant as (
    select *, name = $name and starts_with(area_prefix, $area)
        and ($residence = 'any' or residence in ('any', $residence)) as is_meant
    from given_values
)

select * exclude (is_meant) from meant where not is_meant

union all by name

select * exclude (is_meant) replace (least(coalesce(valid_to, $since::date - 1), $since::date - 1) as valid_to)
from meant
where is_meant and valid_from < $since::date

union all by name

select * exclude (is_meant) replace (case $residence when 'urban' then 'rural' else 'urban' end as residence)
from meant
where is_meant and $residence <> 'any' and residence = 'any'

union all by name

select
    $name as name, $area as area_prefix, $residence as residence, $value::decimal(18, 4) as value, $unit as unit,
    $since::date as valid_from, null::date as valid_to, getvariable('as_of')::date as known_at, '假设' as document,
    false as is_renamed
