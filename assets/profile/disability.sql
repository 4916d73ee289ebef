-- Certified disability of the members, and what is new about it
-- A card counts that stands in the register in force and is not cancelled by the night. Severe are grades 1 and 2, and
-- grade 3 of the mind (kinds 5 and 6). New is a severe card issued within 92 days to someone who never held one before,
-- or a card that the register called light and within 92 days calls severe: a card renewed at the same grade is not new.
-- Adults are 18 and over, elders 60 and over.

with cards as (
    select
        household_id, person_key, grade, living_subsidy, care_subsidy, period_from,
        grade in ('1', '2') or (grade = '3' and kind in ('5', '6')) as is_severe,
        in_force_at(in_force_from, in_force_to, this_month())
            and (cancelled_on is null or cancelled_on > getvariable('as_of')::date) as is_held,
        just_happened(issued_on) as is_recent
    from disability_cards
    where issued_on <= getvariable('as_of')::date and has_month(member_months, 1)
),

holders as (
    select
        c.household_id, c.person_key, any_value(p.age) as age,
        bool_or(is_held) as is_certified,
        bool_or(is_held and is_severe) as is_severe,
        bool_or(is_held and is_severe) and coalesce(
            (bool_or(is_held and is_severe and is_recent) and not bool_or(is_severe and not is_recent))
            or (last_day(min(period_from) filter (is_severe)) > getvariable('as_of')::date - 92
                and min(period_from) filter (not is_severe) < min(period_from) filter (is_severe)), false) as is_new,
        bool_or(is_held and grade in ('1', '2') and care_subsidy = 0) as lacks_care_subsidy,
        bool_or(is_held and living_subsidy = 0) as lacks_living_subsidy
    from cards c
    left join persons p using (person_key)
    group by c.household_id, c.person_key
),

counted as (
    select
        household_id,
        count(*) filter (is_certified) as disabled_members,
        count(*) filter (is_severe) as severely_disabled_members,
        count(*) filter (is_severe and age >= 18) as severely_disabled_adults,
        count(*) filter (is_severe and age >= 60) as severely_disabled_elders,
        count(*) filter (is_new) as newly_disabled_members,
        count(*) filter (lacks_care_subsidy) as without_care_subsidy,
        count(*) filter (lacks_living_subsidy) as without_living_subsidy
    from holders
    group by household_id
)

select
    h.household_id,
    coalesce(c.disabled_members, 0) as disabled_members,
    coalesce(c.severely_disabled_members, 0) as severely_disabled_members,
    coalesce(c.severely_disabled_adults, 0) as severely_disabled_adults,
    coalesce(c.severely_disabled_elders, 0) as severely_disabled_elders,
    coalesce(c.newly_disabled_members, 0) as newly_disabled_members,
    coalesce(c.without_care_subsidy, 0) as without_care_subsidy,
    coalesce(c.without_living_subsidy, 0) as without_living_subsidy
from households h
left join counted c using (household_id)
