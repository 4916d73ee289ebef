-- Recall, precision and visits of this system by town, residence and kind of family, beside that of all others
-- A family has every kind that it is told of. low and high are Wilson's interval at 1.96 standard deviations: a group is
-- served worse for certain where its high lies under the low of the rest. Visits and families found as in the summary.

with grouped as (
    select household_no, 'town ' || town as family_group from families where town is not null
    union all
    select household_no, 'residence ' || residence from families where residence is not null
    union all
    select household_no, 'kind ' || unnest(string_split(kinds, ';')) from families where kinds <> ''
),

named as (
    select distinct family_group from grouped
),

counted as (
    select
        g.family_group,
        count(*) filter (m.household_no is not null) as spells,
        count(*) filter (m.household_no is not null and s.is_found) as found,
        count(*) filter (m.household_no is null) as other_spells,
        count(*) filter (m.household_no is null and s.is_found) as other_found
    from named g
    cross join (from spells where system = 'lowincome') s
    left join grouped m on m.family_group = g.family_group and m.household_no = s.household_no
    group by g.family_group
),

alerted as (
    select
        g.family_group,
        count(*) filter (m.household_no is not null) as alerts,
        count(*) filter (m.household_no is not null and a.verdict = 'right') as rights,
        count(*) filter (m.household_no is null) as other_alerts,
        count(*) filter (m.household_no is null and a.verdict = 'right') as other_rights
    from named g
    cross join (from alerts where system = 'lowincome') a
    left join grouped m on m.family_group = g.family_group and m.household_no = a.household_no
    group by g.family_group
),

visited as (
    select
        g.family_group,
        count(*) filter (m.household_no is not null) as visits,
        count(distinct v.household_no) filter (m.household_no is not null and v.is_found) as families_found,
        count(*) filter (m.household_no is null) as other_visits,
        count(distinct v.household_no) filter (m.household_no is null and v.is_found) as other_families_found
    from named g
    cross join (from visits where system = 'lowincome') v
    left join grouped m on m.family_group = g.family_group and m.household_no = v.household_no
    group by g.family_group
)

select
    n.family_group, c.* exclude (family_group),
    c.found / nullif(c.spells, 0) as recall, wilson_low(c.found, c.spells) as low, wilson_high(c.found, c.spells) as high,
    c.other_found / nullif(c.other_spells, 0) as other_recall,
    wilson_low(c.other_found, c.other_spells) as other_low, wilson_high(c.other_found, c.other_spells) as other_high,
    a.* exclude (family_group), v.* exclude (family_group)
from named n
left join counted c using (family_group)
left join alerted a using (family_group)
left join visited v using (family_group)
order by n.family_group
