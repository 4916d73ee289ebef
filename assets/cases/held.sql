-- Rules that nobody may act on tonight, by town or for the whole county: which feed, since when, which gate, and why
-- off: an extract that the rule needs has never come. held: a gate has closed. warned: it would have, but the feed is
-- too young to be judged. released: a named person has opened it. A rule is held for every extract that it leans on,
-- needed or used. rate, the breaker: hits of a rule in a town far above those of earlier months; what leans on the same
-- extracts is held with it, because one broken file moves them all. What was let through once counts as usual. What people
-- report by hand is never too much: a storm is when it is needed most.

with absent as (
    select
        f.area6, f.area6 as area, n.rule, 'absent' as gate, 'off' as state,
        string_agg(f.extract, '、' order by f.extract) filter (f.is_absent) as extracts,
        null::date as since_month,
        '从未收到：' || string_agg(c.title || '（' || c.body || '）', '、' order by f.extract) filter (f.is_absent) as reason,
        null::varchar as released_by
    from rule_needs n
    join feeds f using (extract)
    join contract_facts c using (extract)
    group by f.area6, n.rule
    having coalesce(bool_or(not n.is_any and f.is_absent), false) or coalesce(bool_and(f.is_absent) filter (n.is_any), false)
),

rated as (
    select
        t.rule, t.area6, t.town, t.hits, p.month as past_month, p.hits as past_hits,
        r.release_no is not null as is_past_released
    from hit_months t
    join rule_order o on o.rule = t.rule and o.dimension <> 'report'
    join hit_months p on p.rule = t.rule and p.town = t.town and p.month < t.month and p.month >= t.month - interval 12 month
    left join releases r on r.rule = t.rule and starts_with(p.town, r.area) and p.month = coalesce(r.month, r.until_month)
    where t.month = this_month()
),

town_rates as (
    select
        rule, area6, town as area, hits, list(past_hits) as past,
        greatest(middle(list(past_hits)), max(past_hits) filter (is_past_released)) as usual
    from (select distinct * from rated)
    group by all
),

too_many_in_towns as (
    select t.*
    from town_rates t
    join gate_limits l using (area)
    where len(past) >= l.periods and hits > l.rate * usual and hits > l.rate_floor and stands_out(hits, usual) > l.noise
),

county_sums as (
    select
        r.rule, r.area6, r.past_month, sum(r.hits)::bigint as hits, sum(r.past_hits)::bigint as past_hits,
        bool_and(r.is_past_released) as is_past_released
    from (select distinct * from rated) r
    anti join too_many_in_towns t on t.rule = r.rule and t.area = r.town
    group by all
),

county_rates as (
    select
        rule, area6, area6 as area, max(hits) as hits, list(past_hits) as past,
        greatest(middle(list(past_hits)), max(past_hits) filter (is_past_released)) as usual
    from county_sums
    group by rule, area6
),

too_many as (
    select rule, area6, area, hits, usual from too_many_in_towns
    union all
    select rule, area6, area, hits, usual
    from county_rates t
    join gate_limits l using (area)
    where len(past) >= l.periods and hits > l.rate * usual and hits > l.rate_floor and stands_out(hits, usual) > l.noise
),

broken as (
    select
        m.area6, m.area, m.rule,
        printf('%s 本月命中 %d 户，常年为 %d 户', m.rule, m.hits, m.usual) as reason,
        arg_max(r.released_by, r.release_no) as released_by
    from too_many m
    left join releases r on r.rule = m.rule and starts_with(m.area, r.area)
        and this_month() = coalesce(r.month, r.until_month)
    group by all
),

findings as (
    select
        b.area6, b.area, s.rule, 'rate' as gate, o.extract, this_month() as month,
        case when b.released_by is null then 'held' else 'released' end as state, b.reason, b.released_by
    from broken b
    join rule_leans o on o.rule = b.rule and o.how <> 'use'
    join rule_leans s on s.extract = o.extract

    union all by name

    select
        g.area6, g.area, l.rule, g.gate, g.extract, g.month, g.state,
        g.feed || ' ' || strftime(g.month, '%Y-%m') || ' ' || g.finding as reason, g.released_by
    from gates g
    join rule_leans l using (extract)
),

-- The newest month of a feed speaks for the others.
by_feed as (
    select
        area6, area, rule, gate, state, extract, min(month) as since_month,
        arg_max(reason, (month, reason))
            || case when count(distinct month) > 1 then printf('（共 %d 个月）', count(distinct month)) else '' end as reason,
        max(released_by) as released_by
    from findings
    group by all
)

from absent
union all by name
select
    area6, area, rule, gate, state,
    string_agg(extract, '、' order by extract) as extracts,
    min(since_month) as since_month,
    string_agg(distinct reason, '；' order by reason) as reason,
    string_agg(distinct released_by, '、' order by released_by) as released_by
from by_feed
group by area6, area, rule, gate, state
