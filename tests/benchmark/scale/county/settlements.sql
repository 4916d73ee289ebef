-- One month of settlements: a bill and what the fund and the hospital bore of it
-- Amounts of a refund are told without a sign, as insurers do. The core job asks for six columns.

with visits as (
    select *, unnest(range((visits + chance(person, place(), 'visits') // 1000) // 1000)) as visit from people
),

drawn as (
    select
        *,
        chance(person, 100 * place() + visit, 'luck') as luck,
        chance(person, 100 * place() + visit, 'cost') as cost
    from visits
),

billed as (
    select
        *,
        case when luck < 30000 then 500000 + cost * (luck % 17) when luck < 200000 then 20000 + cost // 4
            else 3000 + cost // 30 end as bill
    from drawn
)

select
    household_id,
    person_key,
    first_day() + (luck % 28)::integer as settled_at,
    luck % 97 = 0 as is_refund,
    bill as total,
    bill * (30 + luck % 61) // 100 as fund_total,
    case when luck % 50 = 0 then bill // 50 end as hospital_borne,
    bill // 10 as full_self_pay,
    bill // 20 as over_limit,
    bill * 3 // 10 as fund_basic,
    bill // 12 as fund_major,
    bill // 9 as account_pay,
    bill // 11 as cash_pay,
    'S' || person_key || '-' || place() || '-' || visit as settlement_id,
    'V' || cost || '-' || luck as visit_id,
    case when luck % 3 = 0 then '310' else '390' end as insurance,
    case when luck < 30000 then '21' when luck < 200000 then '14' else '11' end as visit_type,
    first_day() as admitted_on,
    'J' || (cost % 900) as diagnosis,
    'K' || (cost % 70) as hospital
from billed
