-- Months of a feed that no rule may lean on, by town or for the whole county, and why
-- delivery: the month never came. coverage: too few persons of the month before are seen again (of an extract of
-- events: too few or too many rows or persons). ratio: the median amount jumped, or that of too many persons did. Each is
-- held against the median of its own up to 12 earlier months; a share that was clearly as low in the same month a year
-- ago, or a year later, is the season (bases are set anew every July, seasonal workers rest at the Spring Festival). A
-- county is judged by what its towns that are not closed themselves say together, so that a small loss everywhere is
-- seen. With fewer than gate_periods earlier months a gate warns; a release opens it.
-- A term (or quarter) is held against the same one a year ago, else against the one before; aid of pupils, where there is
-- neither, against all who had it and are still at school. It never merely warns: six terms would be three years without a
-- gate. In the first term of aid nobody can be missed, and a family left out cannot wait half a year until a gate has
-- learned: what came is believed, save of a town where nobody at all has aid though by the county's share several should.
-- That town is not rich, it is lost. Only what rules lean on is held: the newest period of a register, else the last two.

with facing as (
    select
        c.*, x.is_of_events, x.months_apart, x.among,
        c.back < case when x.months_apart = 1 then 17
            else newest_back(f.months) + x.months_apart * (2 - x.is_register::integer) end as is_leaned_on,
        lead(c.is_delivered) over (partition by c.extract, c.area order by c.back) as is_paired
    from coverage c
    join contract_facts x using (extract)
    join feeds f using (extract, area6)
),

-- A measure is a count, or a part of a whole.
measures as (
    select
        extract, area6, area, back, is_leaned_on, among,
        case when months_apart = 1 then 'again' else 'kept' end as measure, seen_again as part, persons_before as whole
    from facing
    where is_delivered and is_paired and not is_of_events and persons_before > 0
    union all
    select extract, area6, area, back, is_leaned_on, among, 'calm', compared - jumped, compared
    from facing where is_delivered and compared > 0
    union all
    select extract, area6, area, back, is_leaned_on, among, 'rows', rows, null
    from facing where is_delivered and is_of_events
    union all
    select extract, area6, area, back, is_leaned_on, among, 'persons', persons, null
    from facing where is_delivered and is_of_events
),

-- Each month of a town beside each of the twelve before it, and beside the same month a year later; the windows of the
-- rules end at t-15, or one month earlier.
-- Where nobody should be missing who is still in a register, that is how it was before all that is known.
beside as (
    select
        n.extract, n.area6, n.area as town, n.back, n.measure, n.part, n.whole,
        o.back as past_back, o.part as past_part, o.whole as past_whole
    from measures n
    join measures o on o.extract = n.extract and o.area = n.area and o.measure = n.measure
        and (o.back between n.back + 1 and n.back + 12 or o.back = n.back - 12)
    where length(n.area) = 9 and n.is_leaned_on

    union all

    select extract, area6, area, back, measure, part, whole, 2 * months_kept(), whole, whole
    from measures
    where length(area) = 9 and is_leaned_on and among <> ''
),

towns as (
    select
        extract, area6, town as area, back, measure, part, whole,
        list(coalesce(past_part * 1000000 // past_whole, past_part)) filter (past_back > back) as past,
        min(past_part * 1000000 // past_whole) filter (abs(past_back - back) = 12) as same_season,
        max(past_part * 1000000 // past_whole) filter (past_back = back + 12) as year_ago,
        arg_min(past_part * 1000000 // past_whole, past_back) filter (past_back > back) as latest
    from beside
    group by all
    having past is not null
),

town_usual as (
    select m.*, usual_of(m) as usual, strayed_of(m) as strayed from towns m
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
        min(past) filter (abs(past_back - back) = 12 and whole is not null) as same_season,
        max(past) filter (past_back = back + 12 and whole is not null) as year_ago,
        arg_min(past, past_back) filter (whole is not null and past_back > back) as latest
    from together
    group by extract, area6, back, measure
    having len(list(past) filter (past_back > back)) > 0
),

county_usual as (
    select m.*, usual_of(m) as usual, strayed_of(m) as strayed from counties m
),

strayed_counties as (
    select c.*
    from county_usual c
    join gate_limits l using (area)
    where strays(c, l)
),

-- The towns in the first term of a feed, by the register that its people stand in: of this term, else of the one before.
first_terms as (
    select
        x.extract, r.area6, r.area, months_back(f.first_month) as back, r.persons as whole, coalesce(c.persons, 0) as part
    from contract_facts x
    join feeds f using (extract)
    join coverage r on r.extract = x.among and r.area6 = f.area6 and length(r.area) = 9 and r.is_delivered
        and r.back >= months_back(f.first_month)
    left join coverage c on c.extract = x.extract and c.area = r.area and c.back = months_back(f.first_month)
    where months_back(f.first_month) between 1 and 16
    qualify row_number() over (partition by x.extract, r.area order by r.back) = 1
),

first_shares as (
    select *, whole * sum(part) over county / sum(whole) over county as usual
    from first_terms
    window county as (partition by extract, area6)
),

closed as (
    select
        extract, area6, area, back,
        case measure when 'calm' then 'ratio' else 'coverage' end as gate,
        len(past) as earlier_months,
        case measure
            when 'kept' then printf('上期人员（仍在册的）%.1f%% 再次出现，往期为 %.1f%%', 100.0 * part / whole, usual / 10000.0)
            when 'again' then printf('上月人员 %.1f%% 再次出现，常年为 %.1f%%', 100.0 * part / whole, usual / 10000.0)
            when 'calm' then printf('金额突变者占 %.1f%%，常年为 %.1f%%', 100 - 100.0 * part / whole, 100 - usual / 10000.0)
            when 'rows' then printf('记录数为常年的 %.0f%%', 100.0 * part / greatest(usual, 1))
            else printf('人数为常年的 %.0f%%', 100.0 * part / greatest(usual, 1)) end as finding
    from (from strayed_towns union all by name from strayed_counties)

    union all by name

    select
        s.extract, s.area6, s.area, s.back, 'coverage' as gate, 0 as earlier_months,
        printf('首期在册 %d 人中无一人，按全县比例约应有 %.0f 人', s.whole, s.usual) as finding
    from first_shares s
    join gate_limits l using (area)
    where s.part = 0 and stands_out(s.usual, 0) > l.silent

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
    case
        when o.area is not null then 'released'
        when c.earlier_months >= l.periods or f.months_apart > 1 then 'held'
        else 'warned'
    end as state,
    c.finding,
    o.released_by,
    o.released_on
from gathered c
join contract_facts f using (extract)
join gate_limits l using (area)
left join opened o on o.extract = c.extract and o.area = c.area and o.back = c.back
