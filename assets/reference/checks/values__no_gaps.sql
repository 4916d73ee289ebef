-- Between two rows of one name, prefix and residence no day is without a value
with reached as (
    select
        *,
        max(coalesce(valid_to, date '9999-12-30')) over earlier as reached_to,
        arg_max(line, (coalesce(valid_to, date '9999-12-30'), line)) over earlier as reached_line
    from standing_values
    window earlier as (
        partition by file, name, area_prefix, residence order by valid_from, line
        rows between unbounded preceding and 1 preceding
    )
)

select
    path, line, 'valid_from',
    'leaves ' || name || ' without a value from ' || (reached_to + 1) || ' to ' || (valid_from - 1) || ', between line '
        || reached_line || ' and this one',
    'add a row for these days, or let line ' || reached_line || ' end on ' || (valid_from - 1)
from reached
where valid_from > reached_to + 1
