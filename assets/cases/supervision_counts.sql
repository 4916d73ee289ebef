-- Items of supervision by town and rule, this month so far; cells from 1 to 4 are hidden
-- found, closed and untrue: in this month; rectified, planned, overdue: as they stand tonight. Where just one cell of a
-- column is hidden, the next smallest is hidden too; no sum is told. Null is hidden.

with counted as (
    select
        file, area6, left(area12, 9) as town, rule,
        count(*) filter (date_trunc('month', opened_on) = this_month()) as found,
        count(*) filter (state = 'rectified') as rectified,
        count(*) filter (state = 'planned') as planned,
        count(*) filter (state = 'overdue') as overdue,
        count(*) filter (date_trunc('month', closed_on) = this_month() and handling is distinct from '3') as closed,
        count(*) filter (date_trunc('month', closed_on) = this_month() and handling is not distinct from '3') as untrue
    from supervision
    group by all
),

cells as (
    unpivot counted on found, rectified, planned, overdue, closed, untrue into name measure value items
),

compared as (
    select
        *,
        count(*) filter (is_small(items)) over (partition by file, area6, rule, measure) as small_cells,
        row_number() over (partition by file, area6, rule, measure, items >= 5 order by items, town) as turn
    from cells
)

select
    file, area6, town, rule, measure,
    case when not is_small(items) and not (small_cells = 1 and items >= 5 and turn = 1) then items end as items,
    items > 0 as is_any
from compared
