-- Listed families by rule, in the whole county
-- A family counts for each of its rules. Null is a count from 1 to 4, or one of a dimension that the statistics hide.

with hit as (
    select area6, rule, count(*) as families
    from (select area6, unnest(rules) as rule from cases where state = 'handed_out')
    group by all
),

hidden as (
    select area6, item as dimension from statistics where town = area6 and measure = 'dimension' and is_hidden
),

told as (
    select h.*, is_small(h.families) or x.dimension is not null as is_hidden
    from hit h
    join (select distinct rule, dimension from hits) d using (rule)
    left join hidden x using (area6, dimension)
)

select t.area6, t.rule, r.title, case when not t.is_hidden then t.families end as families
from told t
join rule_order r using (rule)
order by t.area6, t.is_hidden, t.families desc, r.place
