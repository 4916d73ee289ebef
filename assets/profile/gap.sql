-- Families who could hold aid and do not: for how many evaluations running
-- An evaluation is a month: windows that end at t-1, t-2 and t-3, with the members, the standard and the income of their
-- time. Only income that is known in every month of its window and paid, verified or proxied (classes A and B) counts.
-- Each figure is how many of the three evaluations, from t-1 back, were passed without a break.

with evaluations as (
    select unnest([0, 1, 2]) as ago
),

sizes as (
    select m.household_id, e.ago, count(*) filter (has_month(m.months, 1 + e.ago)) as members
    from household_members m
    cross join evaluations e
    group by all
),

standards as (
    select
        h.household_id, e.ago,
        max(s.value) filter (s.name = 'dibao' and s.back = 1 + e.ago)::bigint as standard_year,
        sum(s.value) filter (s.name = 'dibao' and s.back between 1 + e.ago and 12 + e.ago)::bigint as twelve_standards,
        max(s.value) filter (s.name = 'pcdi' and s.back = 1 + e.ago)::bigint as disposable
    from households h
    cross join evaluations e
    left join settings s on s.area12 = h.area12 and s.residence = h.residence and s.name in ('dibao', 'pcdi')
    group by all
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
        v.edge_multiple, v.rigid_share, v.rigid_floor
    from windows w
    join sizes z using (household_id, ago)
    join standards s using (household_id, ago)
    join profile_education e using (household_id)
    join profile_rigid r using (household_id)
    join settings_of v using (household_id)
),

passed as (
    select
        household_id, ago,
        coalesce(4 * now_sum < members * standard_year, false) as is_poor,
        coalesce(4 * now_sum < edge_multiple * members * standard_year and 4 * now_sum >= members * standard_year, false) as is_edge,
        coalesce(year_sum < members * disposable and rigid >= rigid_floor
            and 12 * rigid + twelve_livings >= 12 * rigid_share * greatest(year_sum, 0), false) as is_rigid
    from judged
)

select
    household_id,
    coalesce(min(ago) filter (not is_poor), 3) as poor_evaluations,
    coalesce(min(ago) filter (not is_edge), 3) as edge_evaluations,
    coalesce(min(ago) filter (not is_rigid), 3) as rigid_evaluations
from passed
group by household_id
