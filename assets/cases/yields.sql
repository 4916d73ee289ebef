-- What visits were worth: how many found need, by rule, by body that its data come from, and by town
-- Of the last yield_months months. A visit counts for every rule that its case rested on; nobody met (14), declined (15)
-- and watched on (18) are no visits, helped (01 to 07, 16, 17) is found: column yields of outcomes.csv. low and high are Wilson's interval (E. B. Wilson,
-- 1927, Journal of the American Statistical Association 22, 209-212) at yield_z standard deviations. A town of six digits
-- is the whole county. Weak is a rule whose upper end lies under what visits of the county are worth, all rules
-- together, once it has yield_least visits.

with limits as (
    select
        left(area12, 6) as area6,
        max(value) filter (name = 'yield_months')::integer as months,
        max(value) filter (name = 'yield_least')::integer as least,
        max(value) filter (name = 'yield_z')::double as z
    from settings
    where back = 1
    group by left(area12, 6)
),

visits as (
    select
        left(a.area12, 6) as area6, left(a.area12, 9) as town, a.rules,
        o.yields = 'found' as is_found
    from answers a
    join limits l on l.area6 = left(a.area12, 6)
    join outcomes o using (outcome)
    where o.yields is not null
        and a.visited_on > getvariable('as_of')::date - to_months(l.months) and a.visited_on <= getvariable('as_of')::date
),

overall as (
    select area6, count(*) as visits, count(*) filter (is_found) as found from visits group by area6
),

bodies as (
    select distinct r.rule, f.body
    from rule_order r
    left join rule_needs n using (rule)
    join contract_facts f on f.extract = coalesce(n.extract, 'civil_affairs_members')
),

by_rule as (
    select area6, town, is_found, unnest(rules) as rule from visits
),

counted as (
    select v.rule, b.body, v.area6, coalesce(v.town, v.area6) as town, count(*) as visits, count(*) filter (v.is_found) as found
    from by_rule v
    join bodies b using (rule)
    group by grouping sets ((v.rule, b.body, v.area6, v.town), (v.rule, b.body, v.area6))
),

bounded as (
    select
        c.*,
        c.found::double / c.visits as yield,
        (c.found + l.z * l.z / 2) / (c.visits + l.z * l.z) as centre,
        l.z / (c.visits + l.z * l.z)
            * sqrt(c.found::double * (c.visits - c.found) / c.visits + l.z * l.z / 4) as reach,
        o.found::double / o.visits as overall_yield,
        l.least
    from counted c
    join overall o using (area6)
    join limits l using (area6)
)

select
    rule, body, area6, town, visits, found, yield,
    greatest(centre - reach, 0) as low,
    least(centre + reach, 1) as high,
    overall_yield,
    visits >= least and centre + reach < overall_yield as is_weak
from bounded
