-- An alert is a family that comes newly to the list
-- Right: it is in need on the night of the list or within 31 days after it. Early: not that, but its savings are running
-- out (strain) then. Wasted: neither. A system that raises again alerts every night that a family is over its line.

with ordered as (
    select night, lag(night) over (order by night) as night_before from nights
)

select
    l.system, l.night, l.household_no, l.level, l.rules, l.dimensions,
    case
        when exists (from needs n where n.household_no = l.household_no and n.kind = 'need'
            and n.from_day <= l.night + 31 and n.to_day >= l.night) then 'right'
        when exists (from needs n where n.household_no = l.household_no and n.kind = 'strain'
            and n.from_day <= l.night + 31 and n.to_day >= l.night) then 'early'
        else 'wasted'
    end as verdict
from listed l
join ordered o using (night)
join systems s using (system)
left join listed b on b.system = l.system and b.household_no = l.household_no and b.night = o.night_before
where b.household_no is null or s.raised = 'each night'
