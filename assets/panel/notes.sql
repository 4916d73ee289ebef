-- What must be said of this night besides its lists
-- One sentence a row, shown at the end of the run and in the manifest.

with unknown as (
    select count(*) as codes, sum(households) as households from unknown_areas
),

uncharted as (
    select string_agg(distinct year(day)::varchar, '、' order by year(day)::varchar) as years
    from calendar
    where day > getvariable('as_of')::date and day <= getvariable('as_of')::date + 31 and not is_known
)

select
    codes || ' 个区划代码（' || households || ' 户）不在区划表中，或已撤销而无后继，清单上按原代码列出'
        || ' / area codes that areas.csv does not know: lowincome sql "from unknown_areas"' as note
from unknown
where codes > 0

union all

select
    years || ' 年没有工作日历，期限暂按周一至周五计，请在 reference/calendar.csv 补上'
        || ' / no working-day calendar: Monday to Friday count' as note
from uncharted
where years is not null
