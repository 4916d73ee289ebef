-- Families at risk that are not on the list tonight, by what they wait for
-- Null is a count from 1 to 4.

with waiting as (
    select area6, state, count(*) as families
    from cases
    where state in ('pending', 'open', 'snoozed')
    group by all
)

select
    area6,
    case state when 'pending' then '待再次评估' when 'open' then '网格已满，排队待下发' else '核查未属实，暂不再派' end as says,
    case state
        when 'pending' then 'a second evaluation' when 'open' then 'room in their grid' else 'asleep after "not confirmed"'
    end as says_en,
    case when not is_small(families) then families end as families
from waiting
order by area6, state
