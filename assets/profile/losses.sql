-- Who was lost: members who died within 92 days, and children whose parents are all dead, in custody or missing
-- An earner is who was paid or declared a wage in t-15 ... t-1. Parents of a child are the mother of its birth record and
-- its school's guardians; where these name fewer than two, also by the member list the head and the spouse of a son or
-- daughter, the sons and daughters of a grandchild. All but the mother must be 15 to 50 years older: a grandmother who
-- heads the household now is no parent. One of whom nothing is known counts as there.

with everyone as (
    select m.household_id, m.person_key, m.relation, m.months, p.born_on, p.age, f.died_on
    from household_members m
    left join persons p using (person_key)
    left join fates f using (person_key)
),

wages as (
    select distinct household_id, person_key
    from employment_contributions
    where is_paid and months_back(pay_month) between 1 and 15
    union
    select distinct i.household_id, i.person_key
    from civil_affairs_income i
    join settings_of v using (household_id)
    where i.item = 'A' and i.amount > 0 and ((1 << 15) - 1) & month_bits(
        i.from_month, coalesce(i.to_month, (i.from_month + to_months(v.income_valid_months::integer - 1))::date)) <> 0
),

died as (
    select
        e.household_id,
        count(*) as died_members,
        count(*) filter (e.relation = '02' or w.person_key is not null) as died_pillars
    from everyone e
    left join wages w using (household_id, person_key)
    where just_happened(e.died_on) and counted_at(e.months, e.died_on)
    group by e.household_id
),

children as (
    select household_id, person_key, relation, born_on from everyone where has_month(months, 1) and age < 18
),

told as (
    select household_id, person_key, mother_key as parent_key, true as is_mother from health_records where record = '5'
    union
    select household_id, person_key, unnest([guardian1_key, guardian2_key]), false from education_students
),

named as (
    select distinct c.household_id, c.person_key, t.parent_key
    from children c
    join told t using (household_id, person_key)
    left join persons p on p.person_key = t.parent_key
    where t.parent_key is not null
        and (t.is_mother or coalesce(date_diff('year', p.born_on, c.born_on) between 15 and 50, true))
),

listed as (
    select c.household_id, c.person_key, e.person_key as parent_key
    from children c
    join everyone e using (household_id)
    anti join (from named select household_id, person_key group by all having count(*) >= 2) both_named
        on both_named.household_id = c.household_id and both_named.person_key = c.person_key
    where ((c.relation in ('20', '30') and e.relation in ('02', '10')) or (c.relation = '40' and e.relation in ('20', '30')))
        and date_diff('year', e.born_on, c.born_on) between 15 and 50
),

parents as (
    from named
    union
    from listed
),

looked_after as (
    select
        p.household_id, p.person_key,
        count(*) as known_parents,
        bool_and(coalesce(f.is_dead, false)
            or has_month(coalesce(f.custody_months, 0) | coalesce(f.missing_months, 0), 1)) as is_alone
    from parents p
    left join fates f on f.person_key = p.parent_key
    group by p.household_id, p.person_key
),

unattended as (
    select
        household_id,
        count(*) filter (known_parents >= 2) as unattended_children,
        count(*) filter (known_parents = 1) as half_unattended_children
    from looked_after
    where is_alone
    group by household_id
)

select
    h.household_id,
    coalesce(d.died_members, 0) as died_members,
    coalesce(d.died_pillars, 0) as died_pillars,
    coalesce(u.unattended_children, 0) as unattended_children,
    coalesce(u.half_unattended_children, 0) as half_unattended_children
from households h
left join died d using (household_id)
left join unattended u using (household_id)
