-- Dimensions and levels over all seeds: counts added up, Wilson's interval for the precision
select
    reason, sum(alerts) as alerts, sum(rights) as rights, sum(early) as early, sum(wasted) as wasted,
    sum(rights) / sum(alerts) as precision,
    wilson_low(sum(rights), sum(alerts)) as low, wilson_high(sum(rights), sum(alerts)) as high,
    sum(spells_found) / any_value(s.spells) as recall, sum(alerts) / nullif(sum(families), 0) as visits_per_find
from by_reason
cross join (select sum(spells) as spells from (select distinct seed, spells from by_reason)) s
group by reason
order by reason
