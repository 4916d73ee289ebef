-- Every record in force whose person's number is missing or broken, and whom it sets out to name
-- A member without a number yet is one of them. `claim_no` is a name and number as they were delivered, `identity_no`
-- the same of one extract and county; without a number all else that is told keeps two persons of one name apart.

with delivered as (
    select
        u.delivery_no, u.record_no, u.line_no, d.extract, d.area6, d.told_no, u.name, u.id_no as number, u.phone, u.address,
        current_area(u.area12) as area12, null::bigint as was_key
    from unidentified u
    join deliveries d using (delivery_no)
    where d.is_in_force

    union all

    select
        m.delivery_no, m.record_no, m.line_no, 'civil_affairs_members', m.area6, d.told_no, v.name, null, v.phone, v.address,
        m.area12, m.person_key
    from civil_affairs_members m
    join deliveries d using (delivery_no)
    join identities v using (person_key, delivery_no)
    where m.is_unnumbered
),

named as (
    select *, coalesce(plain_name(name), '') as plain, coalesce(written_id(number), '') as written
    from delivered
)

select
    * exclude (name, plain, number, written),
    plain as name,
    kept_of_number(written) as kept,
    numbered(concat_ws('|', plain, written)) as claim_no,
    numbered(concat_ws('|', extract, area6, plain, written,
        case when written = '' then concat_ws('|', was_key, area12, phone, address) end)) as identity_no
from named
