-- Every standard and parameter that is known by the night has a row that is in force
select name, area_prefix, residence
from given_values
where known_at <= getvariable('as_of')::date and not is_renamed
group by all
having max(coalesce(valid_to, date '9999-12-31')) < getvariable('as_of')::date
