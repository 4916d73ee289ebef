-- What disasters, fires and accidents did to the household within 92 days
-- Losses and reliefs of all rows add up; the worst damage to a dwelling and the worst harm to a member count.

select
    h.household_id,
    coalesce(sum(e.loss), 0)::bigint as event_loss,
    coalesce(bool_or(e.dwelling in ('2', '3')), false) as is_dwelling_damaged,
    coalesce(bool_or(e.dwelling = '3'), false) as is_dwelling_lost,
    count(*) filter (e.harm = '2') as event_deaths
from households h
left join emergency_events e
    on e.household_id = h.household_id
    and e.happened_on > getvariable('as_of')::date - 92 and e.happened_on <= getvariable('as_of')::date
group by h.household_id
