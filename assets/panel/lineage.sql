-- Which household each number of civil affairs stands for, and since when: how households last
-- A household goes on where its persons are. In a month in which more of them (and at least half of those it had) stand
-- under one other number than under its own, it goes on under that number, unless as many or more persons were there
-- before; of several that come together the largest goes on. Ties: where the head goes, or who becomes the head, then
-- the lower number. All else is a new household: the smaller part of a split, and a number given to people of whom
-- nobody stood there before. So a renumbering, a new head, births, deaths and marriages leave the id as it is, and a
-- chain of renumberings too.
-- What last night said stands, whatever has since left the kept months or been corrected: a number keeps the household
-- with whose time of last night it shares most months. Where a whole household is gone from the registers (a corrected
-- file, another county code), the new number that has most, and at least half, of its persons of last night goes on
-- with it. Provisional households have no part in this: they end when their persons enter a list, and pass their id to
-- nobody. is_in_force: the registers of tonight still tell it; other rows are history, so that no id is given twice.

with recursive numbers as (
    select
        number_key,
        any_value(area6) as area6,
        any_value(household_no) as household_no,
        bit_or(months) as months,
        bit_or(going_on(months)) as going_on_months
    from memberships
    where months <> 0
    group by number_key
),

-- Persons who come from another number.
movers as (
    select person_key from memberships where months <> 0 group by person_key having count(*) > 1
),

steps as (
    select
        m.person_key, m.number_key, b.back,
        lag(m.number_key) over person as left_key,
        lag(has_month(m.head_months, b.back)) over person as was_head,
        has_month(m.head_months, b.back) as is_head
    from memberships m
    semi join movers using (person_key)
    join month_numbers b on has_month(m.months, b.back)
    window person as (partition by m.person_key order by b.back desc)
),

moves as (
    select
        left_key, number_key, back, count(*) as persons, bool_or(was_head) as takes_head, bool_or(is_head) as brings_head
    from steps
    where left_key <> number_key
    group by all
),

turns as (
    select distinct number_key, back, n.months >> back << back as earlier_months
    from (select left_key as number_key, back from moves union select number_key, back from moves)
    join numbers n using (number_key)
),

stays as (
    select
        t.number_key,
        t.back,
        count(*) filter (m.months & t.earlier_months & -t.earlier_months <> 0) as had,
        count(*) filter (has_month(m.months, t.back) and m.months & t.earlier_months <> 0) as stayed
    from turns t
    join memberships m using (number_key)
    group by t.number_key, t.back
),

leaving as (
    select m.*, o.stayed = 0 as is_left_empty, n.stayed > 0 as is_joined, l.household_no as left_no, l.area6 as left_area6
    from moves m
    join stays o on o.number_key = m.left_key and o.back = m.back
    join stays n on n.number_key = m.number_key and n.back = m.back
    join numbers l on l.number_key = m.left_key
    join numbers g on g.number_key = m.number_key
    where m.persons > o.stayed and 2 * m.persons >= o.had and m.persons > n.stayed
    qualify row_number() over (
        partition by m.left_key, m.back order by m.persons desc, m.takes_head desc, g.household_no, g.area6
    ) = 1
),

passed as (
    select *
    from leaving
    qualify row_number() over (
        partition by number_key, back order by persons desc, brings_head desc, left_no, left_area6
    ) = 1
),

-- Where a number may begin to stand for another household: its people go, others come, or last night's heir stands.
cuts as (
    select number_key, back from passed
    union
    select left_key, back from passed
    union
    select number_key, back from numbers join month_numbers on has_month(months & ~going_on_months, back)
    union
    select p.number_key, oldest_back(n.months & month_bits(h.since_month, null))
    from previous_lineage p
    join previous_lineage h
        on h.household_id = p.household_id and h.number_key <> p.number_key and h.since_month > p.until_month
    join numbers n on n.number_key = h.number_key and n.months & month_bits(h.since_month, h.until_month) <> 0
),

stretches as (
    select number_key, back, lead(back) over (partition by number_key order by back desc) as next_back
    from cuts
    where back >= 1
),

spells as (
    select
        number_key,
        area6,
        household_no,
        s.back,
        n.months & months_since(s.back) & ~months_since(coalesce(s.next_back, 0)) as months,
        row_number() over (partition by number_key order by s.back desc) as place
    from stretches s
    join numbers n using (number_key)
    where n.months & months_since(s.back) & ~months_since(coalesce(s.next_back, 0)) <> 0
),

