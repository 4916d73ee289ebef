-- Rules that hit far more or far fewer families than in any of the months before, by town and for the whole county
-- This month beside the up to twelve closed ones before it; with fewer than gate_periods it is too_short to judge. Told
-- where the count lies outside all of them, by a ratio and a floor, and further from their median than chance and their
-- own spread allow. The breaker holds a rule at three times its usual count; this one tells earlier, of falls too, and
-- holds nothing. What people report by hand is left out. What the county tells is not told again by its towns.

with places as (
    select rule, area6, town as area, month, hits from hit_months
    union all
    select rule, area6, area6 as area, month, sum(hits)::bigint as hits from hit_months group by all
),

beside as (
    select
        t.rule, t.area6, t.area, t.hits,
        list(p.hits) filter (p.hits is not null) as past, min(p.hits) as least, max(p.hits) as most
    from places t
    join rule_order o on o.rule = t.rule and o.dimension <> 'report'
    left join places p on p.rule = t.rule and p.area = t.area and p.month < t.month and p.month >= t.month - interval 12 month
    where t.month = this_month()
    group by t.rule, t.area6, t.area, t.hits
),

usual as (
    select *, middle(past) as usual, spread(past, middle(past)) as strayed from beside
),

-- The spread of the months before counts where it is wider than chance: three halves of a MAD are a standard deviation.
judged as (
    select
        u.*,
        coalesce(len(u.past), 0) as past_months,
        past_months >= l.periods as is_judged,
        is_judged
        and (u.hits > u.most or u.hits < u.least)
        and abs(u.hits - u.usual) >= l.drift_hit_floor
        and greatest(u.hits, u.usual) >= l.drift_hit_ratio * least(u.hits, u.usual)
        and abs(stands_out(u.hits, u.usual)) * greatest(1, sqrt(u.usual))
            > l.drift_hit_noise * greatest(1, sqrt(u.usual), 1.5 * u.strayed) as is_drifted
    from usual u
    join gate_limits l using (area)
)

select
    j.rule, r.title, j.area6, j.area, this_month() as since_month, j.hits, j.usual, j.strayed, j.past_months,
    case when not j.is_judged then 'too_short' when j.is_drifted then 'drifted' else 'usual' end as state,
    j.is_drifted and (j.area = j.area6 or county.rule is null) as is_told,
    case when j.is_drifted and j.hits > j.usual then '命中户数高于以往任何一月：请看所依据的数据、标准或参数是否变了'
        when j.is_drifted then '命中户数低于以往任何一月：请看所依据的数据是否少了、标准或参数是否变了' end as says
from judged j
join rule_order r using (rule)
left join judged county on j.area <> j.area6 and county.rule = j.rule and county.area = j.area6 and county.is_drifted
order by j.rule, j.area
