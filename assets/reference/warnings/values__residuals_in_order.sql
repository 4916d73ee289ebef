-- residual_red is at most residual_orange, and that at most residual_yellow, wherever one of them is given
with in_force as (
    select name, area_prefix, residence, arg_max(value, (valid_from, known_at)) as value
    from given_values
    where name in ('residual_red', 'residual_orange', 'residual_yellow') and known_at <= getvariable('as_of')::date
        and getvariable('as_of')::date between valid_from and coalesce(valid_to, date '9999-12-31')
    group by all
),

-- A place has what is given for the longest prefix of its own, for its own residence before any.
counting as (
    select
        p.area_prefix, p.residence, f.name,
        arg_max(f.value, (length(f.area_prefix), f.residence <> 'any')) as value
    from (select distinct area_prefix, residence from in_force) p
    join in_force f on starts_with(p.area_prefix, f.area_prefix) and f.residence in (p.residence, 'any')
    group by all
)

select area_prefix, residence
from (pivot counting on name in ('residual_red', 'residual_orange', 'residual_yellow') using any_value(value))
where residual_red > residual_orange or residual_orange > residual_yellow
