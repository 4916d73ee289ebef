-- Aid held in the last closed month, and aid that ended or was refused within twelve months
-- is_listed: any aid of the ladder in force (already known as low-income); is_tapering: dibao that is being phased out.

with granted as (
    select
        household_id, aid_type, result, result_date, end_month,
        coalesce(result, '1') in ('1', '4') and has_month(
            member_months & month_bits(in_force_from, in_force_to) & month_bits(start_month, end_month), 1) as is_in_force,
        in_force_at(in_force_from, in_force_to, this_month()) as is_of_latest
    from civil_affairs_assistance
),

-- What was left and granted again, or refused and granted later, is held.
watched as (
    select
        *,
        bool_or(is_in_force) over (partition by household_id, aid_type) as is_held,
        result_date between getvariable('as_of')::date - interval 12 month and getvariable('as_of')::date as is_recent
    from granted
)

select
    h.household_id,
    coalesce(bool_or(g.is_in_force), false) as is_listed,
    coalesce(bool_or(g.is_in_force and g.aid_type in ('110', '120')), false) as has_dibao,
    coalesce(bool_or(g.is_in_force and g.aid_type in ('110', '120') and g.result = '4'), false) as is_tapering,
    coalesce(bool_or(g.is_in_force and g.aid_type in ('131', '132')), false) as has_tekun,
    coalesce(bool_or(g.is_in_force and g.aid_type = '600'), false) as has_edge,
    coalesce(bool_or(g.is_in_force and g.aid_type = '650'), false) as has_rigid,
    coalesce(list(distinct g.aid_type order by g.aid_type) filter (g.is_in_force), []) as aid_types,
    coalesce(bool_or(g.is_of_latest and not g.is_held and (
        (g.result = '2' and g.is_recent)
        or (g.result = '3' and g.end_month is null and g.is_recent)
        or (coalesce(g.result, '1') <> '2' and months_back(g.end_month) between 1 and 12)
    )), false) as has_left_aid
from households h
left join watched g using (household_id)
group by h.household_id
