-- Who the household is
-- n of the last closed month; members_changed when the counted persons are not the very same in every month
-- t-15 ... t-1. members_in_two: who stands in this list while another household counts them.

with counted as (
    select m.household_id, m.person_key, m.months, m.months & ((1 << 15) - 1) as compared, p.age, m.labour, m.health, m.is_in_two
    from household_members m
    left join persons p using (person_key)
)

select
    household_id,
    count(*) filter (has_month(months, 1)) as members,
    bool_or(compared not in (0, (1 << 15) - 1)) as members_changed,
    count(*) filter (has_month(months, 15)) as members_before,
    count(*) filter (has_month(months, 1) and age < 18) as children,
    count(*) filter (has_month(months, 1) and age >= 60) as elders,
    count(*) filter (has_month(months, 1) and health = '3') as seriously_ill,
    count(*) filter (has_month(months, 1) and health = '4') as severely_disabled,
    count(*) filter (has_month(months, 1) and labour = '3') as unable_to_work,
    count(*) filter (is_in_two) as members_in_two
from counted
group by household_id
