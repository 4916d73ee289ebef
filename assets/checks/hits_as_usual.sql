-- No rule hits far more or far fewer families than in any of the months before
-- hit_drift, warn
select
    count(*) as drifted,
    count(distinct area) as areas,
    string_agg(distinct rule, '、' order by rule) as rules,
    strftime(min(since_month), '%Y-%m') as since
from hit_drift
where is_told
