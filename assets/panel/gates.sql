-- Months of a feed that no rule may lean on, by town or for the whole county, and why
-- delivery: the month never came. coverage: too few persons of the month before are seen again (of an extract of
-- events: too few or too many rows or persons). ratio: the median amount jumped, or that of too many persons did. Each is
-- held against the median of its own up to 12 earlier months; a share that was clearly as low in the same month a year
-- ago, or a year later, is the season (bases are set anew every July, seasonal workers rest at the Spring Festival). A
-- county is judged by what its towns that are not closed themselves say together, so that a small loss everywhere is
-- seen. With fewer than gate_periods earlier months a gate warns; a release opens it.

with facing as (
    select c.*, f.is_of_events, lead(c.is_delivered) over (partition by c.extract, c.area order by c.back) as is_paired
    from coverage c
    join contract_facts f using (extract)
),

-- A measure is a count, or a part of a whole.
measures as (
    select extract, area6, area, back, 'again' as measure, seen_again as part, persons_before as whole
    from facing
    where is_delivered and is_paired and not is_of_events and persons_before > 0
    union all
    select extract, area6, area, back, 'calm', compared - jumped, compared from facing where is_delivered and compared > 0
    union all
    select extract, area6, area, back, 'rows', rows, null from facing where is_delivered and is_of_events
    union all
    select extract, area6, area, back, 'persons', persons, null from facing where is_delivered and is_of_events
),

-- Each month of a town beside each of the twelve before it, and beside the same month a year later; the windows of the
-- rules end at t-15, or one month earlier.
beside as (
    select
        n.extract, n.area6, n.area as town, n.back, n.measure, n.part, n.whole,
        o.back as past_back, o.part as past_part, o.whole as past_whole
    from measures n
    join measures o on o.extract = n.extract and o.area = n.area and o.measure = n.measure
        and (o.back between n.back + 1 and n.back + 12 or o.back = n.back - 12)
    where length(n.area) = 9 and n.back <= 16
),

towns as (
    select
        extract, area6, town as area, back, measure, part, whole,
        list(coalesce(past_part * 1000000 // past_whole, past_part)) filter (past_back > back) as past,
        min(past_part * 1000000 // past_whole) filter (abs(past_back - back) = 12) as same_season
    from beside
    group by all
    having past is not null
),

town_usual as (
    select *, middle(past) as usual, spread(past, middle(past)) as strayed from towns
),

strayed_towns as (
    select t.*
    from town_usual t
    join gate_limits l using (area)
    where strays(t, l)
),

together as (
    select
        b.extract, b.area6, b.back, b.measure, b.past_back,
        sum(b.part)::bigint as part, sum(b.whole)::bigint as whole,
        coalesce(sum(b.past_part) * 1000000 // sum(b.past_whole), sum(b.past_part))::bigint as past
    from beside b
    anti join strayed_towns s on s.extract = b.extract and s.area = b.town and s.back = b.back and s.measure = b.measure
    group by all
),

counties as (
    select extract, area6, area6 as area, back, measure, max(part) as part, max(whole) as whole,
        list(past) filter (past_back > back) as past,
        min(past) filter (abs(past_back - back) = 12 and whole is not null) as same_season
    from together
    group by extract, area6, back, measure
    having len(list(past) filter (past_back > back)) > 0
),

county_usual as (
    select *, middle(past) as usual, spread(past, middle(past)) as strayed from counties
),

strayed_counties as (
    select c.*
    from county_usual c
    join gate_limits l using (area)
    where strays(c, l)
),

closed as (
    select
        extract, area6, area, back,
        case measure when 'calm' then 'ratio' else 'coverage' end as gate,
        len(past) as earlier_months,
        case measure
            when 'again' then printf('上月人员 %.1f%% 再次出现，常年为 %.1f%%', 100.0 * part / whole, usual / 10000.0)
            when 'calm' then printf('金额突变者占 %.1f%%，常年为 %.1f%%', 100 - 100.0 * part / whole, 100 - usual / 10000.0)
            when 'rows' then printf('记录数为常年的 %.0f%%', 100.0 * part / greatest(usual, 1))
            else printf('人数为常年的 %.0f%%', 100.0 * part / greatest(usual, 1)) end as finding
    from (from strayed_towns union all by name from strayed_counties)

    union all by name

    select
        c.extract, c.area6, c.area, c.back, 'ratio' as gate,
        bit_count(f.months & ~((1 << c.back) - 1)) as earlier_months,
        printf('人均金额中位数为上月的 %.3f 倍', c.amount_ratio::double) as finding
    from coverage c
    join feeds f on f.extract = c.extract and f.area6 = c.area6
    join gate_limits l using (area)
    where c.back <= 16 and c.compared >= l.ratio_least and (c.amount_ratio < l.ratio_low or c.amount_ratio > l.ratio_high)

    union all by name

    select
        f.extract, f.area6, f.area6 as area, n.back, 'delivery' as gate,
        bit_count(f.months & ~((1 << n.back) - 1)) as earlier_months,
        case when w.extract is null then '未收到该月数据' else '该月文件有疑，待重报或放行' end as finding
    from feeds f
    join month_numbers n on has_month(f.silent_months, n.back) and n.back <= 16
    left join (
        select distinct extract, area6, months_back(period_from) as back from deliveries where state = 'held'
    ) w on w.extract = f.extract and w.area6 = f.area6 and w.back = n.back
),

gathered as (
    select
        extract, area6, area, back, gate, max(earlier_months) as earlier_months,
        string_agg(finding, '，' order by finding) as finding
    from closed
    group by all
),

opened as (
    select
        c.extract, c.area, c.back,
        arg_max(r.released_by, r.release_no) as released_by, max(r.released_on) as released_on
    from gathered c
    join releases r on r.extract = c.extract and starts_with(c.area, r.area)
        and month_at(c.back) between coalesce(r.month, month_at(c.back)) and coalesce(r.month, r.until_month)
    group by all
)

select
    c.extract,
    f.title || '（' || f.body || '）' as feed,
    c.area6,
    c.area,
    month_at(c.back) as month,
    c.gate,
    case when o.area is not null then 'released' when c.earlier_months >= l.periods then 'held' else 'warned' end as state,
    c.finding,
    o.released_by,
    o.released_on
from gathered c
join contract_facts f using (extract)
join gate_limits l using (area)
left join opened o on o.extract = c.extract and o.area = c.area and o.back = c.back
