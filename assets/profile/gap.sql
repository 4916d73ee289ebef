-- Families who could hold aid and do not: for how many evaluations running
-- An evaluation is a month: windows that end at t-1, t-2 …, as many as the parameter gap_evaluations asks for, with the
-- members, the standard, the income and the aid of their time. Only income that is known in every month of its window and
-- paid, verified or proxied (classes A and B) counts. Each figure is how many evaluations, from t-1 back, found the family
-- eligible and without that aid or a higher one, without a break: nights of one month are one evaluation, and a late word
-- counts for the month that it tells of. A family below the standard is below the edge too.

with evaluations as (
    select ago::integer as ago
    from range(least((select max(gap_evaluations) from settings_of), 11)::bigint) asked(ago)
),

sizes as (
    select m.household_id, e.ago, count(*) filter (has_month(m.months, 1 + e.ago)) as members
    from household_members m
    cross join evaluations e
    group by all
),

place_standards as (
    select
        s.area12, s.residence, e.ago,
        max(s.value) filter (s.name = 'dibao' and s.back = 1 + e.ago)::bigint as standard_year,
        sum(s.value) filter (s.name = 'dibao' and s.back between 1 + e.ago and 12 + e.ago)::bigint as twelve_standards,
        max(s.value) filter (s.name = 'pcdi' and s.back = 1 + e.ago)::bigint as disposable
    from settings s
    cross join evaluations e
    where s.name in ('dibao', 'pcdi')
    group by all
),

granted as (
    select
        household_id, aid_type,
        member_months & month_bits(in_force_from, in_force_to) & month_bits(start_month, end_month) as months
    from civil_affairs_assistance
    where coalesce(result, '1') in ('1', '4') or (result = '3' and end_month is not null)
),

aids as (
    select
        household_id,
        bit_or(months) filter (aid_type in ('110', '120', '131', '132')) as dibao_months,
        bit_or(months) filter (aid_type = '600') as edge_months,
        bit_or(months) filter (aid_type = '650') as rigid_months
    from granted
    group by household_id
),

windows as (
    select
        m.household_id, e.ago, f.income_lag + e.ago as lag,
        m.income[1 + lag : 3 + lag] as now,
        m.income_class[1 + lag : 3 + lag] as now_classes,
        m.income[1 + lag : 12 + lag] as year,
        m.income_class[1 + lag : 12 + lag] as year_classes,
        list_sum(m.oop[1 + e.ago : 12 + e.ago])::bigint as oop
    from household_months m
    join profile_feeds f using (household_id)
    cross join evaluations e
),

judged as (
    select
        w.household_id, w.ago, z.members, s.standard_year, s.disposable,
        case when v.rigid_living > 0 then v.rigid_living * z.members * s.twelve_standards else 0 end as twelve_livings,
        case when list_count(w.now) = 3 and list_max(w.now_classes) <= 2 then list_sum(w.now) end::bigint as now_sum,
        case when list_count(w.year) = 12 and list_max(w.year_classes) <= 2 then list_sum(w.year) end::bigint as year_sum,
        w.oop + e.education_cost + r.rehabilitation_cost + r.disaster_loss as rigid,
        v.edge_multiple, v.rigid_share, v.rigid_floor,
        has_month(coalesce(a.dibao_months, 0), 1 + w.ago) as has_dibao,
        has_month(coalesce(a.edge_months, 0), 1 + w.ago) as has_edge,
        has_month(coalesce(a.rigid_months, 0), 1 + w.ago) as has_rigid
    from windows w
    join households h using (household_id)
    join sizes z using (household_id, ago)
    left join place_standards s on s.area12 = h.area12 and s.residence = h.residence and s.ago = w.ago
    left join aids a using (household_id)
    join profile_education e using (household_id)
    join profile_rigid r using (household_id)
    join settings_of v using (household_id)
),

passed as (
    select
        household_id, ago,
        not has_dibao and coalesce(4 * now_sum < members * standard_year, false) as is_poor,
        not has_dibao and not has_edge and coalesce(4 * now_sum < edge_multiple * members * standard_year, false) as is_edge,
        not has_dibao and not has_edge and not has_rigid
            and coalesce(year_sum < members * disposable and rigid >= rigid_floor
                and 12 * rigid + twelve_livings >= 12 * rigid_share * greatest(year_sum, 0), false) as is_rigid
    from judged
)

select
    p.household_id,
    least(coalesce(min(p.ago) filter (not p.is_poor), count(*)), v.gap_evaluations)::bigint as poor_evaluations,
    least(coalesce(min(p.ago) filter (not p.is_edge), count(*)), v.gap_evaluations)::bigint as edge_evaluations,
    least(coalesce(min(p.ago) filter (not p.is_rigid), count(*)), v.gap_evaluations)::bigint as rigid_evaluations
from passed p
join settings_of v using (household_id)
group by p.household_id, v.gap_evaluations
