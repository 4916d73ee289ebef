-- The people of a made-up county, 26 in ten households
-- In no order of households: nothing that departments deliver lies by household. Wages are skewed, most near the least
-- and few far above it. So are settlements (a thousand months'): three persons in five hardly ever, two in a hundred
-- nearly every week. Some start or stop earning, or fall, in one of the 24 months. Money is fen a month.

with sizes as (
    select household, case when household < 21 then 1 when household < 52 then 2 when household < 78 then 3
        when household < 92 then 4 when household < 97 then 5 else 6 end as size
    from range(100) as a_hundred(household)
),

block as (
    select row_number() over (order by household, member) - 1 as seat, household
    from (select household, unnest(range(size)) as member from sizes)
),

shuffled as (
    select (range * 7368787) % getvariable('persons')::bigint as person from range(getvariable('persons')::bigint)
),

drawn as (
    select
        s.person,
        100 * (s.person // 260) + b.household as household,
        chance(s.person, 0, 'work') as work, chance(s.person, 0, 'health') as health,
        chance(s.person, 0, 'start') as start, chance(s.person, 0, 'stop') as stop, chance(s.person, 0, 'fall') as fall,
        chance(s.person, 0, 'wage') as luck, chance(s.person, 0, 'school') as school, chance(s.person, 0, 'town') as town
    from shuffled s
    join block b on b.seat = s.person % 260
)

select
    person,
    numbered('person|' || person) as person_key,
    numbered('household|' || household) as household_id,
    case when work < 420000 then '110' when work < 590000 then '210' when work < 620000 then '310' end as kind,
    180000 + luck * school // 1000000 * town // 400000 as usual_amount,
    case when start < 60000 then start % 24 else 0 end as first_place,
    case when stop < 100000 then stop % 24 else 24 end as stop_place,
    case when fall < 80000 then fall % 24 else 24 end as fall_place,
    case when health < 600000 then 140 when health < 900000 then 460 when health < 980000 then 1500 else 3500 end as visits
from drawn
