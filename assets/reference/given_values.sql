-- All dated rows. A prefix whose area was renamed counts under today's code, behind the rows given under that itself
with placed as (
    select
        v.*,
        coalesce(area_prefix, '') as given_prefix,
        case when length(area_prefix) >= 6 then current_area(rpad(area_prefix, 12, '0')) end as now
    from standing_values v
)

select
    p.name,
    case when c.is_renamed then left(p.now, length(p.given_prefix)) else p.given_prefix end as area_prefix,
    p.residence, p.value, p.unit, p.valid_from, p.valid_to, p.known_at, p.document,
    coalesce(c.is_renamed, false) as is_renamed
from placed p
left join area_changes c on c.prefix = left(p.given_prefix, 6)
