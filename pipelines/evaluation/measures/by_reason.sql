-- Alerts of this system by dimension and by level: an alert counts for every dimension that hit
-- spells_found: spells on whose first night on the list the case stood in that dimension or at that level.

with rests_on as (
    select night, household_no, 'dimension ' || unnest(dimensions) as reason from listed where system = 'lowincome'
    union all
    select night, household_no, 'level ' || level from listed where system = 'lowincome'
),

met as (
    select r.reason, count(*) as spells_found
    from spells s
    join rests_on r on r.household_no = s.household_no and r.night = s.found_on
    where s.system = 'lowincome'
    group by all
)

select
    r.reason, count(*) as alerts, count(*) filter (a.verdict = 'right') as rights,
    count(*) filter (a.verdict = 'early') as early, count(*) filter (a.verdict = 'wasted') as wasted,
    count(distinct a.household_no) filter (a.verdict = 'right') as families,
    coalesce(any_value(m.spells_found), 0) as spells_found, (select count(*) from spells where system = 'lowincome') as spells
from alerts a
join rests_on r using (night, household_no)
left join met m using (reason)
where a.system = 'lowincome'
group by r.reason
order by r.reason
