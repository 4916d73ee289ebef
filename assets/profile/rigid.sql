-- Rigid expenditure other than living and medical cost, over t-12 ... t-1
-- Education of non-compulsory stages by the school year; rehabilitation and disaster loss as civil affairs verified
-- them (items Z and W, source 2).

with students as (
    select
        household_id, person_key,
        max(coalesce(tuition, 0) + coalesce(boarding, 0)) as cost,
        bool_or(stage in ('6', '7', '8')) as is_tertiary
    from education_students
    where status = '1' and stage not in ('2', '3')
        and in_force_at(in_force_from, in_force_to, month_at(1)) and has_month(member_months, 1)
    group by all
),

education as (
    select household_id, sum(cost)::bigint as education_cost, count(*) filter (is_tertiary) as tertiary_students
    from students
    group by household_id
),

verified as (
    select
        i.household_id,
        sum(i.amount) filter (i.item = 'Z')::bigint as rehabilitation_cost,
        sum(i.amount) filter (i.item = 'W')::bigint as disaster_loss
    from civil_affairs_income i
    join month_numbers m on m.back <= 12
        and has_month(i.member_months & month_bits(i.from_month, coalesce(i.to_month, i.from_month)), m.back)
    where i.source = '2' and i.item in ('Z', 'W')
    group by i.household_id
)

select
    h.household_id,
    coalesce(e.education_cost, 0) as education_cost,
    coalesce(e.tertiary_students, 0) as tertiary_students,
    coalesce(v.rehabilitation_cost, 0) as rehabilitation_cost,
    coalesce(v.disaster_loss, 0) as disaster_loss
from households h
left join education e using (household_id)
left join verified v using (household_id)
