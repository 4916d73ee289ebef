-- Everyone whom some department knows, by pseudonym
-- Day of birth and sex are those of the identity number; the household is the one of the last closed month. Who counts
-- in none then has none: the dead, those in custody or missing, and who left.

with placed as (
    select person_key, household_id, relation, is_unnumbered, is_provisional
    from household_members
    where has_month(months, 1)
)

select
    p.person_key,
    p.born_on,
    date_diff('year', p.born_on, getvariable('as_of')::date)
        - case when strftime(p.born_on, '%m%d') > strftime(getvariable('as_of')::date, '%m%d') then 1 else 0 end as age,
    p.is_female,
    p.area6,
    f.died_on,
    coalesce(f.is_dead, false) as is_dead,
    m.household_id,
    m.relation,
    coalesce(m.is_unnumbered, false) as is_unnumbered,
    coalesce(m.is_provisional, false) as is_provisional
from people p
left join placed m using (person_key)
left join fates f using (person_key)
