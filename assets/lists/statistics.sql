-- Counts of listed families by town, level and dimension; cells from 1 to 4 are hidden, and none comes out of a sum
-- Towns add up to the county and levels to the whole, so a small cell never is hidden alone: in its place at least one
-- more level of it is, with the levels that are 0, and at least one more place hides the same levels, so that a family
-- could be moved around the four cells without any shown number noticing. A place of 1 to 4 families hides everything, and
-- so does the next smallest one: a family could be moved from one to the other. Families may have several dimensions,
-- which are at most as many as the families and together at least as many: a small cell is hidden with another one of
-- its column that could give it a family, or with the county's. One sign stands for all that is hidden, 0 included.

with listed as (
    select area6, left(area12, 9) as town, level, dimensions
    from cases
    where state = 'handed_out'
),

places as (
    select
        area6, coalesce(town, area6) as town, count(*) as families,
        [count(*) filter (level = 1), count(*) filter (level = 2), count(*) filter (level = 3)] as levels,
        sum(len(dimensions))::bigint - count(*) as spare
    from listed
    group by grouping sets ((area6, town), (area6))
),

-- What each place hides for its own sake, as bits: 1, 2 and 4 the levels, 8 the whole.
small as (
    select
        *,
        list_sum([case when levels[i] between 1 and 4 then 1 << (i - 1) else 0 end for i in [1, 2, 3]])::integer as few,
        list_sum([case when levels[i] = 0 then 1 << (i - 1) else 0 end for i in [1, 2, 3]])::integer as none,
        list_min([[levels[i], 1 << (i - 1)] for i in [1, 2, 3] if levels[i] >= 5])[2]::integer as next
    from places
),

alone as (
    select
        area6, town, families, levels, spare,
        case
            when families < 5 then 15
            when few = 0 then 0
            when bit_count(few) = 1 then few | none | next
            else few | none
        end as hides
    from small
),

-- A place that is hidden whole, and all of whose like are, needs another one.
whole as (
    select
        * exclude (hides, turn),
        case when hides < 15 and hidden_whole > 0 and (hidden_whole = 1 or hidden_whole = hidden_families) and turn = 1
            then 15 else hides end as hides
    from (
        select
            *,
            count(*) filter (hides = 15) over (partition by area6) as hidden_whole,
            sum(families) filter (hides = 15) over (partition by area6) as hidden_families,
            row_number() over (partition by area6, hides = 15 order by families, length(town) desc, town) as turn
        from alone
    )
),

-- The same for levels. Places that nobody else is like hide what all of them hide together; a last one gets the smallest
-- place that hides nothing as its like; where there is none, all hide their levels. Where all towns are hidden whole, the
-- county needs no like.
like_ones as (
    select
        *,
        hides not in (0, 15) and count(*) over (partition by area6, hides) = 1 as is_single,
        count(*) filter (hides < 15) over (partition by area6) as not_whole
    from whole
),

singles as (
    select
        *,
        count(*) filter (is_single) over (partition by area6) as singles,
        bit_or(hides) filter (is_single) over (partition by area6) as pattern
    from like_ones
),

sought as (
    select
        *,
        hides = 0 and list_sum([levels[i] for i in [1, 2, 3] if (pattern >> (i - 1)) & 1 = 1]) > 0 as is_free
    from singles
),

offered as (
    select
        *,
        count(*) filter (is_free) over (partition by area6) as free,
        row_number() over (partition by area6, is_free order by families, length(town) desc, town) as turn
    from sought
),

settled as (
    select
        area6, town, families, levels, spare,
        case
            when hides = 15 then 15
            when singles > 1 and is_single then pattern
            when singles = 1 and is_free and turn = 1 then pattern
            when singles = 1 and free = 0 and not_whole > 1 then 7
            else hides
        end as hides
    from offered
),

counted as (
    select area6, coalesce(town, area6) as town, dimension as item, count(*) as families
    from (select area6, town, unnest(dimensions) as dimension from listed)
    group by grouping sets ((area6, town, dimension), (area6, dimension))
),

dimension_cells as (
    select
        s.area6, s.town, s.spare, s.hides = 15 as is_whole, d.item, coalesce(c.families, 0) as families,
        s.hides = 15 or coalesce(c.families, 0) between 1 and 4 as is_hidden
    from settled s
    join (select distinct area6, item from counted) d using (area6)
    left join counted c using (area6, town, item)
),

columns_seen as (
    select
        *,
        count(*) filter (is_hidden and not is_whole) over (partition by area6, item) as small_cells,
        count(*) filter (is_hidden) over (partition by area6, item) as hidden_cells,
        coalesce(bool_or(town = area6 or spare > 0) filter (is_hidden and families > 0) over (partition by area6, item), false) as is_movable,
        row_number() over (
            partition by area6, item, is_hidden
            order by (town = area6 or spare = 0 or families = 0)::integer, (town <> area6)::integer, families, town
        ) as turn
    from dimension_cells
),

cells as (
    select area6, town, 'all' as measure, 'all' as item, families, hides = 15 as is_hidden from settled
    union all
    select area6, town, 'level', i::varchar, levels[i], (hides >> (i - 1)) & 1 = 1
    from settled
    cross join (select unnest([1, 2, 3]) as i)
    union all
    select
        area6, town, 'dimension', item, families,
        is_hidden or (turn = 1 and small_cells > 0 and (hidden_cells = 1 or not is_movable))
    from columns_seen
)

select
    c.area6,
    c.town,
    case when c.town = c.area6 then '全县' else coalesce(a.name, c.town) end as town_name,
    c.measure,
    c.item,
    case when c.is_hidden then '…' else c.families::varchar end as families,
    c.is_hidden
from cells c
left join areas a on a.code = c.town || '000'
