-- Families to visit as it was and as it would be, by town, level and aid that may fit, and how many come and go

with families as (
    select 'before' as side, * from levels_before
    union all by name
    select 'after' as side, * from levels_after
),

standing as (
    select side, 'town' as measure, left(area12, 9) as item, household_id from families
    union all
    select side, 'level', level::varchar, household_id from families
    union all
    select side, 'aid', unnest(aid_that_fits(rules, dimensions)), household_id from families
),

both_sides as (
    select
        measure, item, household_id,
        bool_or(side = 'before') as was, bool_or(side = 'after') as would_be
    from standing
    group by all
),

moved as (
    select household_id, change from changes
)

select
    s.measure, s.item, coalesce(town.name, s.item) as name,
    count(*) filter (was) as before,
    count(*) filter (would_be) as after,
    count(*) filter (m.change = 'enters') as enters,
    count(*) filter (m.change = 'leaves') as leaves,
    count(*) filter (m.change = 'rises' and would_be) as rises,
    count(*) filter (m.change = 'falls' and would_be) as falls
from both_sides s
left join moved m using (household_id)
left join areas town on s.measure = 'town' and town.code = s.item || '000'
group by s.measure, s.item, town.name
order by s.measure = 'aid', s.measure = 'level', case s.measure when 'level' then -(s.item::integer) end, s.item
