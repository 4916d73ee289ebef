-- Visits and finds of each rule in question under each value; a visit counts for every rule that raises its family
with told as (
    select value, is_found, unnest(rules) as rule from judged where is_judged and is_asked
)

select
    t.value, t.rule, count(*) as visits, count(*) filter (t.is_found) as found,
    count(*) filter (t.is_found) / count(*) as yield,
    wilson_low(count(*) filter (t.is_found), count(*)) as low,
    wilson_high(count(*) filter (t.is_found), count(*)) as high
from told t
semi join asked using (rule)
group by t.value, t.rule
order by t.rule, t.value nulls first
