-- Made-up settlements of one county and month: $rows of them from number $first on, one in five hundred with a broken
-- identity number; a person has three on average, one name in fifty has a sign of four bytes in GB18030.
with drawn as (
    select i, hash(i // 3) as person, hash(i) as bill from range($first, $first + $rows) t(i)
),

people as (
    select
        *,
        '990402' || strftime(date '1935-01-01' + (person % 30000)::integer, '%Y%m%d') || lpad((person // 30000 % 1000)::varchar, 3, '0') as first17,
        date '2025-12-01' + (bill % 31)::integer as day,
        2000 + bill % 1998000 as total,
        (2000 + bill % 1998000) * (bill // 2000000 % 1000) // 1000 as fund
    from drawn
)

select
    first17 || case when i % 500 = 499 then '?' else check_character(first17::bigint) end as id_no,
    case person % 100 when 0 then '㐂' when 1 then '𠮷' else '张' end || (person // 100 % 10000) as name,
    'S' || lpad(i::varchar, 10, '0') as settlement_id,
    'V' || lpad(i::varchar, 10, '0') as visit_id,
    '390' as insurance,
    '11' as visit_type,
    day as admitted,
    day as discharged,
    day as settled_at,
    (total / 100)::decimal(18, 2) as total,
    '0.00' as own_expense,
    '0.00' as over_limit,
    '0.00' as pre_self_pay,
    (fund / 100)::decimal(18, 2) as pooled,
    '0.00' as major_illness,
    '0.00' as medical_aid,
    (fund / 100)::decimal(18, 2) as fund_total,
    '0.00' as hospital_borne,
    ((total - fund) / 100)::decimal(18, 2) as personal_total,
    '0.00' as account_pay,
    ((total - fund) / 100)::decimal(18, 2) as cash,
    'J' || lpad((i % 90)::varchar, 2, '0') as disease_code,
    '否' as is_refund,
    '' as refunded_settlement_id,
    'I' as op
from people
