-- Findings for those who supervise the aid, not for those who visit families
-- File A: families who seem to be left out (GAP rules; they stand on the risk list too). File B: aid that seems to be
-- overpaid (ADM rules; they stand here alone). A and B never share a list. Rules that are held find nothing.

select
    h.household_id, h.household_no, f.area6, f.area12, h.rule, r.title, h.level, h.reason, h.evidence, h.value, h.threshold,
    r.basis,
    case h.dimension when 'gap' then 'A' else 'B' end as file
from hits h
join households f using (household_id)
join rule_order r using (rule)
left join held l on l.rule = h.rule and l.area6 = f.area6 and l.state in ('off', 'held')
where h.dimension in ('gap', 'supervision') and l.rule is null
