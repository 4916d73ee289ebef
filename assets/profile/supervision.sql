-- What should not be paid: aid of the dead
-- Months of t-12 ... t-1 after the month of death in which the register still holds a person's aid in force.

select
    h.household_id,
    coalesce(sum(bit_count(a.months & ((1 << 12) - 1))), 0)::bigint as aid_months_after_death
from households h
left join aid_after_death a using (household_id)
group by h.household_id
