-- Behind every reason: the rule, its numbers and threshold, and the files and lines that they come from
-- One row a case, rule and file; line numbers are those of the department's own file. What goes to supervision is not
-- told here: a list of need and a list of overpayment never share a file.

with origins as (
    select s.household_id, s.extract, s.delivery_no, list(distinct s.line_no order by s.line_no) as lines, min(s.day) as first_day, max(s.day) as last_day
    from sources s
    semi join (from cases where state = 'handed_out') using (household_id)
    group by s.household_id, s.extract, s.delivery_no
)

select
    c.case_id,
    c.household_no,
    t.rule,
    r.title,
    t.level,
    case t.standing
        when 'firing' then '' when 'near' then '（略低于阈值，继续观察）' when 'held' then '（数据暂缓，沿用此前结论）'
        when 'unknown' then '（本月数据不足，沿用此前结论）' else '（本月未命中，待下月确认）' end || t.reason as reason,
    coalesce(h.evidence, reported.evidence) as evidence,
    h.value,
    h.threshold,
    r.basis,
    strftime(date_trunc('month', o.first_day), '%Y-%m') as from_month,
    strftime(date_trunc('month', o.last_day), '%Y-%m') as to_month,
    o.extract,
    d.file,
    array_to_string(o.lines[1:50], ' ') || case when len(o.lines) > 50 then ' …' else '' end as lines,
    d.received_on,
    c.area12,
    c.area6
from cases c
join standing_hits t on t.household_id = c.household_id and t.standing not in ('cleared', 'withdrawn')
join rule_order r using (rule)
left join hits h on h.household_id = t.household_id and h.rule = t.rule and t.standing = 'firing'
left join lone_reports reported on reported.household_id = t.household_id and reported.rule = t.rule
left join rule_needs n on n.rule = t.rule
left join origins o on o.household_id = c.household_id and o.extract = n.extract
left join deliveries d using (delivery_no)
where c.state = 'handed_out' and (o.extract is not null or n.extract is null or not exists (
    select 1 from rule_needs other join origins x on x.extract = other.extract
    where other.rule = t.rule and x.household_id = c.household_id
))
