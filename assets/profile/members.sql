-- Who the household is
-- n of the last closed month; members_changed when the counted persons are not the very same in every month
-- t-15 ... t-1; members_in_two: whom this list and another household's hold in t-1, wherever they count. change_kinds
-- tells of what has happened in those months, newest first, change_months when, last_change when last.

with counted as (
    select
        m.household_id, m.person_key, m.months, m.months & months_since(15) as compared, m.double_months,
        p.age, m.labour, m.health
    from household_members m
    left join persons p using (person_key)
),

changes as (
    select
        household_id,
        max(month) as last_change,
        list(kind order by month desc, kind) as change_kinds,
        list(month order by month desc, kind) as change_months
    from structure_changes
    where months_back(month) between 1 and 15
    group by household_id
)

select
    household_id,
    count(*) filter (has_month(months, 1)) as members,
    bool_or(compared not in (0, months_since(15))) as members_changed,
    any_value(last_change) as last_change,
    coalesce(any_value(change_kinds), []) as change_kinds,
    coalesce(any_value(change_months), []) as change_months,
    count(*) filter (has_month(months, 15)) as members_before,
    count(*) filter (has_month(months, 1) and age < 18) as children,
    count(*) filter (has_month(months, 1) and age >= 60) as elders,
    count(*) filter (has_month(months, 1) and health = '3') as seriously_ill,
    count(*) filter (has_month(months, 1) and health = '4') as severely_disabled,
    count(*) filter (has_month(months, 1) and labour = '3') as unable_to_work,
    count(*) filter (has_month(double_months, 1)) as members_in_two
from counted
left join changes using (household_id)
group by household_id
