-- Dangerous dwellings of the members: grade C or D in the register in force
-- A check that the register dates after the night does not count yet; a dwelling whose grade is not told says nothing.

select
    h.household_id,
    coalesce(bool_or(d.danger in ('C', 'D')), false) as has_dangerous_dwelling,
    coalesce(bool_or(d.danger = 'D'), false) as has_condemned_dwelling
from households h
left join housing_dwellings d
    on d.household_id = h.household_id and has_month(d.member_months, 1)
    and in_force_at(d.in_force_from, d.in_force_to, this_month())
    and (d.checked_on is null or d.checked_on <= getvariable('as_of')::date)
group by h.household_id