-- Each word of last night goes to the spell that shares most months with it, and one spell has one word.
words as (
    select
        s.number_key, s.back, s.place, s.months,
        p.household_id, p.since_month, p.predecessor_no, p.predecessor_area6, p.kind, p.taken_over_month,
        bit_count(s.months & month_bits(p.since_month, p.until_month)) as shared
    from spells s
    join previous_lineage p
        on p.number_key = s.number_key and s.months & month_bits(p.since_month, p.until_month) <> 0
    qualify row_number() over (
        partition by s.number_key, p.since_month, p.household_id order by shared desc, s.back desc
    ) = 1
),

known as (
    select *
    from words
    qualify row_number() over (partition by number_key, back order by shared desc, since_month, household_id) = 1
),

standing as (
    select household_id, bit_or(months) as months from known group by household_id
),

unknown as (
    select * from spells anti join known using (number_key, back)
),

-- Under a new number by tonight's registers, unless its id stands elsewhere in the same months.
candidates as (
    select
        u.number_key, u.back, u.months, p.left_key, p.left_no, p.left_area6, f.back as left_back,
        case when p.is_joined then 'merged' when p.is_left_empty then 'renumbered' else 'split' end as kind
    from unknown u
    join passed p using (number_key, back)
    join spells f on f.number_key = p.left_key and f.back > p.back
    qualify row_number() over (partition by u.number_key, u.back order by f.back) = 1
),

following as (
    select c.*
    from candidates c
    left join known k on k.number_key = c.left_key and k.back = c.left_back
    left join standing s using (household_id)
    where c.months & coalesce(s.months, 0) = 0
),

-- Under a new number by last night's members.
lost as (
    select household_id, count(*) as had, min(household_no) as left_no, min(area6) as left_area6
    from previous_members
    anti join standing using (household_id)
    group by household_id
),

found as (
    select
        u.number_key, u.back, l.household_id, l.left_no, l.left_area6,
        count(*) as persons, bool_or(p.is_head) as has_head
    from (select number_key, back, household_no, area6, months from unknown anti join following using (number_key, back)) u
    join memberships m on m.number_key = u.number_key and m.months & u.months <> 0
    join previous_members p using (person_key)
    join lost l on l.household_id = p.household_id
    group by u.number_key, u.back, l.household_id, l.left_no, l.left_area6
    having 2 * count(*) >= any_value(l.had)
    qualify row_number() over (
        partition by l.household_id order by persons desc, has_head desc, min(u.household_no), min(u.area6), u.back
    ) = 1
),

recovered as (
    select *
    from found
    qualify row_number() over (
        partition by number_key, back order by persons desc, has_head desc, left_no, left_area6
    ) = 1
),

-- New households. A number gives its own id once, to the first household that it stood for.
begun as (
    select
        u.*,
        row_number() over (partition by u.number_key order by u.back desc) = 1
            and not exists (select 1 from previous_lineage p where p.household_id = u.number_key) as is_first,
        exists (select 1 from steps s where s.number_key = u.number_key and s.back = u.back and s.left_key <> u.number_key)
            or exists (
                select 1 from passed p where p.left_key = u.number_key and p.back = u.back and not p.is_left_empty
            ) as is_split
    from unknown u
    anti join following using (number_key, back)
    anti join recovered using (number_key, back)
),

started as (
    select
        number_key, back, household_id, predecessor_no, predecessor_area6, kind, taken_over_month,
        case when place = 1 then since_month end as known_since
    from known
    union all by name
    select
        number_key, back, household_id, left_no as predecessor_no, left_area6 as predecessor_area6,
        'renumbered' as kind, month_at(1) as taken_over_month
    from recovered
    union all by name
    select
        number_key, back,
        case when is_first then number_key
            else numbered('household|' || area6 || '|' || household_no || '|' || month_at(oldest_back(months))) end
            as household_id,
        case when is_split then 'split' when place > 1 or not is_first then 'reused' else 'first' end as kind
    from begun
),

resolved as (
    select number_key, back, household_id, predecessor_no, predecessor_area6, kind, taken_over_month, known_since
    from started
    union all
    select f.number_key, f.back, r.household_id, f.left_no, f.left_area6, f.kind, month_at(f.back), null
    from following f
    join resolved r on r.number_key = f.left_key and r.back = f.left_back
)

select
    s.number_key,
    s.area6,
    s.household_no,
    r.household_id,
    least(r.known_since, month_at(oldest_back(s.months))) as since_month,
    month_at(newest_back(s.months)) as until_month,
    r.predecessor_no,
    r.predecessor_area6,
    r.kind,
    r.taken_over_month,
    true as is_in_force
from spells s
join resolved r using (number_key, back)

union all by name

select p.* replace (false as is_in_force)
from previous_lineage p
where not exists (
    select 1 from known k
    where k.number_key = p.number_key and k.household_id = p.household_id and k.since_month = p.since_month
)
