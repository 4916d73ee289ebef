-- Which feeds speak for the household's county
-- income_lag is 1 while the last month of a wage, pension or unemployment feed that has been delivered is open:
-- income windows then end one month earlier.

with gathered as (
    select
        area6,
        list(extract order by extract) filter (not is_absent) as delivered,
        coalesce(list(extract order by extract) filter (state = 'late'), []) as late,
        coalesce(max(closed_back - 1) filter (
            not is_absent and extract in ('employment_contributions', 'employment_pensions', 'employment_unemployment')
        ), 0) as income_lag
    from feeds
    group by area6
)

select h.household_id, g.delivered, g.late, g.income_lag
from households h
join gathered g using (area6)
