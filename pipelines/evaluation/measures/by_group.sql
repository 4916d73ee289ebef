-- Recall of this system by town, residence and kind of family, beside that of all others
-- A family has every kind that it is told of. low and high are Wilson's interval at 1.96 standard deviations: a group is
-- served worse for certain where its high lies under the low of the rest.

with grouped as (
    select household_no, 'town ' || town as family_group from families where town is not null
    union all
    select household_no, 'residence ' || residence from families where residence is not null
    union all
    select household_no, 'kind ' || unnest(string_split(kinds, ';')) from families where kinds <> ''
),

counted as (
    select
        g.family_group,
        count(*) filter (m.household_no is not null) as spells,
        count(*) filter (m.household_no is not null and s.is_found) as found,
        count(*) filter (m.household_no is null) as other_spells,
        count(*) filter (m.household_no is null and s.is_found) as other_found
    from (select distinct family_group from grouped) g
    cross join (from spells where system = 'lowincome') s
    left join grouped m on m.family_group = g.family_group and m.household_no = s.household_no
    group by g.family_group
)

select
    *,
    found / nullif(spells, 0) as recall, wilson_low(found, spells) as low, wilson_high(found, spells) as high,
    other_found / nullif(other_spells, 0) as other_recall,
    wilson_low(other_found, other_spells) as other_low, wilson_high(other_found, other_spells) as other_high
from counted
order by family_group
