-- Supervision file A, month so far: items by town and rule; cells from 1 to 4 are hidden
-- Never in one file with the other.

select
    c.area6, c.town, coalesce(any_value(a.name), c.town) as town_name, strftime(this_month(), '%Y-%m') as month, c.rule,
    any_value(r.title) as title,
    coalesce(max(items) filter (measure = 'found')::varchar, '…') as found,
    coalesce(max(items) filter (measure = 'rectified')::varchar, '…') as rectified,
    coalesce(max(items) filter (measure = 'planned')::varchar, '…') as planned,
    coalesce(max(items) filter (measure = 'overdue')::varchar, '…') as overdue,
    coalesce(max(items) filter (measure = 'closed')::varchar, '…') as closed,
    coalesce(max(items) filter (measure = 'untrue')::varchar, '…') as untrue
from supervision_counts c
join rule_order r using (rule)
left join areas a on a.code = c.town || '000'
where c.file = 'A'
group by c.area6, c.town, c.rule
having bool_or(c.is_any)
