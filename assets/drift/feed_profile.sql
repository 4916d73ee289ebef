-- What stands in the columns of each extract: how many rows of each code, band of money and blank, by month
-- As the files of each delivered month told it, by town and for the whole county (an area of six digits). code: the codes
-- of a coded column. band: amounts by powers of two of yuan, never an amount. blank: blank or told, of a column that may
-- be blank.

with area_counts as (
    select extract, area6, area, back, column_name, bin, sum(rows)::bigint as rows
    from (
        select extract, area6, unnest([town, area6]) as area, back, column_name, bin, rows from feed_counts
    )
    where area is not null
    group by all
),

of_columns as (
    select a.*, c.kind, c.is_required from area_counts a join contract_columns c using (extract, column_name)
),

measured as (
    select
        extract, area6, area, back, column_name, case kind when 'money' then 'band' else 'code' end as measure, bin, rows
    from of_columns
    where kind in ('code', 'yes_no', 'money') and bin is not null
    union all
    select
        extract, area6, area, back, column_name, 'blank' as measure, case when bin is null then 'blank' else 'told' end as bin,
        sum(rows)::bigint as rows
    from of_columns
    where not is_required
    group by all
)

select extract, area6, area, month_at(back) as month, back, column_name, measure, bin, rows
from measured
order by all
