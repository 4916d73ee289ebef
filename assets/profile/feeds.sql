-- Which feeds speak for the household's county
-- income_lag is 1 while the last month of a wage, pension or unemployment feed that has been delivered is open:
-- income windows then end one month earlier. wage_months are the months (as bits) in which the wage feed is complete
-- for the town: it came, and no gate has closed. In these alone absence says something.

with closed as (
    select area, bit_or(month_bits(month, month)) as months
    from gates
    where extract = 'employment_contributions' and state in ('held', 'warned')
    group by area
),

gathered as (
    select
        area6,
        list(extract order by extract) filter (not is_absent) as delivered,
        coalesce(list(extract order by extract) filter (state = 'late'), []) as late,
        coalesce(max(closed_back - 1) filter (
            not is_absent and extract in ('employment_contributions', 'employment_pensions', 'employment_unemployment')
        ), 0) as income_lag,
        coalesce(bit_or(months) filter (extract = 'employment_contributions'), 0) as wage_months
    from feeds
    group by area6
)

select
    h.household_id, g.delivered, g.late, g.income_lag,
    g.wage_months & ~coalesce(c.months, 0) & ~coalesce(t.months, 0) as wage_months
from households h
join gathered g using (area6)
left join closed c on c.area = h.area6
left join closed t on t.area = left(h.area12, 9)
