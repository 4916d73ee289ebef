-- Columns of extracts whose content is no longer what it was: a code's share, bands of money, blanks
-- Each delivered month beside the up to twelve before it, pooled; a term or quarter beside the same one of earlier years.
-- psi: the population stability index in millionths. drifted: it lies over a floor (for blanks: their share moved by one),
-- over what chance may bring to so few rows, and over what this column is used to: the median and MAD of its own earlier
-- months. What was as it is now in the same month a year ago, within that floor, is the season. The newest period is never passed over in silence: too_short has fewer than gate_periods months, or drift_years
-- years, before it, too_few has fewer than drift_rows rows. What the county tells is not told again by its towns.

-- Towns that never come to drift_rows rows a month are left out from the start: they are most of all cells.
with sums as (
    select extract, area6, area, column_name, measure, back, sum(rows)::bigint as whole from feed_profile group by all
),

periods as (
    select
        s.*, f.months_apart > 1 as has_seasons,
        case when has_seasons then s.back % 12 else 0 end as season,
        case when has_seasons then s.back // 12 else s.back end as place
    from sums s
    join contract_facts f using (extract)
    join gate_limits l using (area)
    qualify s.area = s.area6 or max(s.whole) over (partition by s.extract, s.area, s.column_name, s.measure) >= l.drift_rows
),

bins as (
    select extract, area, column_name, measure, bin, count(*) over (partition by extract, area, column_name, measure) as bins
    from (select distinct extract, area, column_name, measure, bin from feed_profile semi join periods using (extract, area))
),

-- A bin that nobody is in this month is a count too: 0.
counts as (
    select
        p.*, b.bin, b.bins, coalesce(f.rows, 0) as rows,
        coalesce(sum(f.rows) over earlier, 0)::bigint as past_rows,
        (sum(p.whole) over earlier)::bigint as past_whole,
        count(*) over earlier as past_periods,
        coalesce(max(f.rows) over year_ago, 0) as year_rows,
        max(p.whole) over year_ago as year_whole
    from periods p
    join bins b using (extract, area, column_name, measure)
    left join feed_profile f using (extract, area, column_name, measure, back, bin)
    window earlier as (
        partition by p.extract, p.area, p.column_name, p.measure, p.season, b.bin
        order by p.place range between 1 following and 12 following
    ), year_ago as (
        partition by p.extract, p.area, p.column_name, p.measure, p.season, b.bin
        order by p.place range between 12 following and 12 following
    )
),

-- Half a row more in each bin, so that none is empty.
shares as (
    select
        * exclude (rows, past_rows, year_rows),
        (rows + 0.5) / (whole + 0.5 * bins) as share,
        (past_rows + 0.5) / (past_whole + 0.5 * bins) as past_share,
        (year_rows + 0.5) / (year_whole + 0.5 * bins) as year_share,
        case when bin = 'blank' and measure = 'blank' then rows end as blanks,
        case when bin = 'blank' and measure = 'blank' then past_rows end as past_blanks,
        case when bin = 'blank' and measure = 'blank' then year_rows end as year_blanks
    from counts
),

-- Whole millionths before they are summed: the same sum in any order.
indexed as (
    select
        extract, area6, area, column_name, measure, back, season, place, has_seasons, whole, past_whole, year_whole,
        past_periods, bins,
        sum(round(1000000 * (share - past_share) * ln(share / past_share))::bigint)::bigint as psi,
        sum(round(1000000 * (share - year_share) * ln(share / year_share))::bigint)::bigint as year_psi,
        coalesce(max(blanks), 0) as blanks, coalesce(max(past_blanks), 0) as past_blanks, coalesce(max(year_blanks), 0) as year_blanks
    from shares
    group by all
),

judged as (
    select
        i.*, l.drift_psi_floor, l.drift_blank_floor, l.drift_mads,
        case when past_periods < case when has_seasons then l.drift_years else l.periods end then 'too_short'
            when whole < l.drift_rows then 'too_few' else 'judged' end as stage,
        round(1000000 * (bins - 1 + l.drift_noise * sqrt(2 * (bins - 1))) * (1 / whole + 1 / past_whole))::bigint as chance
    from indexed i
    join gate_limits l using (area)
),

used_to as (
    select
        *,
        list(psi) filter (stage <> 'too_short') over (
            partition by extract, area, column_name, measure, season
            order by place range between 1 following and 12 following
        ) as past_psi
    from judged
),

usual as (
    select *, middle(past_psi) as usual_psi, spread(past_psi, middle(past_psi)) as strayed from used_to
),

held_against as (
    select
        *,
        stage = 'judged'
        and psi > chance
        and psi > coalesce(usual_psi + drift_mads * strayed, 0)
        and case measure
            when 'blank' then abs(blanks / whole - past_blanks / past_whole) >= drift_blank_floor
                and coalesce(abs(blanks / whole - year_blanks / year_whole) >= drift_blank_floor, true)
            else least(psi, coalesce(year_psi, psi)) >= 1000000 * drift_psi_floor
        end as is_drifted
    from usual
),

-- Months running, the oldest first: a month that is as usual ends what went before.
running as (
    select
        *,
        count(*) filter (not is_drifted) over (
            partition by extract, area, column_name, measure order by back desc
        ) as quiet_before
    from held_against
),

since as (
    select
        *,
        case when is_drifted then max(back) filter (is_drifted) over (
            partition by extract, area, column_name, measure, quiet_before
        ) end as since_back,
        back = min(back) over (partition by extract, area6) as is_newest
    from running
)

select
    s.extract, f.title || '（' || f.body || '）' as feed, s.area6, s.area, s.column_name, c.header, s.measure,
    month_at(s.back) as month, s.back, s.whole as rows, s.past_periods,
    case when s.stage <> 'judged' then s.stage when s.is_drifted then 'drifted' else 'usual' end as state,
    case when s.stage = 'judged' then s.psi end as psi, s.chance, s.usual_psi,
    case when s.measure = 'blank' then s.blanks * 1000 // s.whole end as blank_thousandths,
    case when s.measure = 'blank' then s.past_blanks * 1000 // s.past_whole end as past_blank_thousandths,
    s.is_newest,
    s.is_drifted and (s.area = s.area6 or county.extract is null) as is_told,
    case when s.is_drifted then month_at(s.since_back) end as since_month,
    case when not s.is_drifted then null
        when s.measure = 'band' then printf('金额分布与往期不同（PSI %.2f）：请看单位、标准或统计口径是否变了', s.psi / 1000000.0)
        when s.measure = 'code' then printf('代码构成与往期不同（PSI %.2f）：请看代码表或认定口径是否变了', s.psi / 1000000.0)
        when is_small(s.blanks) or is_small(s.whole - s.blanks) or is_small(s.past_blanks) or is_small(s.past_whole - s.past_blanks)
            then '空白占比与往期不同：请看该列是否仍在填报、表头或导出口径是否变了'
        else printf('空白占比由 %.1f%% 变为 %.1f%%：请看该列是否仍在填报、表头或导出口径是否变了',
            100.0 * s.past_blanks / s.past_whole, 100.0 * s.blanks / s.whole)
    end as says
from since s
join contract_facts f using (extract)
join contract_columns c on c.extract = s.extract and c.column_name = s.column_name
left join since county on s.area <> s.area6 and county.extract = s.extract and county.area = s.area6
    and county.column_name = s.column_name and county.measure = s.measure and county.back = s.back and county.is_drifted
where s.stage = 'judged' or (s.is_newest and s.area = s.area6)
order by s.extract, s.area, s.column_name, s.measure, s.back
