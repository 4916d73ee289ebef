-- A visit is an answer of staff; where nobody answered, and for baselines, every alert is a visit on its night
-- Found: somebody was met (not 14) and the family is in need on that day. Repeat: within 183 days after a visit that found it neither in need nor in strain.

with made as (
    select 'lowincome' as system, household_no, visited_on, is_met from answered
    union all
    select system, household_no, night, true
    from alerts
    where system <> 'lowincome' or not exists (from answered)
),

seen as (
    select
        m.*,
        m.is_met and exists (from needs n where n.household_no = m.household_no and n.kind = 'need'
            and m.visited_on between n.from_day and n.to_day) as is_found,
        exists (from needs n where n.household_no = m.household_no and m.visited_on between n.from_day and n.to_day) as is_confirmed
    from made m
)

select
    v.*,
    exists (from seen e where e.system = v.system and e.household_no = v.household_no and not e.is_confirmed
        and e.visited_on < v.visited_on and e.visited_on >= v.visited_on - 183) as is_repeat
from seen v
