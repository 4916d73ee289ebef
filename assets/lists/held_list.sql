-- The rules that are held, off, warned of or let through tonight, by town or for the whole county, and why
-- The head of the risk list: what it cannot say tonight. An area of six digits is the whole county.

select
    h.area6,
    h.area as town,
    case when length(h.area) = 6 then '全县' else coalesce(a.name, h.area) end as town_name,
    h.rule,
    r.title,
    case h.state when 'held' then '暂缓' when 'off' then '停用' when 'warned' then '待核' else '已放行' end as state_name,
    case h.gate when 'absent' then '从未报送' when 'delivery' then '未报送' when 'coverage' then '完整性'
        when 'ratio' then '金额' else '命中率' end as gate_name,
    h.extracts,
    strftime(h.since_month, '%Y-%m') as since_month,
    h.reason,
    h.released_by,
    h.state,
    h.gate
from held h
join rule_order r using (rule)
left join areas a on a.code = h.area || '000'
