-- A threshold on the current value: this month's income per head, or the own medical cost of three months
-- Under one and a half times the standard, or 5,000 yuan: a plain alarm of a monitoring system, which knows no past. What
-- is still over the line is raised again as soon as it was resolved. The 5,000 yuan are our assumption.

select p.household_no
from household_profile p
join household_months m using (household_id)
where p.household_no is not null
    and (p.oop_quarter >= 500000 or 2 * 12 * m.income[1] < 3 * p.members * p.standard_sum)
