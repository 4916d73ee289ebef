-- Who counts in which household, and in which of the kept months
-- A member counts who belongs to the household, alive, not in custody and not missing. What the household's several
-- numbers say of a person is one row. A member without a number whose time ends where that of a numbered one begins,
-- joined in the same month or born of a mother of the household in that month, is that one. listed_months are those of
-- membership, whatever has become of the person; double_months those in which another household lists the person too. Who stands in no list forms a provisional household, whose
-- composition is unknown, with the others of the same police register who stand in none; alone where there is no such
-- register, where it lets the person go, or where most of its entries are 'other' (a collective register).

with told as (
    select
        number_key,
        household_id,
        month_bits(
            case when lag(since_month) over spells is not null then since_month end,
            (lead(since_month) over spells - interval 1 month)::date
        ) as told_months,
        lead(since_month) over spells is null as is_last
    from lineage
    where is_in_force
    window spells as (partition by number_key order by since_month)
),

placed as (
    select
        coalesce(t.household_id, m.number_key) as household_id,
        m.* exclude (number_key) replace (
            m.months & coalesce(t.told_months, 0) & ~m.away_months as months,
            m.head_months & coalesce(t.told_months, 0) & ~m.away_months as head_months,
            m.listed_months & coalesce(t.told_months, 0) as listed_months,
            m.stated_months & coalesce(t.told_months, 0) as stated_months
        )
    from memberships m
    left join told t
        on t.number_key = m.number_key
        and (m.stated_months & t.told_months <> 0 or (m.stated_months = 0 and t.is_last))
),

renumbered as (
    select household_id, person_key from placed group by household_id, person_key having count(*) > 1
),

-- Of several numbers of one household the one in which the person counted last.
gathered as (
    select
        household_id,
        person_key,
        arg_min(p, (months = 0, months & -months, stated_months = 0, stated_months & -stated_months, household_no, area6)) as latest,
        bool_and(is_unnumbered) as is_unnumbered,
        min(joined_month) as joined_month,
        bit_or(stated_months) as stated_months,
        bit_or(listed_months) as listed_months,
        bit_or(months) as months,
        bit_or(head_months) as head_months
    from placed p
    semi join renumbered using (household_id, person_key)
    group by household_id, person_key
),

members as (
    select household_id, * exclude (household_id, away_months) from placed anti join renumbered using (household_id, person_key)
    union all by name
    select
        household_id, person_key,
        latest.area6, latest.household_no, latest.relation, latest.area12, latest.grid_code, latest.hukou_type,
        latest.labour, latest.health,
        is_unnumbered, joined_month, stated_months, listed_months, months, head_months
    from gathered
),

unnumbered as (
    select household_id, person_key, joined_month, months, newest_back(months) as last_back
    from members
    where is_unnumbered and months <> 0
),

births as (
    select person_key, mother_key, date_trunc('month', recorded_on)::date as born_month
    from health_records
    where record = '5'
),

numbered_now as (
    select u.household_id, u.person_key as unnumbered_key, m.person_key, u.months
    from unnumbered u
    join members m using (household_id)
    where not m.is_unnumbered and m.months <> 0 and oldest_back(m.months) = u.last_back - 1
        and (m.joined_month = u.joined_month or exists (
            select 1
            from births b
            join members o on o.household_id = u.household_id and o.person_key = b.mother_key
            where b.person_key = m.person_key and b.born_month = u.joined_month
        ))
    qualify row_number() over (partition by u.household_id, u.person_key order by m.person_key)
        = row_number() over (partition by u.household_id, m.person_key order by u.person_key)
),

listed as (
    select
        m.* replace (
            m.months | coalesce(n.months, 0) as months,
            m.listed_months | coalesce(n.months, 0) as listed_months,
            m.stated_months | coalesce(n.months, 0) as stated_months
        )
    from members m
    left join numbered_now n using (household_id, person_key)
    anti join numbered_now u on u.household_id = m.household_id and u.unnumbered_key = m.person_key
),

twice as (
    select person_key from listed where stated_months <> 0 group by person_key having count(*) > 1
),

elsewhere as (
    select
        household_id, person_key,
        stated_months & (
            coalesce(bit_or(stated_months) over (others rows between unbounded preceding and 1 preceding), 0)
            | coalesce(bit_or(stated_months) over (others rows between 1 following and unbounded following), 0)
        ) as double_months
    from listed
    semi join twice using (person_key)
    window others as (partition by person_key order by household_id)
),

registered as (
    select l.* exclude (stated_months), coalesce(e.double_months, 0) as double_months, false as is_provisional
    from listed l
    left join elsewhere e using (household_id, person_key)
),

newest_entries as (
    select
        person_key,
        arg_max({registry_no: registry_no, area6: area6, area12: area12, relation: relation, status: status},
            (period_from, area6)) as entry
    from public_security_registry
    where in_force_to is null
    group by person_key
),

entries as (
    select person_key, unnest(entry) from newest_entries where entry.status not in ('2', '3')
),

collective as (
    select area6, registry_no
    from entries
    group by area6, registry_no
    having 2 * count(*) filter (relation = '97') > count(*)
),

unlisted as (
    select
        numbered(case when e.person_key is null then 'alone|' || p.person_key
            else 'registry|' || e.area6 || '|' || e.registry_no end) as household_id,
        p.person_key,
        coalesce(e.area6, p.area6) as area6,
        null as household_no,
        coalesce(e.relation, '02') as relation,
        coalesce(e.area12, coalesce(e.area6, p.area6) || '000000') as area12,
        null as grid_code,
        null as hukou_type,
        null as labour,
        null as health,
        false as is_unnumbered,
        null as joined_month,
        month_bits(null, null) as listed_months,
        month_bits(null, f.died_on) & ~coalesce(f.custody_months | f.missing_months, 0) as months,
        0 as head_months,
        0 as double_months,
        true as is_provisional
    from people p
    anti join memberships using (person_key)
    left join (select * from entries anti join collective using (area6, registry_no)) e using (person_key)
    left join fates f using (person_key)
)

from registered
union all by name
from unlisted
