-- Every system with the same number of visits a night: who finds more?
-- The visits are those of `chosen`. Right and found as for alerts and spells: in need on the night or within 31 days; the
-- first of these visits lies from 62 days before the start of a spell until 183 days after it, or its end.

with judged as (
    select
        c.*,
        exists (from needs n where n.household_no = c.household_no and n.kind = 'need'
            and n.from_day <= c.night + 31 and n.to_day >= c.night) as is_right
    from chosen c
),

visited as (
    select budget, system, count(*) as visits, count(*) filter (is_right) as rights,
        count(distinct household_no) filter (is_right) as families_found
    from judged
    group by all
),

begun as (
    select household_no, from_day, until_day from spells where system = 'lowincome'
),

met as (
    select v.budget, v.system, count(*) as found
    from visited v
    cross join begun b
    where exists (from chosen c where c.budget = v.budget and c.system = v.system
        and c.household_no = b.household_no and c.night between b.from_day - 62 and b.until_day)
    group by all
)

select
    v.budget, v.system, v.visits, v.rights, v.families_found, (select count(*) from begun) as spells, coalesce(m.found, 0) as found,
    v.rights / v.visits as precision, coalesce(m.found, 0) / nullif((select count(*) from begun), 0) as recall,
    v.visits / nullif(v.families_found, 0) as visits_per_find
from visited v
join systems s using (system)
left join met m using (budget, system)
order by v.budget = 'own' desc, try_cast(v.budget as integer), v.budget, s.place
