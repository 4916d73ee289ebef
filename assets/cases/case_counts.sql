-- How many families were listed, handed out and answered, night by night: the memory of the bulletin
-- One row a county and night, of the last thirty nights that this one leans on. Nothing is hidden here: the page hides.

with counties as (
    select distinct area6 from households
),

listed as (
    select
        area6,
        count(*) filter (state = 'handed_out') as listed,
        count(*) filter (handed_out_on = getvariable('as_of')::date) as handed_out
    from cases
    group by area6
),

answered as (
    select left(area12, 6) as area6, count(distinct household_id) as answered
    from answers
    where received_on = getvariable('as_of')::date and is_known
    group by all
)

select
    c.area6, getvariable('as_of')::date as night, coalesce(l.listed, 0) as listed, coalesce(l.handed_out, 0) as handed_out,
    coalesce(a.answered, 0) as answered
from counties c
left join listed l using (area6)
left join answered a using (area6)

union all by name

(
    from previous_case_counts
    where night < getvariable('as_of')::date
    qualify row_number() over (partition by area6 order by night desc) < nights_kept()
)
