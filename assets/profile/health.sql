-- Major illness found within 92 days, and members whose insurance of the year has lapsed
-- An illness is new to a person of whom none of its kind (ICD-10, three signs) was told before. A lapse is a last word
-- of the year that says suspended or ended, or no word of the year where the register tells of that year; the year is
-- that of the last closed month. Absence from the newest register alone ends no insurance. Long-term care and
-- major-illness insurance stand on the basic one and do not count.

with illnesses as (
    select household_id, person_key, left(disease_code, 3) as disease, recorded_on
    from health_records
    where record = '1' and has_month(member_months, 1)
),

diagnosed as (
    select household_id, count(distinct person_key) as newly_ill_members
    from illnesses
    anti join (from illnesses where recorded_on <= getvariable('as_of')::date - 92) known_before
        using (household_id, person_key, disease)
    where just_happened(recorded_on)
    group by household_id
),

-- Counties whose register in force has rows of the year at all.
told as (
    select area6
    from feeds
    where extract = 'health_insurance' and has_month(months, closed_back) and state in ('on time', 'open')
        and year(last_month) >= year(month_at(1))
),

last_words as (
    select household_id, person_key, arg_max(status, (period_from, status = '1')) as status
    from health_insurance
    where insurance in ('310', '390') and year = year(month_at(1)) and period_from <= getvariable('as_of')::date
        and has_month(member_months, 1)
    group by household_id, person_key, insurance
),

insured as (
    select household_id, person_key, bool_or(status = '1') as is_insured from last_words group by household_id, person_key
),

lapsed as (
    select
        m.household_id,
        count(*) filter (i.person_key is null) as unrecorded,
        count(*) filter (i.is_insured = false) as ended
    from household_members m
    left join persons p using (person_key)
    left join insured i on i.household_id = m.household_id and i.person_key = m.person_key
    where has_month(m.months, 1) and not m.is_unnumbered and p.age >= 1
    group by m.household_id
)

select
    h.household_id,
    coalesce(d.newly_ill_members, 0) as newly_ill_members,
    case when t.area6 is not null then coalesce(l.unrecorded, 0) + coalesce(l.ended, 0) end as uninsured_members,
    coalesce(l.ended, 0) > 0 as is_uninsured_sure
from households h
left join told t using (area6)
left join diagnosed d using (household_id)
left join lapsed l using (household_id)
