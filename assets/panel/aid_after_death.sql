-- Aid that the register goes on to hold in force for the dead
-- One row a person, in the household of the list that the aid names, else the one the person counted in last, whether
-- or not anyone is left in it. months are those after the month of death, as bits. Who died on a day that nobody tells
-- is not judged.

with paid as (
    select
        a.person_key, a.household_no,
        month_bits(a.in_force_from, a.in_force_to) & month_bits(a.start_month, a.end_month)
            & month_bits((date_trunc('month', f.died_on) + interval 1 month)::date, null) as months
    from civil_affairs_assistance a
    join fates f using (person_key)
    where f.died_on is not null
        and (coalesce(a.result, '1') in ('1', '4') or (a.result = '3' and a.end_month is not null))
),

by_person as (
    select person_key, max(household_no) as household_no, bit_or(months) as months
    from paid
    group by person_key
    having bit_or(months) <> 0
)

select m.household_id, m.household_no, m.area6, m.area12, b.person_key, b.months
from by_person b
join household_members m using (person_key)
qualify row_number() over (
    partition by b.person_key
    order by m.household_no is distinct from b.household_no, m.months = 0, m.months & -m.months, m.household_id
) = 1
