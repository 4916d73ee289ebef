-- What is left of a year's income after own cost, a head, against the standard of the year
-- left_share: 1 is just the standard, below 0 the cost is more than the income; NULL where income or standard is not known.
-- The cost is medical, school, rehabilitation and losses, as in RIGID-RES. It orders visits within a level, and judges nobody.

select
    i.household_id,
    (i.income_year_sum::double / i.income_year_months
        - m.oop_year - e.education_cost - r.rehabilitation_cost - r.disaster_loss)
    / nullif(b.members * s.standard_year_sum::double / s.standard_year_months, 0) as left_share
from profile_income i
join profile_medical m using (household_id)
join profile_education e using (household_id)
join profile_rigid r using (household_id)
join profile_standard s using (household_id)
join households b using (household_id)
