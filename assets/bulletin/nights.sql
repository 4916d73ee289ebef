-- Thirty nights: families on the list, newly handed out, and answered
-- Null is a count from 1 to 4.

select
    area6,
    night,
    case when not is_small(listed) then listed end as listed,
    case when not is_small(handed_out) then handed_out end as handed_out,
    case when not is_small(answered) then answered end as answered
from case_counts
order by area6, night
