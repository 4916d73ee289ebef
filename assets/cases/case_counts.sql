-- How many families were listed, handed out and answered, night by night: the memory of the bulletin
-- One row a county and night, of the last thirty nights that this one leans on. Nothing is hidden here: the page hides.

with tonight as (
    select
        area6,
        getvariable('as_of')::date as night,
        count(*) filter (state = 'handed_out') as listed,
        count(*) filter (state = 'handed_out' and handed_out_on = getvariable('as_of')::date) as handed_out,
        count(*) filter (change = 'answered') as answered
    from cases
    group by area6
)

from tonight
union all by name
(
    from previous_case_counts
    where night < getvariable('as_of')::date
    qualify row_number() over (partition by area6 order by night desc) < nights_kept()
)
