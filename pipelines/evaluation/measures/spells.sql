-- A spell of need that begins between the first night + 15 days and the last night, and whether it was found
-- Found: the family stands on the list on a night from 62 days before its start until 183 days after it, or its end if that
-- is sooner; or staff had helped it before that night and its case stands. Delay: days and nights from the start to the
-- first such night; 0 where found before.

with spells as (
    select n.*, least(n.to_day, n.from_day + 183) as until_day
    from needs n
    where n.kind = 'need'
        and n.from_day between (select min(night) + 15 from nights) and (select max(night) from nights)
),

met_on as (
    select system, household_no, night from listed
    union
    select 'lowincome', household_no, night from known
),

met as (
    select s.system, p.household_no, p.from_day, min(l.night) as found_on
    from spells p
    cross join systems s
    left join met_on l on l.system = s.system and l.household_no = p.household_no
        and l.night between p.from_day - 62 and p.until_day
    group by all
)

select
    m.system, m.household_no, m.from_day, p.until_day, p.cause, p.is_seen, m.found_on,
    m.found_on is not null as is_found,
    case when m.found_on is not null then greatest(date_diff('day', m.from_day, m.found_on), 0) end as delay_days,
    case when m.found_on is not null then (select count(*) from nights t where t.night >= m.from_day and t.night < m.found_on) end
        as delay_nights
from met m
join spells p using (household_no, from_day)
