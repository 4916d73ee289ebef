-- Who counts in which household, and in which of the kept months
-- A member counts who lives with the household and is not a supporter. A register speaks for the months from its
-- period on. Who stands in two households at once counts in the one joined last. Who stands in no member list
-- forms a provisional household of one, whose composition is unknown.

with spoken as (
    select
        household_number(area6, household_no) as household_id,
        area6, household_no, person_key, relation, area12, grid_code, hukou_type, labour, health, is_unnumbered, from_month,
        case when is_coliving and not coalesce(is_supporter, false)
            then month_bits(greatest(from_month, coalesce(in_force_from, from_month)), least(to_month, in_force_to))
            else 0
        end as months
    from civil_affairs_members
),

memberships as (
    select
        household_id,
        person_key,
        any_value(area6) as area6,
        any_value(household_no) as household_no,
        arg_max(relation, (has_month(months, 1), from_month, relation)) as relation,
        arg_max(area12, (has_month(months, 1), from_month, area12)) as area12,
        arg_max(grid_code, (has_month(months, 1), from_month, grid_code)) as grid_code,
        arg_max(hukou_type, (has_month(months, 1), from_month, hukou_type)) as hukou_type,
        arg_max(labour, (has_month(months, 1), from_month, labour)) as labour,
        arg_max(health, (has_month(months, 1), from_month, health)) as health,
        bool_and(is_unnumbered) as is_unnumbered,
        max(from_month) as joined_month,
        bit_or(months) as months
    from spoken
    group by household_id, person_key
),

doubled as (
    select person_key from memberships where months <> 0 group by person_key having count(*) > 1
),

claimed as (
    select
        household_id,
        person_key,
        coalesce(bit_or(months) over earlier, 0) as claimed_months
    from memberships
    semi join doubled using (person_key)
    window earlier as (
        partition by person_key order by joined_month desc, household_no, household_id
        rows between unbounded preceding and 1 preceding
    )
),

registered as (
    select
        m.* replace (m.months & ~coalesce(c.claimed_months, 0) as months),
        m.months & coalesce(c.claimed_months, 0) <> 0 as is_in_two,
        false as is_provisional
    from memberships m
    left join claimed c using (household_id, person_key)
),

unlisted as (
    select
        numbered('alone|' || person_key) as household_id,
        person_key,
        area6,
        null as household_no,
        '02' as relation,
        area6 || '000000' as area12,
        null as grid_code,
        null as hukou_type,
        null as labour,
        null as health,
        false as is_unnumbered,
        null as joined_month,
        month_bits(null, null) as months,
        false as is_in_two,
        true as is_provisional
    from people
    anti join memberships using (person_key)
)

from registered
union all by name
from unlisted
