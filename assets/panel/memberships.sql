-- Who belongs to which number of civil affairs, and in which of the kept months
-- A member belongs who lives with the household and is not a supporter, up to the month of death (months). A register
-- speaks for the months from its period on. Who stands under two numbers at once belongs to the one joined last, then to
-- the one whose list is newer, then to the lower number. stated_months are what the list says before that choice,
-- listed_months after it, whatever has become of the person; away_months are those in custody or missing.

with spoken as (
    select
        area6, household_no, person_key, relation, area12, grid_code, hukou_type, labour, health, is_unnumbered,
        from_month, period_from,
        is_coliving and not coalesce(is_supporter, false) as is_member,
        month_bits(greatest(from_month, coalesce(in_force_from, from_month)), least(to_month, in_force_to)) as stood
    from civil_affairs_members
),

-- The lower, the newer: the last month the row speaks for, then its register, then its first month.
dated as (
    select
        *,
        case when is_member then stood else 0 end as months,
        ((case when stood = 0 then 1::bigint << months_kept() else stood & -stood end) << 24)
            | (least(greatest(months_back(period_from) + 1024, 0), 4095)::bigint << 12)
            | least(greatest(months_back(from_month) + 1024, 0), 4095)::bigint as age
    from spoken
),

gathered as (
    select
        area6,
        household_no,
        person_key,
        arg_min(relation, age) as relation,
        arg_min(area12, age) as area12,
        arg_min(grid_code, age) as grid_code,
        arg_min(hukou_type, age) as hukou_type,
        arg_min(labour, age) as labour,
        arg_min(health, age) as health,
        bool_and(is_unnumbered) as is_unnumbered,
        max(from_month) as joined_month,
        max(period_from) as told_month,
        bit_or(months) as stated_months,
        bit_or(case when relation = '02' then months else 0 end) as head_months
    from dated
    group by area6, household_no, person_key
),

numbered as (
    select household_number(area6, household_no) as number_key, * from gathered
),

twice as (
    select person_key from numbered where stated_months <> 0 group by person_key having count(*) > 1
),

claimed as (
    select
        number_key,
        person_key,
        coalesce(bit_or(stated_months) over earlier, 0) as claimed_months
    from numbered
    semi join twice using (person_key)
    window earlier as (
        partition by person_key order by joined_month desc, told_month desc, household_no, area6
        rows between unbounded preceding and 1 preceding
    )
)

select
    n.* exclude (told_month, head_months),
    n.stated_months & ~coalesce(c.claimed_months, 0) as listed_months,
    n.stated_months & ~coalesce(c.claimed_months, 0) & month_bits(null, f.died_on) as months,
    n.head_months & ~coalesce(c.claimed_months, 0) & month_bits(null, f.died_on) as head_months,
    coalesce(f.custody_months | f.missing_months, 0) as away_months
from numbered n
left join claimed c using (number_key, person_key)
left join fates f using (person_key)
