-- No rule is clearly worth less than visits on the whole: one that sends people to families who need nothing wastes their visits
-- yields, warn
select count(distinct rule) as rules, string_agg(distinct rule, '、' order by rule) as weak
from yields
where is_weak
