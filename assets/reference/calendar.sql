-- Every day of the known years, and of those around the night that no calendar knows, numbered by working day
with days as (
    select unnest(generate_series(
        least(min(day), make_date(year(getvariable('night')::date) - 1, 1, 1)),
        greatest(max(day), make_date(year(getvariable('night')::date) + 2, 12, 31)),
        interval 1 day
    ))::date as day
    from standing_calendar
),

told as (
    select d.day, coalesce(c.is_workday, isodow(d.day) <= 5) as is_workday, c.day is not null as is_known
    from days d
    left join standing_calendar c using (day)
)

select day, is_workday, is_known, count(*) filter (is_workday) over (order by day)::integer as workday_no
from told
