-- What has changed in a household in the kept months, told apart from what has befallen it
-- kind: birth (less than a year old, or without a number yet), death, marriage (a spouse joins or leaves), split (part
-- of a household leaves and makes a new one; stands with both), merge (a household joins whole), moved in, moved out,
-- taken away (into custody, or missing), came back, new head, renumbered. month is that of a death, else the first in
-- which it is so; persons are those whom it concerns.

with household_spans as (
    select household_id, bit_or(months) as months, bit_or(head_months) as head_months
    from household_members
    where not is_provisional
    group by household_id
),

turned as (
    select
        m.household_id, m.person_key, m.relation, m.is_unnumbered,
        m.months & ~(m.months >> 1) & months_since(months_kept() - 1) as joined_months,
        (m.months >> 1) & ~m.months as left_months,
        m.head_months & ~(m.head_months >> 1) & (h.head_months >> 1) as head_months,
        h.months as household_months
    from household_members m
    join household_spans h using (household_id)
    where m.months <> 0 and (m.months <> months_since(months_kept()) or m.head_months not in (0, months_since(months_kept())))
),

stays as (
    select m.person_key, m.household_id, m.relation, m.months, h.months as household_months
    from household_members m
    semi join turned using (person_key)
    join household_spans h using (household_id)
    where m.months <> 0
),

joined as (
    select
        t.household_id, t.person_key, b.back,
        case
            when has_month(coalesce(f.custody_months | f.missing_months, 0), b.back + 1) then 'came back'
            when not has_month(t.household_months, b.back + 1) then case when o.person_key is not null then 'split' end
            when t.is_unnumbered or p.born_on > month_at(b.back + 12) then 'birth'
            when t.relation = '10' then 'marriage'
            when o.person_key is not null and not has_month(o.household_months, b.back) then 'merge'
            else 'moved in'
        end as kind
    from turned t
    join month_numbers b on has_month(t.joined_months, b.back)
    left join stays o
        on o.person_key = t.person_key and o.household_id <> t.household_id and has_month(o.months, b.back + 1)
    left join persons p on p.person_key = t.person_key
    left join fates f on f.person_key = t.person_key
),

parted as (
    select
        t.household_id, t.person_key,
        case when months_back(f.died_on) between b.back and b.back + 1 then months_back(f.died_on) else b.back end as back,
        case
            when months_back(f.died_on) between b.back and b.back + 1 then 'death'
            when has_month(coalesce(f.custody_months | f.missing_months, 0), b.back) then 'taken away'
            when o.person_key is null then 'moved out'
            when not has_month(t.household_months, b.back) then 'merge'
            when not has_month(o.household_months, b.back + 1) then 'split'
            when o.relation = '10' then 'marriage'
            else 'moved out'
        end as kind
    from turned t
    join month_numbers b on has_month(t.left_months, b.back)
    left join stays o
        on o.person_key = t.person_key and o.household_id <> t.household_id and has_month(o.months, b.back)
    left join fates f on f.person_key = t.person_key
),

headed as (
    select household_id, person_key, back, 'new head' as kind
    from turned
    join month_numbers on has_month(head_months, back)
),

renumbered as (
    select l.household_id, m.person_key, months_back(l.taken_over_month) as back, 'renumbered' as kind
    from lineage l
    join household_members m on m.household_id = l.household_id and has_month(m.months, months_back(l.taken_over_month))
    where l.is_in_force
),

told as (
    select * from joined
    union all
    select * from parted
    union all
    select * from headed
    union all
    select * from renumbered
)

select household_id, month_at(back) as month, kind, count(distinct person_key) as persons
from told
where kind is not null
group by household_id, back, kind
