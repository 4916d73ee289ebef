-- Who is sought: each distinct identity of the records, with the parts of its number
-- A number of 17 or 19 signs is read in two ways, as one cut at its end and as one that lost a sign, or has one too
-- many, in the middle; `row_no` counts the readings.

with identities_sought as (
    select
        identity_no,
        any_value(claim_no) as claim_no,
        any_value(extract) as extract,
        any_value(area6) as area6,
        any_value(name) as name,
        any_value(kept) as kept,
        left(arg_max(area12, (delivery_no, record_no)), 9) as town,
        arg_max(phone, (delivery_no, record_no)) as phone,
        arg_max(address, (delivery_no, record_no)) as address
    from records
    group by identity_no
),

read as (
    select *, unnest(case when length(kept) in (17, 19) then [true, false] else [length(kept) = 18] end) as is_from_end
    from identities_sought
)

select
    row_number() over (order by identity_no, is_from_end) as row_no,
    identity_no,
    claim_no,
    extract,
    area6,
    name,
    origin_of(kept) as origin,
    birth_of(kept, is_from_end) as born,
    tail_of(kept, is_from_end) as tail,
    area6 as county,
    town,
    phone,
    address,
    coalesce(phone, address) as home
from read
