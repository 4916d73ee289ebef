-- Listed families by town and level, as the statistics tell them
-- The county is a row too, with the town left out. Null is a cell that the statistics hide.

select
    area6,
    nullif(town, area6) as town,
    any_value(town_name) as name,
    any_value(told) filter (measure = 'all') as families,
    any_value(told) filter (measure = 'level' and item = '3') as red,
    any_value(told) filter (measure = 'level' and item = '2') as orange,
    any_value(told) filter (measure = 'level' and item = '1') as yellow
from (select *, case when not is_hidden then families::bigint end as told from statistics)
group by area6, town
order by area6, families desc nulls last, town
