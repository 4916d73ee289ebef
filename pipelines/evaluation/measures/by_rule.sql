-- Alerts of this system by rule: an alert counts for every rule that its case rests on
-- spells_found: spells on whose first night on the list the case rested on the rule.

with told as (
    select unnest(rules) as rule, household_no, verdict from alerts where system = 'lowincome'
),

met as (
    select r.rule, count(*) as spells_found
    from spells s
    join listed l on l.system = s.system and l.household_no = s.household_no and l.night = s.found_on
    cross join unnest(l.rules) as r(rule)
    where s.system = 'lowincome'
    group by r.rule
)

select
    rule, count(*) as alerts, count(*) filter (verdict = 'right') as rights, count(*) filter (verdict = 'early') as early,
    count(*) filter (verdict = 'wasted') as wasted, count(*) filter (verdict = 'right') / count(*) as precision,
    count(distinct household_no) filter (verdict = 'right') as families, coalesce(any_value(m.spells_found), 0) as spells_found,
    (select count(*) from spells where system = 'lowincome') as spells
from told
left join met m using (rule)
group by rule
order by wasted desc, rule
