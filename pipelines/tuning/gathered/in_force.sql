-- What each parameter is in an area by the rows that stand: the longest prefix, in the last closed month of a night
select name, value, unit
from given_values
where starts_with($area, area_prefix) and residence = 'any' and known_at <= getvariable('as_of')::date
    and valid_from <= month_at(1) and coalesce(valid_to, month_at(1)) >= month_at(1)
qualify row_number() over (
    partition by name
    order by length(area_prefix) desc, is_renamed, valid_from desc, known_at desc, document
) = 1
