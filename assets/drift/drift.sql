-- Columns of extracts whose content is no longer what it was: a code's share, bands of money, blanks
-- Each delivered month beside the up to twelve before it, pooled. psi: the population stability index in millionths.
-- Told where it lies over a floor (for blanks: where their share moved by one), over what chance may bring to so few
-- rows, and over what this column is used to: the median and MAD of its own earlier months. A month alone with fewer than
-- gate_periods earlier ones, or with too few rows, is not judged. What the county tells is not told again by its towns.

with periods as (
    select extract, area6, area, column_name, measure, back, sum(rows)::bigint as whole
    from feed_profile
    group by all
),

bins as (
    select extract, area, column_name, measure, bin, count(*) over (partition by extract, area, column_name, measure) as bins
    from (select distinct extract, area, column_name, measure, bin from feed_profile)
),

-- A bin that nobody is in this month is a count too: 0.
counts as (
    select
        p.*, b.bin, b.bins, coalesce(f.rows, 0) as rows,
        coalesce(sum(f.rows) over earlier, 0)::bigint as past_rows,
        coalesce(sum(p.whole) over earlier, 0)::bigint as past_whole,
        count(*) over earlier as past_periods
    from periods p
    join bins b using (extract, area, column_name, measure)
    left join feed_profile f using (extract, area, column_name, measure, back, bin)
    where b.bins > 1
    window earlier as (
        partition by p.extract, p.area, p.column_name, p.measure, b.bin
        order by p.back range between 1 following and 12 following
    )
),

-- Half a row more in each bin, so that none is empty.
shares as (
    select
        * exclude (rows, past_rows),
        (rows + 0.5) / (whole + 0.5 * bins) as share,
        (past_rows + 0.5) / (past_whole + 0.5 * bins) as past_share,
        case when bin = 'blank' and measure = 'blank' then rows end as blanks,
        case when bin = 'blank' and measure = 'blank' then past_rows end as past_blanks
    from counts
),

-- Whole millionths before they are summed: the same sum in any order.
indexed as (
    select
        extract, area6, area, column_name, measure, back, whole, past_whole, past_periods, bins,
        sum(round(1000000 * (share - past_share) * ln(share / past_share))::bigint)::bigint as psi,
        coalesce(max(blanks), 0) as blanks, coalesce(max(past_blanks), 0) as past_blanks
    from shares
    group by all
),

judged as (
    select
        i.*, l.drift_psi_floor, l.drift_blank_floor, l.drift_mads,
        round(1000000 * (bins - 1 + l.drift_noise * sqrt(2 * (bins - 1))) * (1 / whole + 1 / past_whole))::bigint as chance
    from indexed i
    join gate_limits l using (area)
    where past_periods >= l.periods and whole >= l.drift_rows
),

used_to as (
    select
        *,
        list(psi) over (
            partition by extract, area, column_name, measure order by back range between 1 following and 12 following
        ) as past_psi
    from judged
),

usual as (
    select *, middle(past_psi) as usual_psi, spread(past_psi, middle(past_psi)) as strayed from used_to
),

held_against as (
    select
        *,
        psi > chance
        and psi > coalesce(usual_psi + drift_mads * strayed, 0)
        and case measure
            when 'blank' then abs(blanks / whole - past_blanks / past_whole) >= drift_blank_floor
            else psi >= 1000000 * drift_psi_floor
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
    month_at(s.back) as month, s.back, s.whole as rows, s.past_periods, s.psi, s.chance, s.usual_psi,
    case when s.measure = 'blank' then s.blanks * 1000 // s.whole end as blank_thousandths,
    case when s.measure = 'blank' then s.past_blanks * 1000 // s.past_whole end as past_blank_thousandths,
    s.is_newest,
    s.is_drifted and (s.area = s.area6 or county.extract is null) as is_told,
    case when s.is_drifted then month_at(s.since_back) end as since_month,
    case when not s.is_drifted then null
        when s.measure = 'blank' then printf('空白占比由 %.1f%% 变为 %.1f%%：请看该列是否仍在填报、表头或导出口径是否变了',
            100.0 * s.past_blanks / s.past_whole, 100.0 * s.blanks / s.whole)
        when s.measure = 'band' then printf('金额分布与往月不同（PSI %.2f）：请看单位、标准或统计口径是否变了', s.psi / 1000000.0)
        else printf('代码构成与往月不同（PSI %.2f）：请看代码表或认定口径是否变了', s.psi / 1000000.0)
    end as says
from since s
join contract_facts f using (extract)
join contract_columns c on c.extract = s.extract and c.column_name = s.column_name
left join since county on s.area <> s.area6 and county.extract = s.extract and county.area = s.area6
    and county.column_name = s.column_name and county.measure = s.measure and county.back = s.back and county.is_drifted
order by s.extract, s.area, s.column_name, s.measure, s.back
