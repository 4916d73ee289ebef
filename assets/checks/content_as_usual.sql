-- The newest delivery is filled like those before it: codes, bands of money and blanks
-- drift, warn, of each extract
with newest as (
    select extract, area6, area, column_name, header, measure, state, since_month, is_told from drift where is_newest
),

-- A sign a month, the oldest first: █ drifted, ▁ as usual, · not judged. A column's places are told as a number.
strips as (
    select
        n.extract, n.area, n.column_name, n.header, n.measure, n.since_month,
        string_agg(case d.state when 'drifted' then '█' when 'usual' then '▁' else '·' end, '' order by m.back desc) as strip
    from newest n
    cross join month_numbers m
    left join drift d on d.extract = n.extract and d.area = n.area and d.column_name = n.column_name
        and d.measure = n.measure and d.back = m.back
    where n.is_told
    group by all
),

charts as (
    select
        extract,
        '| 列 / column | 范围 / area | 自 / since | 月 / months |' || chr(10) || '|---|---|---|---|' || chr(10)
        || string_agg(
            printf('| %s %s (%s) | %s | %s | %s |', header, column_name, measure, area, strftime(since_month, '%Y-%m'), strip),
            chr(10) order by column_name, measure, area
        ) as chart
    from strips
    group by extract
)

select
    f.extract,
    count(*) filter (n.is_told) as drifted,
    nullif(count(distinct n.area) filter (n.is_told), 0) as areas,
    string_agg(distinct n.column_name, '、' order by n.column_name) filter (n.is_told) as columns,
    strftime(min(n.since_month) filter (n.is_told), '%Y-%m') as since,
    count(*) filter (n.state = 'too_short') as too_short,
    count(*) filter (n.state = 'too_few') as too_few,
    any_value(c.chart) as chart
from contract_facts f
left join newest n using (extract)
left join charts c using (extract)
group by f.extract
order by f.extract
