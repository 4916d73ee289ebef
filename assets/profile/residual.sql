-- What own cost leaves of the income, a head, against the standard: it bounds the level of a case and orders the visits
-- The lesser of two: the income of three months less the medical cost of three months, and the year's income less the
-- medical, school, rehabilitation and disaster cost of the year, where that is known.
-- residual_share: 1 is just the standard, below 0 the cost is more than the income. residual_level: 3 below residual_red,
-- 2 below residual_orange, 1 below residual_yellow, else 0, in whole numbers; residual_near_level: the same by lines a ninth
-- higher, for who stood under them before. is_residual_pressing: below residual_pressing, so that a case need not wait for a
-- second evaluation. All NULL where the income of three months or the standard is not known.

with residuals as (
    select
        household_id, true as is_quarter,
        3 * i.income_now_sum - i.income_now_months::int128 * m.oop_quarter as residual, 3 * i.income_now_months as residual_parts,
        s.standard_sum as standard, s.standard_months as standard_parts
    from profile_income i
    join profile_medical m using (household_id)
    join profile_standard s using (household_id)

    union all

    select
        household_id, false,
        i.income_year_sum - i.income_year_months::int128 * (
            m.oop_year + e.education_cost + r.rehabilitation_cost + r.disaster_loss), i.income_year_months,
        s.standard_year_sum, s.standard_year_months
    from profile_income i
    join profile_medical m using (household_id)
    join profile_education e using (household_id)
    join profile_rigid r using (household_id)
    join profile_standard s using (household_id)
),

shares as (
    select
        household_id, is_quarter,
        r.residual::double / r.residual_parts / (b.members * r.standard::double / r.standard_parts) as share,
        r.residual * r.standard_parts as own,
        b.members * r.standard::int128 * r.residual_parts as whole
    from residuals r
    join households b using (household_id)
    where r.residual is not null and b.members * r.standard > 0
),

judged as (
    select
        household_id, min(share) as share,
        max(case when own < v.residual_red * whole then 3 when own < v.residual_orange * whole then 2
            when own < v.residual_yellow * whole then 1 else 0 end) as level,
        max(case when 9 * own < 10 * v.residual_red * whole then 3 when 9 * own < 10 * v.residual_orange * whole then 2
            when 9 * own < 10 * v.residual_yellow * whole then 1 else 0 end) as near_level,
        bool_or(own < v.residual_pressing * whole) as is_pressing
    from shares
    join settings_of v using (household_id)
    group by household_id
    having bool_or(is_quarter)
)

select
    household_id, j.share as residual_share, j.level as residual_level, j.near_level as residual_near_level,
    j.is_pressing as is_residual_pressing
from households
left join judged j using (household_id)
