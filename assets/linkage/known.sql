-- Everyone whom some delivery in force gives with a good number: one row a person and name
-- The parts of the number, the county of the newest delivery, the town of the newest member list, phone and address.

with told as (
    select v.person_key, v.id_no, v.name, v.phone, v.address, v.delivery_no, d.area6
    from identities v
    join deliveries d using (delivery_no)
    where d.is_in_force and v.id_no is not null and v.name is not null
),

persons as (
    select
        person_key,
        any_value(id_no) as id_no,
        list(distinct name) as names,
        arg_max(area6, delivery_no) as county,
        arg_max(phone, delivery_no) as phone,
        arg_max(address, delivery_no) as address
    from told
    group by person_key
),

towns as (
    select person_key, left(arg_max(area12, (delivery_no, record_no)), 9) as town
    from civil_affairs_members
    group by person_key
),

named as (
    select distinct * exclude (names), unnest(list_transform(names, lambda name: plain_name(name))) as name
    from persons
    left join towns using (person_key)
)

select
    row_number() over (order by person_key, name) as row_no,
    person_key,
    name,
    left(id_no, 6) as origin,
    substr(id_no, 7, 8) as born,
    right(id_no, 4) as tail,
    county,
    town,
    phone,
    address,
    coalesce(phone, address) as home
from named
