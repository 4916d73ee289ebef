-- By when the listed families are to be visited
-- Together they are the list, so a small count is hidden with the smallest of the others. Null is hidden.

with due as (
    select
        area6,
        case
            when is_overdue then 1
            when deadline = getvariable('as_of')::date then 2
            when deadline <= getvariable('as_of')::date + 6 then 3
            when deadline is not null then 4
            else 5
        end as place
    from cases
    where state = 'handed_out'
),

counted as (
    select area6, place, count(*) as families
    from due
    group by all
),

compared as (
    select
        *,
        bool_or(is_small(families)) over (partition by area6) as has_small,
        row_number() over (partition by area6, is_small(families) order by families, place) as turn
    from counted
)

select
    area6,
    place,
    ['已逾期', '今日到期', '七日内到期', '七日后到期', '未定期限'][place] as says,
    ['overdue', 'due today', 'due within seven days', 'due later', 'no deadline'][place] as says_en,
    case when not is_small(families) and not (has_small and turn = 1) then families end as families
from compared
order by area6, place
