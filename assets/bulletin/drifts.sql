-- What is no longer as it was: columns of extracts, the worst first, then rules; where and since when
-- months: the last eighteen that were judged, of a column alone. Nothing here counts anybody: an index, and shares that
-- stand for five rows or more.

with columns_now as (
    select * from drift where is_told and is_newest
),

months as (
    select
        n.extract, n.area, n.column_name, n.measure,
        list({'back': d.back, 'is_drifted': d.state = 'drifted'} order by d.back) as months
    from columns_now n
    join drift d using (extract, area, column_name, measure)
    where d.back <= 18 and d.state in ('drifted', 'usual')
    group by all
),

told as (
    select
        n.area6, n.area, n.header || '（' || c.title || '）' as what, n.since_month, n.says, m.months, n.psi,
        printf('%s %s %s', n.extract, n.column_name, n.measure) as place
    from columns_now n
    join contract_facts c using (extract)
    left join months m using (extract, area, column_name, measure)

    union all by name

    select area6, area, '规则 ' || rule || ' ' || title as what, since_month, says, rule as place
    from hit_drift
    where is_told
)

select
    t.area6, t.what, case when t.area = t.area6 then '全县' else coalesce(a.name, t.area) end as town_name,
    strftime(t.since_month, '%Y-%m') as since_month, split_part(t.says, '：', 1) as says, t.months
from told t
left join areas a on a.code = t.area || '000'
order by t.area6, t.psi desc nulls last, t.place, t.area
