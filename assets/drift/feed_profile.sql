-- What stands in the columns of each extract: how many rows of each code, band of money and blank, by month
-- As the files of each delivered month told it, by town and for the whole county (an area of six digits). code: the codes
-- of a coded column. band: amounts by powers of two of yuan, never an amount. blank: blank or told, of a column that may
-- be blank.

with binned as (
    select extract, area6, town, back, column_name, measure, unnest(map_entries(bins)) as bin
    from feed_counts
),

town_counts as (
    select extract, area6, town as area, back, column_name, measure, bin.key as bin, sum(bin.value)::bigint as rows
    from binned
    where town is not null
    group by all
),

county_counts as (
    select extract, area6, area6 as area, back, column_name, measure, bin.key as bin, sum(bin.value)::bigint as rows
    from binned
    group by all
)

select extract, area6, area, month_at(back) as month, back, column_name, measure, bin, rows
from (from town_counts union all by name from county_counts)
order by all
