-- Whose number is missing or broken in the files in force, whom we took them for, and who is left to a human
-- One row a record, until a new delivery mends it. One number under several names stands here too, with the newest line
-- of each extract and name: nothing is merged or parted before the body has answered.
-- Names and numbers are masked, and stand in the published list alone.

with sought as (
    select
        l.delivery_no, l.line_no,
        coalesce(u.name, v.name) as name,
        u.id_no as number,
        case when l.person_key is null then 'waiting' else 'linked' end as outcome,
        l.code, l.candidates, l.says
    from linked l
    left join unidentified u using (delivery_no, record_no)
    left join identities v on v.person_key = l.was_key and v.delivery_no = l.delivery_no
),

twice_named as materialized (
    select i.person_key
    from identities i
    join deliveries d using (delivery_no)
    where d.is_in_force and i.id_no is not null
    group by i.person_key
    having min(i.name) <> max(i.name)
),

named as (
    select
        i.person_key, i.delivery_no, i.line_no, i.name, i.id_no,
        count(distinct plain_name(i.name)) over (partition by i.person_key) as names
    from twice_named
    join identities i using (person_key)
    join deliveries d using (delivery_no)
    where d.is_in_force and i.id_no is not null and i.name is not null
    qualify row_number() over (partition by i.person_key, d.extract, plain_name(i.name) order by i.delivery_no desc) = 1
),

told as (
    select * from sought
    union all by name
    select delivery_no, line_no, name, id_no as number, 'waiting' as outcome, 'TWO-NAMES' as code, names as candidates, '' as says
    from named
    where names > 1
)

select
    c.folder, c.body, d.file, t.line_no, masked_name(t.name) as name, masked_id(t.number) as number, t.outcome, t.code,
    x.says as fault, t.candidates, t.says, x.cure, t.delivery_no
from told t
join deliveries d using (delivery_no)
join contract_facts c using (extract)
left join reasons x on x.code = t.code
