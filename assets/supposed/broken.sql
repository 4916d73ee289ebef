-- Where the breaker would close that was open that night: so many hits that a person would have to let them through
select distinct n.area, n.reason
from held_anew n
anti join (from held_then where gate = 'rate') t on t.area = n.area and t.rule = n.rule
where n.gate = 'rate' and n.state = 'held'
order by n.area, n.reason
