-- What own cost leaves of the income, a head, against the standard: it bounds the level of a case and orders the visits
-- The lesser of two: the year's income less the medical, school, rehabilitation and disaster cost of the year, and the
-- income of three months less the medical cost of three months; of a family of whom one is not known, the other.
-- residual_share: 1 is just the standard, below 0 the cost is more than the income. residual_level: 3 below residual_red,
-- 2 below residual_orange, 1 below residual_yellow, else 0, in whole numbers. Both NULL where income or standard is not known.

with residuals as (
    select
        household_id, 'year' as period,
        i.income_year_sum - i.income_year_months::int128 * (
            m.oop_year + e.education_cost + r.rehabilitation_cost + r.disaster_loss) as residual,
        i.income_year_months as residual_parts,
        s.standard_year_sum as standard, s.standard_year_months as standard_parts
    from profile_income i
    join profile_medical m using (household_id)
    join profile_education e using (household_id)
    join profile_rigid r using (household_id)
    join profile_standard s using (household_id)

    union all

    select
        household_id, 'quarter',
        3 * i.income_now_sum - i.income_now_months::int128 * m.oop_quarter, 3 * i.income_now_months,
        s.standard_sum, s.standard_months
    from profile_income i
    join profile_medical m using (household_id)
    join profile_standard s using (household_id)
),

judged as (
    select
        r.household_id,
        r.residual::double / r.residual_parts / nullif(b.members * r.standard::double / r.standard_parts, 0) as residual_share,
        r.residual * r.standard_parts as own,
        b.members * r.standard::int128 * r.residual_parts as whole
    from residuals r
    join households b using (household_id)
    where r.residual is not null and r.standard is not null
)

select
    h.household_id,
    min(j.residual_share) as residual_share,
    max(case when j.own < v.residual_red * j.whole then 3 when j.own < v.residual_orange * j.whole then 2
        when j.own < v.residual_yellow * j.whole then 1 else 0 end) filter (j.household_id is not null)::integer as residual_level
from households h
join settings_of v using (household_id)
left join judged j using (household_id)
group by h.household_id
