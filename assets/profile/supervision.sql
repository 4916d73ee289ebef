-- What should not be paid: aid of the dead
-- Months of t-12 ... t-1 after the month of death in which the register still holds a person's aid in force. Who died on
-- a day that nobody tells is not judged.

with paid as (
    select
        a.household_id, a.person_key, a.aid_type,
        month_bits(a.in_force_from, a.in_force_to) & month_bits(a.start_month, a.end_month)
            & month_bits((date_trunc('month', f.died_on) + interval 1 month)::date, null) & ((1 << 12) - 1) as months
    from civil_affairs_assistance a
    join fates f using (person_key)
    where f.died_on is not null and coalesce(a.result, '1') in ('1', '4')
),

by_person as (
    select household_id, person_key, bit_or(months) as months from paid group by household_id, person_key
)

select
    h.household_id,
    coalesce(sum(bit_count(b.months)), 0)::bigint as aid_months_after_death
from households h
left join by_person b using (household_id)
group by h.household_id
