-- No rule hits far more or far fewer families than in any of the months before
-- hit_drift, warn
select
    count(*) filter (is_told) as drifted,
    nullif(count(distinct area) filter (is_told), 0) as areas,
    string_agg(distinct rule, '、' order by rule) filter (is_told) as rules,
    strftime(min(since_month) filter (is_told), '%Y-%m') as since,
    count(*) filter (state = 'too_short') as too_short,
    '| 规则 / rule | 范围 / area |' || chr(10) || '|---|---|' || chr(10) || string_agg(
        printf('| %s %s | %s |', title, rule, area), chr(10) order by rule, area
    ) filter (is_told) as chart
from hit_drift
