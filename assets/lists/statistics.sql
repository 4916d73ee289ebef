-- Counts of listed families by town, level and dimension; cells from 1 to 4 are hidden
-- Where just one cell of a column is hidden, the next smallest is hidden too, and where just one level of a town is
-- hidden, so is the town's sum: no total gives a hidden cell away.

with counted as (
    select area6, left(area12, 9) as town, 'level' as measure, level::varchar as item, count(*) as families
    from cases
    group by all
    union all
    select area6, town, 'dimension', dimension, count(*)
    from (select area6, left(area12, 9) as town, unnest(dimensions) as dimension from cases)
    group by all
    union all
    select area6, left(area12, 9), 'all', 'all', count(*)
    from cases
    group by all
),

ranked as (
    select
        *,
        families < 5 as is_small,
        count(*) filter (families < 5) over (partition by area6, measure, item) as small_cells,
        row_number() over (partition by area6, measure, item, families < 5 order by families, town) as place
    from counted
),

hidden as (
    select *, is_small or (small_cells = 1 and place = 1) as is_hidden
    from ranked
),

levels as (
    select area6, town, count(*) filter (is_hidden) as hidden_levels
    from hidden
    where measure = 'level'
    group by area6, town
),

told as (
    select h.* replace (h.is_hidden or (h.measure = 'all' and l.hidden_levels = 1) as is_hidden)
    from hidden h
    join levels l using (area6, town)
)

select
    t.area6,
    t.town,
    coalesce(a.name, t.town) as town_name,
    t.measure,
    t.item,
    case when t.is_hidden then '<5' else t.families::varchar end as families,
    t.is_hidden
from told t
left join areas a on a.code = t.town || '000'
