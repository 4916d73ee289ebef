-- A threshold on the current value: this month's income per head, or the own medical cost of three months
-- Under one and a half times the standard, or 5,000 yuan: a plain alarm of a monitoring system, which knows no past. What
-- is still over the line is raised again as soon as it was resolved. The 5,000 yuan are our assumption.
-- score: the cost in lines, or one and the share of the line that income falls short of, whichever is more.

with lined as (
    select
        p.household_no,
        p.oop_quarter / 500000 as cost,
        2 - 2 * 12 * m.income[1] / nullif(3 * p.members * p.standard_sum, 0) as shortfall
    from household_profile p
    join household_months m using (household_id)
    where p.household_no is not null
)

select household_no, greatest(coalesce(cost, 0), coalesce(shortfall, 0)) as score
from lined
where cost >= 1 or shortfall > 1
