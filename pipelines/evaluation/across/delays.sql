-- Spells found within so many days of their start, over all seeds, with Wilson's interval
select
    system, days, sum(found) / sum(spells) as share,
    wilson_low(sum(found), sum(spells)) as low, wilson_high(sum(found), sum(spells)) as high
from delays
group by all
order by all
