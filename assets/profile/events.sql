-- What disasters, fires and accidents did to the household within 92 days
-- Losses of all rows add up, relief or not; the worst damage to a dwelling counts. An event is of the household in which
-- the person counted when it struck.

select
    h.household_id,
    coalesce(sum(e.loss), 0)::bigint as event_loss,
    coalesce(bool_or(e.dwelling in ('2', '3')), false) as is_dwelling_damaged,
    coalesce(bool_or(e.dwelling = '3'), false) as is_dwelling_lost,
    count(*) filter (e.harm = '2') as event_deaths
from households h
left join emergency_events e
    on e.household_id = h.household_id and just_happened(e.happened_on) and counted_at(e.member_months, e.happened_on)
group by h.household_id
