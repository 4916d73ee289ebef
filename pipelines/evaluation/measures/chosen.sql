-- Whom each system would visit on a night, had all of them the same number of visits
-- The gravest by its own score of those whom it lists and has not visited in 90 days; among equals the draw is by number.
-- So every baseline gets the memory of a case as a gift, and what is compared is the order alone. This system is asked for
-- everybody on its books, as the others are, and not for those whom its grids really got. The budget `own` is the number
-- of alerts that this system gave on that night; numbers are visits a night for 1,000 households; the name of another
-- system is the number of alerts that it gave itself up to that night: whom it alerted, and whom this system would visit.

with budgets as (
    select 'own' as budget, count(*) as visits
    from alerts
    where system = 'lowincome' and night = getvariable('night')
    union all
    select per_1000::varchar, round(n.households * per_1000 / 1000)::bigint
    from nights n
    cross join (select unnest([1, 2, 4, 8, 16, 32, 64]) as per_1000)
    where n.night = getvariable('night')
    union all
    select
        a.system,
        count(*) - (select count(*) from chosen c where c.budget = a.system and c.system = 'lowincome')
    from alerts a
    where a.system <> 'lowincome' and a.night <= getvariable('night')
    group by a.system
),

ranked as (
    select system, household_no, score from listed where system <> 'lowincome' and night = getvariable('night')
    union all
    select 'lowincome', household_no, score from standing where night = getvariable('night')
),

waiting as (
    select
        b.budget, r.system, r.household_no, b.visits,
        row_number() over (
            partition by b.budget, r.system order by r.score desc, md5(r.household_no), r.household_no
        ) as place
    from ranked r
    cross join budgets b
    where (r.system = 'lowincome' or b.budget not in (select system from systems))
        and not exists (from chosen c where c.budget = b.budget and c.system = r.system
        and c.household_no = r.household_no and c.night > getvariable('night') - 90)
)

select budget, system, getvariable('night') as night, household_no from waiting where place <= visits
union all
select system, system, night, household_no from alerts where system <> 'lowincome' and night = getvariable('night')
