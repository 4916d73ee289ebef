-- Counts of listed families by town, level and dimension; cells from 1 to 4 are hidden
-- Where just one cell of a column is hidden, the next smallest is hidden too; a town's sum is not told at all, because
-- it would give a hidden level away.

with counted as (
    select area6, left(area12, 9) as town, 'level' as measure, level::varchar as item, count(*) as families
    from cases
    where state = 'handed_out'
    group by all
    union all
    select area6, town, 'dimension', dimension, count(*)
    from (select area6, left(area12, 9) as town, unnest(dimensions) as dimension from cases where state = 'handed_out')
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
)

select
    h.area6,
    h.town,
    coalesce(a.name, h.town) as town_name,
    h.measure,
    h.item,
    case when h.is_hidden then '<5' else h.families::varchar end as families,
    h.is_hidden
from hidden h
left join areas a on a.code = h.town || '000'
