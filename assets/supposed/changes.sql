-- Who would enter the list, leave it, rise or fall, one row a household
-- By the levels of its hits, and beside them the case that the household had in that night.

with compared as (
    select
        coalesce(a.household_id, b.household_id) as household_id,
        coalesce(a.household_no, b.household_no) as household_no,
        coalesce(a.area12, b.area12) as area12,
        b.level as level_before,
        a.level,
        coalesce(a.main_rule, b.main_rule) as main_rule,
        coalesce(a.main_reason, b.main_reason) as main_reason,
        coalesce(a.rules, b.rules) as rules,
        coalesce(a.dimensions, b.dimensions) as dimensions
    from levels_after a
    full join levels_before b using (household_id)
    where a.level is distinct from b.level
)

select
    case when m.level_before is null then 'enters' when m.level is null then 'leaves'
        when m.level > m.level_before then 'rises' else 'falls' end as change,
    m.household_no,
    c.case_id,
    left(m.area12, 9) as town_code,
    coalesce(town.name, left(m.area12, 9)) as town,
    m.level_before, m.level, m.main_rule, m.main_reason,
    aid_that_fits(m.rules, m.dimensions) as aid,
    m.household_id
from compared m
left join cases c using (household_id)
left join areas town on town.code = left(m.area12, 9) || '000'
order by town_code, change, coalesce(m.level, m.level_before) desc, household_no, household_id
