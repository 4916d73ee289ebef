-- What has become of persons: death, prison, disappearance
-- The earliest day of death that the health bureau, the police or the emergency bureau tells (the police's register
-- that tells of it first, where it names no day); the months (as bits) in which the police's register holds someone in
-- custody or missing. A month is away from its first day on.

with deaths as (
    select person_key, recorded_on as died_on from health_records where record = '4'
    union all
    select person_key, coalesce(changed_on, period_from) from public_security_registry where status = '2'
    union all
    select person_key, happened_on from emergency_events where harm = '2'
),

absences as (
    select
        person_key,
        month_bits(coalesce(in_force_from, date_trunc('month', changed_on)::date), in_force_to) as months,
        custody in ('1', '2') as is_in_custody,
        coalesce(missing, false) as is_missing
    from public_security_registry
    union all
    select person_key, month_bits(date_trunc('month', happened_on)::date, null), false, true
    from emergency_events
    where harm = '3'
),

told as (
    select person_key, died_on, true as is_dead, 0 as custody_months, 0 as missing_months
    from deaths
    where died_on <= getvariable('as_of')::date
    union all
    select
        person_key, null, false,
        case when is_in_custody then months else 0 end,
        case when is_missing then months else 0 end
    from absences
    where is_in_custody or is_missing
)

select
    person_key,
    min(died_on) as died_on,
    bool_or(is_dead) as is_dead,
    bit_or(custody_months) as custody_months,
    bit_or(missing_months) as missing_months
from told
group by person_key
