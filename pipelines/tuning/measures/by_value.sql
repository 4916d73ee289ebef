-- What each value would have made of the visits, one row a value, as it was (null) first
-- visits, found: by the rules in question. saved, lost: no rule raises the family any more; of those, how many were found;
-- chance: how likely as many visits, left out blindly, would have lost no more. elsewhere: a rule in question no longer
-- raises it, another one does.
-- unvisited: families that the value raises and nothing raised before, whom nobody has visited: neither finds nor waste.
-- expected: what they would come to if they were worth what visits of the rules are. verdict: 'proposed' where more is
-- saved than comes in, enough of it, and either no find is lost or the visits saved are worth clearly less than those
-- that stay (intervals apart).

with counted as (
    select
        value,
        count(*) filter (is_asked) as visits,
        count(*) filter (is_asked and is_found) as found,
        count(*) filter (was_asked and not is_asked and is_raised) as elsewhere,
        count(*) filter (was_asked and not is_raised) as saved,
        count(*) filter (was_asked and not is_raised and is_found) as lost
    from judged
    where is_judged
    group by value
),

new_families as (
    select value, count(distinct household_id) as unvisited
    from raised
    anti join (from raised where value is null) using (household_id)
    anti join answered using (household_id)
    where is_asked
    group by value
),

bounded as (
    select
        t.place, t.value,
        coalesce(c.visits, 0) as visits, coalesce(c.found, 0) as found, coalesce(c.elsewhere, 0) as elsewhere,
        coalesce(c.saved, 0) as saved, coalesce(c.lost, 0) as lost, coalesce(n.unvisited, 0) as unvisited
    from tried t
    left join counted c on c.value is not distinct from t.value
    left join new_families n on n.value = t.value
),

before as (
    select visits, found from bounded where value is null
)

select
    b.value, b.visits, b.found,
    case when b.visits > 0 then b.found / b.visits end as yield,
    wilson_low(b.found, b.visits) as low,
    wilson_high(b.found, b.visits) as high,
    b.saved, b.lost,
    case when b.saved > 0 then by_chance(b.lost, b.saved, w.found, w.visits) end as chance,
    b.elsewhere, b.unvisited,
    case when w.visits > 0 then b.unvisited * w.found / w.visits end as expected,
    b.unvisited * wilson_low(w.found, w.visits) as expected_low,
    b.unvisited * wilson_high(w.found, w.visits) as expected_high,
    case
        when b.value is null then 'as it was'
        when w.visits < l.least_visits then 'too few visits'
        when b.saved = 0 and b.unvisited = 0 then 'nothing changes'
        when b.saved <= b.unvisited then 'never visited'
        when b.saved < l.least_saved then 'too few saved'
        when b.lost = 0 or wilson_high(b.lost, b.saved) < wilson_low(b.found, b.visits) then 'proposed'
        else 'finds lost'
    end as verdict
from bounded b
cross join before w
cross join limits l
order by b.place
