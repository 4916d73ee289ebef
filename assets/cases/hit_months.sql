-- How many families each rule hits, town by town and month by month: the memory of the breaker
-- Tonight's count is the one of this month; those of the months before stand as the last night of each month left them.
-- Notes (level 0) do not count. No hit is a count too: 0.

with towns as (
    select distinct area6, left(area12, 9) as town from households
),

hit as (
    select h.rule, left(k.area12, 9) as town, count(*) as hits
    from hits h
    join households k using (household_id)
    where h.level >= 1
    group by all
)

select r.rule, t.area6, t.town, this_month() as month, coalesce(h.hits, 0) as hits
from rule_order r
cross join towns t
left join hit h on h.rule = r.rule and h.town = t.town
union all
select rule, area6, town, month, hits
from previous_hit_months
where month >= month_at(months_kept()) and month < this_month()
