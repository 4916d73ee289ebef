-- What visits were worth in the whole county, by rule: how many, and of how many help came
-- One row a rule with five visits or more, weak ones marked. Null is a share that stands for 1 to 4 families helped, or for
-- 1 to 4 not helped; its interval would tell it.

with of_county as (
    select
        area6, rule, string_agg(body, '、' order by body) as bodies,
        any_value(visits) as visits, any_value(found) as found, any_value(yield) as yield,
        any_value(low) as low, any_value(high) as high, bool_or(is_weak) as is_weak
    from yields
    where town = area6
    group by area6, rule
    having any_value(visits) >= 5
),

told as (
    select *, is_small(found) or is_small(visits - found) as is_hidden from of_county
)

select
    t.area6, t.rule, r.title, t.bodies, t.visits, t.is_weak and not t.is_hidden as is_weak,
    case when not t.is_hidden then t.yield end as share,
    case when not t.is_hidden then t.low end as low,
    case when not t.is_hidden then t.high end as high
from told t
join rule_order r using (rule)
order by t.area6, t.visits desc, r.place
