-- School: fees of non-compulsory stages net of aid, students in tertiary education, who left school, who lacks aid
-- The school year's fees of the register in force less the aid of the last two terms of which the county's aid was
-- delivered, loans apart: aid of a term that is still out makes no school dearer. Of compulsory age is who was six by the
-- 31st of August before the night and is under sixteen. Aid is missed only in a term of which aid was delivered.

with enrolled as (
    select
        s.household_id, s.person_key, s.stage, s.status, s.term,
        coalesce(s.tuition, 0) + coalesce(s.boarding, 0) as fees,
        term_begins(s.term) as term_from
    from education_students s
    where in_force_at(s.in_force_from, s.in_force_to, month_at(1)) and has_month(s.member_months, 1)
),

terms_told as (
    select distinct f.area6, term_of(month_at(m.back)) as term_from
    from feeds f
    join month_numbers m on has_month(f.months, m.back)
    where f.extract = 'education_aid'
    qualify dense_rank() over (partition by f.area6 order by term_from desc) <= 2
),

aided as (
    select a.household_id, a.person_key, sum(a.amount)::bigint as amount, max(t.term_from) as last_term_from
    from education_aid a
    join terms_told t on t.area6 = a.area6 and t.term_from = term_begins(a.term)
    where a.aid_kind <> '5'
    group by a.household_id, a.person_key
),

paying as (
    select household_id, person_key, max(fees) as fees, bool_or(stage in ('6', '7', '8')) as is_tertiary
    from enrolled
    where status = '1' and stage not in ('2', '3')
    group by household_id, person_key
),

costs as (
    select
        p.household_id,
        sum(greatest(p.fees - coalesce(a.amount, 0), 0))::bigint as education_cost,
        count(*) filter (p.is_tertiary) as tertiary_students
    from paying p
    left join aided a using (household_id, person_key)
    group by p.household_id
),

pupils as (
    select
        m.household_id, m.person_key,
        bool_or(e.status in ('1', '2', '4', '5')) as is_at_school,
        bool_or(e.status = '3') as has_dropped_out,
        bool_or(e.person_key is not null) as is_recorded
    from household_members m
    join persons p using (person_key)
    left join enrolled e on e.household_id = m.household_id and e.person_key = m.person_key
    where has_month(m.months, 1) and p.age < 16 and p.born_on <= make_date(
        year(getvariable('as_of')::date) - 6 - case when month(getvariable('as_of')::date) < 9 then 1 else 0 end, 8, 31)
    group by m.household_id, m.person_key
),

left_school as (
    select
        household_id,
        count(*) filter (has_dropped_out and not is_at_school) as dropped_out,
        count(*) filter (not is_recorded) as without_school
    from pupils
    group by household_id
),

certified as (
    select distinct household_id, person_key
    from disability_cards
    where in_force_at(in_force_from, in_force_to, this_month()) and issued_on <= getvariable('as_of')::date
        and (cancelled_on is null or cancelled_on > getvariable('as_of')::date)
),

unaided as (
    select
        e.household_id,
        count(distinct e.person_key) as unaided_students,
        count(distinct c.person_key) as unaided_disabled_students
    from enrolled e
    join households h using (household_id)
    join feeds f on f.area6 = h.area6 and f.extract = 'education_aid' and f.last_month >= e.term_from
    left join aided a on a.household_id = e.household_id and a.person_key = e.person_key and a.last_term_from >= e.term_from
    left join certified c on c.household_id = e.household_id and c.person_key = e.person_key
    where e.status = '1' and e.stage <> '8' and a.person_key is null
    group by e.household_id
)

select
    h.household_id,
    coalesce(c.education_cost, 0) as education_cost,
    coalesce(c.tertiary_students, 0) as tertiary_students,
    coalesce(l.dropped_out, 0) as dropped_out,
    coalesce(l.without_school, 0) as without_school,
    coalesce(u.unaided_students, 0) as unaided_students,
    coalesce(u.unaided_disabled_students, 0) as unaided_disabled_students
from households h
left join costs c using (household_id)
left join left_school l using (household_id)
left join unaided u using (household_id)
