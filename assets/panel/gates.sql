-- Months of a feed that no rule may lean on, by town or for the whole county, and why
-- delivery: the month never came. coverage: too few persons of the month before are seen again (of an extract of
-- events: too few or too many rows or persons) against the median of up to 12 earlier months. ratio: the median amount
-- jumped. A county is judged by what its towns that are not closed themselves say together, so that a small loss
-- everywhere is seen. With fewer than gate_periods earlier months a gate warns; a release opens it.

with measured as (
    select
        c.* exclude (persons_before, seen_again),
        case when lead(c.is_delivered) over later then c.persons_before end as persons_before,
        case when lead(c.is_delivered) over later then c.seen_again end as seen_again,
        count(*) filter (c.is_delivered) over earlier as earlier_months,
        f.is_of_events
    from coverage c
    join contract_facts f using (extract)
    window
        later as (partition by c.extract, c.area order by c.back),
        earlier as (partition by c.extract, c.area order by c.back desc rows between unbounded preceding and 1 preceding)
),

-- Each month of a town beside each of the twelve before it; the windows of the rules end at t-15, or one month earlier.
beside as (
    select
        n.extract, n.area6, n.area as town, n.back, n.is_of_events,
        n.rows, n.persons, n.persons_before, n.seen_again,
        o.back as past_back, o.rows as past_rows, o.persons as past_persons, o.persons_before as past_before,
        o.seen_again as past_again
    from measured n
    join measured o on o.extract = n.extract and o.area = n.area and o.back between n.back + 1 and n.back + 12
    where length(n.area) = 9 and n.is_delivered and o.is_delivered and n.back <= 16
),

towns as (
    select
        extract, area6, town as area, back, is_of_events, rows, persons, persons_before, seen_again,
        list(past_rows) as past_rows, list(past_persons) as past_persons,
        list(past_again * 1000000 // nullif(past_before, 0)) filter (past_before > 0) as past_shares
    from beside
    group by all
),

town_usual as (
    select
        *, middle(past_rows) as usual_rows, middle(past_persons) as usual_persons, middle(past_shares) as usual_share
    from towns
),

closed_towns as (
    select t.* exclude (past_rows, past_persons, past_shares), len(past_rows) as past_months, len(past_shares) as past_pairs
    from town_usual t
    join gate_limits l using (area)
    where case when is_of_events
        then is_odd(rows, usual_rows, spread(past_rows, usual_rows), l.mads, l.noise)
            or is_odd(persons, usual_persons, spread(past_persons, usual_persons), l.mads, l.noise)
        else is_short(seen_again, persons_before, usual_share, spread(past_shares, usual_share),
            l.mads, l.share_floor, l.noise, l.silent) end
),

together as (
    select
        b.extract, b.area6, b.back, b.is_of_events, b.past_back,
        sum(b.rows)::bigint as rows, sum(b.persons)::bigint as persons,
        sum(b.persons_before)::bigint as persons_before, sum(b.seen_again)::bigint as seen_again,
        sum(past_rows)::bigint as past_rows, sum(past_persons)::bigint as past_persons,
        (sum(past_again) * 1000000 // nullif(sum(past_before), 0))::bigint as past_share
    from beside b
    anti join closed_towns c on c.extract = b.extract and c.area = b.town and c.back = b.back
    group by all
),

counties as (
    select
        extract, area6, area6 as area, back, is_of_events, rows, persons, persons_before, seen_again,
        list(past_rows) as past_rows, list(past_persons) as past_persons,
        list(past_share) filter (past_share is not null) as past_shares
    from together
    group by all
),

county_usual as (
    select
        *, middle(past_rows) as usual_rows, middle(past_persons) as usual_persons, middle(past_shares) as usual_share
    from counties
),

closed_counties as (
    select c.* exclude (past_rows, past_persons, past_shares), len(past_rows) as past_months, len(past_shares) as past_pairs
    from county_usual c
    join gate_limits l using (area)
    where case when is_of_events
        then is_odd(rows, usual_rows, spread(past_rows, usual_rows), l.mads, l.noise)
            or is_odd(persons, usual_persons, spread(past_persons, usual_persons), l.mads, l.noise)
        else is_short(seen_again, persons_before, usual_share, spread(past_shares, usual_share),
            l.mads, l.share_floor, l.noise, l.silent) end
),

closed as (
    select
        extract, area6, area, back, 'coverage' as gate,
        case when is_of_events then past_months else past_pairs end as earlier_months,
        case when is_of_events
            then printf('记录数为常年的 %.0f%%，人数为常年的 %.0f%%',
                100.0 * rows / greatest(usual_rows, 1), 100.0 * persons / greatest(usual_persons, 1))
            else printf('上月人员 %.1f%% 再次出现，常年为 %.1f%%',
                100.0 * seen_again / nullif(persons_before, 0), usual_share / 10000.0) end as finding
    from (from closed_towns union all by name from closed_counties)

    union all by name

    select
        m.extract, m.area6, m.area, m.back, 'ratio' as gate, m.earlier_months,
        printf('人均金额为上月的 %.3f 倍', m.amount_ratio::double) as finding
    from measured m
    join gate_limits l using (area)
    where m.back <= 16 and m.compared >= l.ratio_least and (m.amount_ratio < l.ratio_low or m.amount_ratio > l.ratio_high)

    union all by name

    select
        f.extract, f.area6, f.area6 as area, n.back, 'delivery' as gate,
        bit_count(f.months & ~((1 << n.back) - 1)) as earlier_months, '未收到该月数据' as finding
    from feeds f
    join month_numbers n on has_month(f.silent_months, n.back) and n.back <= 16
),

opened as (
    select
        c.extract, c.area, c.back,
        arg_max(r.released_by, r.release_no) as released_by, max(r.released_on) as released_on
    from closed c
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
from closed c
join contract_facts f using (extract)
join gate_limits l using (area)
left join opened o on o.extract = c.extract and o.area = c.area and o.back = c.back
