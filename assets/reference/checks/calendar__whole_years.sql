-- A year has each of its days once
with doubled as (
    select b.path, b.line, a.line as other
    from standing_calendar a
    join standing_calendar b on a.day = b.day and a.line < b.line
),

years as (
    select year(day) as year, count(distinct day) as days, arg_max(path, (origin = 'home', line)) as path,
        arg_max(line, (origin = 'home', line)) as line
    from standing_calendar
    group by all
)

select path, line, 'day', 'stands in line ' || other || ' already', 'keep one of the two rows'
from doubled

union all

select
    path, line, 'day', 'is of ' || year || ', of which the calendar has ' || days || ' days',
    'list every day of the year, or leave the year out: then Monday to Friday count, with a warning'
from years
where days <> date_diff('day', make_date(year, 1, 1), make_date(year + 1, 1, 1))
