-- Precision and recall of each list, were it cut at a higher score
-- thresholds.csv holds the cuts; the first of a system is its list as it is. An alert is a family that comes newly over the
-- cut (every night, for a system that raises again); right and found as in alerts and spells. The score of this system is
-- whether the case is red, then how little is left after own cost; that of a line is the figure in lines.

with over as (
    select t.system, t.threshold, l.night, l.household_no
    from cuts t
    join listed l on l.system = t.system and l.score >= t.threshold
),

ordered as (
    select night, lag(night) over (order by night) as night_before from nights
),

raised as (
    select
        o.system, o.threshold,
        exists (from needs n where n.household_no = o.household_no and n.kind = 'need'
            and n.from_day <= o.night + 31 and n.to_day >= o.night) as is_right
    from over o
    join ordered using (night)
    join systems s using (system)
    left join over b on b.system = o.system and b.threshold = o.threshold and b.household_no = o.household_no
        and b.night = night_before
    where b.household_no is null or s.raised = 'each night'
),

begun as (
    select household_no, from_day, until_day from spells where system = 'lowincome'
),

counted as (
    select system, threshold, count(*) as alerts, count(*) filter (is_right) as rights from raised group by all
),

met as (
    select
        t.*, count(*) as spells,
        count(*) filter (exists (from over o where o.system = t.system and o.threshold = t.threshold
            and o.household_no = b.household_no and o.night between b.from_day - 62 and b.until_day)) as found
    from cuts t
    cross join begun b
    group by all
)

select
    t.system, t.threshold, coalesce(c.alerts, 0) as alerts, coalesce(c.rights, 0) as rights,
    coalesce(m.spells, 0) as spells, coalesce(m.found, 0) as found,
    c.rights / c.alerts as precision, m.found / m.spells as recall
from cuts t
left join counted c using (system, threshold)
left join met m using (system, threshold)
order by t.place
