-- Every household with a counted member in the last closed month
-- Head, area and residence are those of that month; the head's register decides between the urban and the rural
-- standard, else that of most members, else the urban one, because a missed family is the greater harm.

with present as (
    select * from household_members where has_month(months, 1)
),

gathered as (
    select
        household_id,
        arg_min(household_no, (relation <> '02', relation, person_key)) as household_no,
        arg_min(area6, (relation <> '02', relation, person_key)) as area6,
        count(*) as members,
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
