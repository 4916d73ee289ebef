-- Which feeds hold rules tonight: where, since when and why
-- One row a feed, place and gate; a breaker speaks of hits, so its counts are left out.

select
    area6,
    town_name as place,
    state_name,
    state = 'held' as is_held,
    gate_name,
    (select string_agg(c.title || '（' || c.body || '）', '、' order by c.extract) from contract_facts c
     where list_contains(string_split(h.extracts, '、'), c.extract)) as feeds,
    since_month,
    case when gate = 'rate' then '命中户数远超往月' else reason end as reason,
    count(distinct rule) as rules
from held_list h
where state <> 'off'
group by area6, town, town_name, state, state_name, gate, gate_name, extracts, since_month,
    case when gate = 'rate' then '命中户数远超往月' else reason end
order by area6, is_held desc, town, extracts, gate, reason
