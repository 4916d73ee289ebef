-- How many extracts have too short a history, or too few rows, to be held beside it
-- Of the whole county; an extract counts where none of its columns is judged.

with states as (
    select
        area6, extract,
        bool_or(state in ('usual', 'drifted')) as is_judged,
        bool_or(state = 'too_short') as is_short
    from drift
    where is_newest and area = area6
    group by all
)

select
    area6,
    count(*) filter (not is_judged and is_short) as too_short,
    count(*) filter (not is_judged and not is_short) as too_few
from states
group by area6
having too_short + too_few > 0
order by area6
