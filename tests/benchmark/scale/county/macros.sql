-- Chance in millionths: a hash of the person, the month and what is drawn, so the same count gives the same county.
create macro chance(person, month, what) as (hash(person, month, what) % 1000000)::bigint;

-- The month that is being written: 0 is the oldest.
create macro place() as getvariable('place')::integer;
create macro first_day() as (date '2024-01-01' + to_months(place()))::date;
