-- One month of income: contribution bases, pensions, benefits
-- One amount in eighty is unknown, and with it the month of the whole household. The core job asks for three columns.

with paid as (
    select *, chance(person, place(), 'month') as luck
    from people
    where kind is not null and place() >= first_place and place() < stop_place
)

select
    household_id,
    person_key,
    first_day() as month,
    kind,
    case when luck >= 12500 then (usual_amount + luck % 30000) * case when place() < fall_place then 100 else 35 end // 100
        end as amount,
    luck >= 30000 as is_paid,
    case when kind = '110' then '101' else '102' end as payer,
    '91990402' || (usual_amount % 4000) as employer_code,
    'R' || person_key || '-' || place() as row_id,
    first_day() + 19 as delivered_on
from paid
