-- Rules that nobody could act on where the household lives, and why
select rule, state, gate, extracts, since_month, reason, released_by
from held
where starts_with($area12, area)
order by rule, state, gate, area
