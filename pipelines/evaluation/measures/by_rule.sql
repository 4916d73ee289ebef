-- Alerts of this system by rule: an alert counts for every rule that its case rests on
with told as (
    select unnest(rules) as rule, verdict from alerts where system = 'lowincome'
)

select
    rule, count(*) as alerts, count(*) filter (verdict = 'right') as rights, count(*) filter (verdict = 'early') as early,
    count(*) filter (verdict = 'wasted') as wasted, count(*) filter (verdict = 'right') / count(*) as precision
from told
group by rule
order by wasted desc, rule
