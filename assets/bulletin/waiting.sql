-- Families at risk that are not on the list tonight, by what they wait for
-- Null is a count from 1 to 4.

with counted as (
    select area6, waits, count(*) as families from waiting group by all
)

select
    area6,
    case waits
        when 'pending' then '待下一次评估确认'
        when 'queued' then '网格名额已满，排队'
        when 'snoozed' then '核查后休眠'
        when 'noted' then '剩余收入高于入户线，仅作记录'
        else '数据暂缓'
    end as says,
    case waits
        when 'pending' then 'a second evaluation'
        when 'queued' then 'a visit of their grid'
        when 'snoozed' then 'asleep after a visit'
        when 'noted' then 'nothing: their own cost leaves enough'
        else 'data that are held'
    end as says_en,
    case when not is_small(families) then families end as families
from counted
order by area6, list_position(['pending', 'queued', 'snoozed', 'held', 'noted'], waits)
