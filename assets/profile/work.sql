-- Work and pensions: who earned, who stopped, and what the registers say of it
-- "No record" in a feed that is complete for the months is a weak sign; a registration or an unpaid row a strong one.

with lags as (
    select f.household_id, f.income_lag as lag, (f.wage_months >> f.income_lag) & 7 = 7 as is_wage_feed_complete
    from profile_feeds f
),

earned as (
    select
        m.household_id,
        list_sum(m.earners[4 + l.lag : 15 + l.lag]) > 0 as had_earner,
        list_sum(m.earners[1 + l.lag : 3 + l.lag]) > 0 as has_earner,
        list_sum(m.earners[4 + l.lag : 15 + l.lag]) = list_sum(m.feed_earners[4 + l.lag : 15 + l.lag]) as is_earner_in_feed,
        list_count(m.income[1 + l.lag : 3 + l.lag]) = 3 as is_income_known,
        list_sum(m.stops[1 + l.lag : 3 + l.lag]) > 0 as has_stop_record
    from household_months m
    join lags l using (household_id)
),

paid as (
    select
        c.household_id, c.person_key,
        count(distinct months_back(c.pay_month)) filter (
            c.is_paid and months_back(c.pay_month) between 4 + l.lag and 15 + l.lag) as paid_before,
        count(*) filter (c.is_paid and months_back(c.pay_month) between 1 + l.lag and 3 + l.lag) as paid_now,
        count(*) filter (not c.is_paid and months_back(c.pay_month) between 1 + l.lag and 3 + l.lag) as unpaid_now
    from employment_contributions c
    join lags l using (household_id)
    where has_month(c.member_months, 1)
    group by all
),

pensioners as (
    select distinct household_id, person_key from employment_pensions where status = '1' and months_back(pay_month) between 1 and 5
),

students as (
    select distinct household_id, person_key
    from education_students
    where status in ('1', '2') and in_force_at(in_force_from, in_force_to, month_at(1))
),

registered as (
    select
        household_id, person_key, benefit_to,
        cancelled_on is null or cancelled_on > getvariable('as_of')::date as is_unemployed,
        registered_on > getvariable('as_of')::date - 92 and registered_on <= getvariable('as_of')::date as is_new
    from employment_unemployment
    where in_force_at(in_force_from, in_force_to, this_month()) and has_month(member_months, 1)
        and registered_on <= getvariable('as_of')::date
),

lapsed as (
    select p.household_id, count(*) as lapsed_members, bool_or(p.unpaid_now > 0 or r.person_key is not null) as is_lapse_sure
    from paid p
    left join (select distinct household_id, person_key from registered where is_unemployed) r using (household_id, person_key)
    anti join pensioners n using (household_id, person_key)
    anti join students s using (household_id, person_key)
    join settings_of v using (household_id)
    where p.paid_now = 0 and p.paid_before >= v.si_lapse_paid
    group by p.household_id
),

-- Who had a wage in the three months, paid or declared, and is not registered as unemployed too.
earning as (
    select household_id, person_key from paid where paid_now > 0
    union
    select i.household_id, i.person_key
    from civil_affairs_income i
    join lags l using (household_id)
    join settings_of v using (household_id)
    where i.item = 'A' and i.amount > 0 and has_month(i.member_months, 1) and 0 <> 7 & (month_bits(
        i.from_month, coalesce(i.to_month, (i.from_month + to_months(v.income_valid_months::integer - 1))::date)) >> l.lag)
),

earner_homes as (
    select distinct e.household_id
    from earning e
    anti join (select * from registered where is_unemployed) r using (household_id, person_key)
),

unemployed as (
    select
        r.household_id,
        bool_or(r.is_new and r.is_unemployed and o.household_id is null) as has_new_unemployed,
        bool_or(r.is_unemployed and r.benefit_to is not null
            and last_day(r.benefit_to) > getvariable('as_of')::date - 92
            and last_day(r.benefit_to) <= getvariable('as_of')::date + v.ui_end_days::integer) as has_benefit_ending
    from registered r
    join settings_of v using (household_id)
    left join earner_homes o using (household_id)
    group by r.household_id
),

pension_runs as (
    select
        household_id, person_key, kind, pay_month, status, member_months,
        lag(status) over run as status_before
    from employment_pensions
    where pay_month <= getvariable('as_of')::date
    window run as (partition by household_id, person_key, kind order by pay_month)
),

pension_stops as (
    select household_id, true as has_pension_stopped
    from pension_runs
    anti join (select person_key from persons where is_dead) dead using (person_key)
    where has_month(member_months, 1)
    group by household_id, person_key, kind
    having arg_max(status, pay_month) <> '1'
        and max(pay_month) filter (status <> '1' and status_before = '1') > getvariable('as_of')::date - 92
)

select
    h.household_id,
    coalesce(e.had_earner, false) as had_earner,
    coalesce(e.has_earner, false) as has_earner,
    coalesce(e.is_earner_in_feed, false) as is_earner_in_feed,
    coalesce(e.is_income_known, false) as is_income_known,
    coalesce(e.has_stop_record, false) as has_stop_record,
    w.is_wage_feed_complete,
    case when w.is_wage_feed_complete then coalesce(l.lapsed_members, 0) end as lapsed_members,
    coalesce(l.is_lapse_sure, false) as is_lapse_sure,
    coalesce(u.has_new_unemployed, false) as has_new_unemployed,
    coalesce(u.has_benefit_ending, false) as has_benefit_ending,
    exists (select 1 from pension_stops p where p.household_id = h.household_id) as has_pension_stopped
from households h
left join earned e using (household_id)
join lags w using (household_id)
left join lapsed l using (household_id)
left join unemployed u using (household_id)
