-- Cases of an area that were handed out, or closed, in a night: the beginnings and ends of their turns on the list
select
    case_id, household_id, getvariable('as_of')::date as night,
    case state when 'closed' then 'closed' else 'handed out' end as turn
from cases
where starts_with(area12, $area)
    and ((handed_out_on = getvariable('as_of')::date and state <> 'closed')
        or (state = 'closed' and closed_on = getvariable('as_of')::date))
