-- The value of every standard and parameter for each town and residence, month by month
-- The longest matching area prefix wins, a row for the residence before one for any; the value of a month is the
-- one valid in its first day and known by the night; of several that are, the one valid from the latest day, then the
-- one known last (a correction). Rows given under a county's former code stand behind those under today's. Yuan become fen; a standard is an amount a year, whatever its unit.

with places as (
    select distinct area12, residence from households
),

valid as (
    select
        p.area12, p.residence, g.name, m.back, g.unit, g.value, g.valid_from, g.document,
        row_number() over (
            partition by p.area12, p.residence, g.name, m.back
            order by length(g.area_prefix) desc, g.residence = 'any', g.is_renamed, g.valid_from desc, g.known_at desc, g.document
        ) as place
    from places p
    join given_values g
        on starts_with(p.area12, g.area_prefix) and g.residence in ('any', p.residence) and g.known_at <= getvariable('as_of')::date
    join month_numbers m
        on month_at(m.back) >= g.valid_from and (g.valid_to is null or month_at(m.back) <= g.valid_to)
)

select
    area12, residence, name, back, unit,
    case unit
        when 'month' then (value * 1200)::bigint
        when 'year' then (value * 100)::bigint
        when 'yuan' then (value * 100)::bigint
        else value
    end::decimal(18, 4) as value,
    valid_from, document
from valid
where place = 1
