-- Counts of listed families by town, level and dimension; cells from 1 to 4 are hidden
-- Where just one cell of a column is hidden, the next smallest is hidden too, so that no total gives it away.

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
)

select
    r.area6,
    r.town,
    coalesce(a.name, r.town) as town_name,
    r.measure,
    r.item,
    case when is_small or (small_cells = 1 and place = 1) then null else families end as families,
    is_small or (small_cells = 1 and place = 1) as is_hidden
from ranked r
left join areas a on a.code = r.town || '000'
