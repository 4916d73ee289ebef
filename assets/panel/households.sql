-- Every household with a counted member in the last closed month
-- And those of which nobody is left while aid still runs: they have no members, only supervision looks at them. Head,
-- area and residence are those of the last month in which somebody counted; the head's register decides between the urban and the rural
-- standard, else that of most members, else the urban one, because a missed family is the greater harm.

with aided as (
    select distinct person_key
    from civil_affairs_assistance
    where coalesce(result, '1') in ('1', '4')
        and has_month(month_bits(in_force_from, in_force_to) & month_bits(start_month, end_month), 1)
),

emptied as (
    select m.household_id, newest_back(bit_or(m.months)) as last_back
    from household_members m
    left join aided a using (person_key)
    where m.months <> 0
    group by m.household_id
    having bit_or(m.months) & 1 = 0 and count(a.person_key) > 0
),

present as (
    select * from household_members where has_month(months, 1)
    union all
    select m.*
    from household_members m
    join emptied e on e.household_id = m.household_id and has_month(m.months, e.last_back)
),

gathered as (
    select
        household_id,
        arg_min(household_no, (relation <> '02', relation, person_key)) as household_no,
        arg_min(area6, (relation <> '02', relation, person_key)) as area6,
        count(*) filter (has_month(months, 1)) as members,
        arg_min(person_key, (relation <> '02', relation, person_key)) as head_key,
        arg_min(area12, (relation <> '02', relation, person_key)) as area12,
        arg_min(grid_code, (relation <> '02', relation, person_key)) as grid_code,
        coalesce(
            arg_min_null(hukou_type, (relation <> '02', relation, person_key)),
            case when count(*) filter (hukou_type = '2') > count(*) filter (hukou_type = '1') then '2'
                 when count(hukou_type) > 0 then '1' end
        ) as hukou_type,
        bool_or(is_provisional) as is_provisional
    from present
    group by household_id
)

select
    household_id,
    coalesce(household_no, '临' || right('0000000000' || (household_id % 10000000000), 10)) as household_no,
    area6,
    area12,
    grid_code,
    case hukou_type when '2' then 'rural' else 'urban' end as residence,
    hukou_type is not null as is_residence_known,
    head_key,
    members,
    is_provisional,
    (household_id % getvariable('buckets'))::integer as bucket
from gathered
