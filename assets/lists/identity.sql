-- Whose number is missing or broken in the files in force, whom we took them for, and who is left to a human
-- One row a record, until a new delivery mends it. One number under several names stands here too: its rows count for
-- the one person of that number, and nothing is merged or parted before the body has answered.
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

named as (
    select i.person_key, i.delivery_no, i.line_no, i.name, i.id_no, plain_name(i.name) as plain
    from identities i
    join deliveries d using (delivery_no)
    where d.is_in_force and i.id_no is not null and i.name is not null
),

twice_named as (
    select person_key, count(distinct plain) as names from named group by person_key having min(plain) <> max(plain)
),

told as (
    select * from sought
    union all by name
    select
        n.delivery_no, n.line_no, n.name, n.id_no as number, 'waiting' as outcome, 'TWO-NAMES' as code, t.names as candidates,
        '' as says
    from named n
    join twice_named t using (person_key)
)

select
    c.folder, c.body, d.file, t.line_no, masked_name(t.name) as name, masked_id(t.number) as number, t.outcome, t.code,
    x.says as fault, t.candidates, t.says, x.cure, t.delivery_no
from told t
join deliveries d using (delivery_no)
join contract_facts c using (extract)
left join reasons x using (code)
