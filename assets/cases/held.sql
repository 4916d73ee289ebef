-- Rules that nobody may act on tonight, by county, and why
-- off: an extract that the rule needs has never come; held: it has come for at least six months and is late now;
-- warned: late too, but the feed is too young to be judged.

with needed as (
    select r.rule, r.extract, r.is_any, f.area6, f.state, f.is_absent, f.last_month, f.periods
    from rule_needs r
    join feeds f using (extract)
),

gathered as (
    select
        rule, area6,
        coalesce(bool_or(not is_any and is_absent), false) or coalesce(bool_and(is_absent) filter (is_any), false) as is_off,
        bool_or(state = 'late' and periods >= 6) as is_held,
        bool_or(state = 'late') as is_late,
        string_agg(extract, '、' order by extract) filter (is_absent) as absent,
        string_agg(extract, '、' order by extract) filter (state = 'late') as late,
        min(last_month) filter (state = 'late') as since_month
    from needed
    group by rule, area6
)

select
    area6, rule,
    case when is_off then 'off' when is_held then 'held' else 'warned' end as state,
    case when is_off then absent else late end as extracts,
    case when is_off then null else since_month end as since_month,
    case
        when is_off then '从未收到：' || absent
        else '上一个已结月份未到：' || late || '，最近到 ' || strftime(since_month, '%Y-%m')
    end as reason
from gathered
where is_off or is_late
