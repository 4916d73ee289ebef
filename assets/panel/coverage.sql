-- How complete each extract is, town by town and month by month
-- Rows, persons, how many persons of the month before are seen again, and what a person is paid against the month before
-- (extracts of steady amounts alone): the median ratio, and how many jumped out of gate_ratio_low ... gate_ratio_high. A
-- row counts where the household of its person lives, in the files of its own month; an area of six digits is the whole
-- county. Of an extract by term or quarter the period before takes the place of the month before, and its first month
-- stands for a period; who has left the register that all its persons stand in (pupils, for their aid) is not counted as
-- one of the period before, as far as that register has come.

with homes as (
    select
        m.person_key,
        left(arg_max(coalesce(h.area12, m.area12), (has_month(m.months, 1), m.joined_month, m.household_id)), 9) as town
    from household_members m
    left join households h using (household_id)
    group by m.person_key
),

row_counts as (
    select r.extract, h.town, r.back, count(*) as rows
    from feed_rows r
    join homes h using (person_key)
    group by all
),

-- A person's months are bits: who was seen in two months running is then a matter of counting patterns.
persons_seen as materialized (
    select f.*, h.town from feed_persons f join homes h using (person_key)
),

registered as (
    select r.extract, r.person_key, r.months from persons_seen r semi join contract_facts c on c.among = r.extract
),

patterns as (
    select
        p.extract, p.town, c.months_apart, p.months,
        case when c.among = '' then -1 else coalesce(r.months, 0) | ~coalesce(f.months, 0) end as counted_months,
        count(*) as persons
    from persons_seen p
    join contract_facts c using (extract)
    left join registered r on r.extract = c.among and r.person_key = p.person_key
    left join feeds f on f.extract = c.among and f.area6 = left(p.town, 6)
    group by all
),

pairs as (
    select
        p.extract, p.town, m.back, p.persons,
        has_month(p.months, m.back) as is_seen,
        has_month(p.months, m.back + p.months_apart) and has_month(p.counted_months, m.back) as was_seen
    from patterns p
    cross join month_numbers m
),

person_counts as (
    select
        extract, town, back,
        coalesce(sum(persons) filter (is_seen), 0)::bigint as persons,
        coalesce(sum(persons) filter (was_seen), 0)::bigint as persons_before,
        coalesce(sum(persons) filter (is_seen and was_seen), 0)::bigint as seen_again
    from pairs
    group by extract, town, back
),

-- In thousandths, so that a median is a matter of counting too.
ratio_counts as (
    select
        p.extract, p.town, m.back,
        least(p.amounts[m.back] * 1000 // nullif(p.amounts[m.back + 1], 0), 1000000) as thousandths,
        count(*) as persons
    from persons_seen p
    cross join month_numbers m
    where p.amounts[m.back] is not null and p.amounts[m.back + 1] > 0
    group by all
),

ratio_sums as (
    select extract, town as area, back, thousandths, persons from ratio_counts
    union all
    select extract, left(town, 6) as area, back, thousandths, sum(persons)::bigint from ratio_counts group by all
),

jumps as (
    select
        r.extract, r.area, r.back,
        (sum(r.persons) filter (r.thousandths < 1000 * l.ratio_low or r.thousandths > 1000 * l.ratio_high))::bigint as jumped
    from ratio_sums r
    join gate_limits l using (area)
    group by r.extract, r.area, r.back
),

ratio_places as (
    select
        extract, area, back, thousandths,
        sum(persons) over (partition by extract, area, back) as compared,
        sum(persons) over (partition by extract, area, back order by thousandths) as up_to_here
    from ratio_sums
),

ratios as (
    select extract, area, back, any_value(compared)::bigint as compared,
        (min(thousandths) filter (2 * up_to_here >= compared))::bigint as thousandths
    from ratio_places
    group by all
),

town_counts as (
    select p.*, coalesce(r.rows, 0) as rows
    from person_counts p
    left join row_counts r using (extract, town, back)
),

area_counts as (
    select extract, town as area, back, rows, persons, persons_before, seen_again from town_counts
    union all by name
    select
        extract, left(town, 6) as area, back, sum(rows)::bigint as rows, sum(persons)::bigint as persons,
        sum(persons_before)::bigint as persons_before, sum(seen_again)::bigint as seen_again
    from town_counts
    group by all
)

select
    c.extract,
    f.area6,
    c.area,
    month_at(c.back) as month,
    c.back,
    has_month(f.months, c.back) as is_delivered,
    c.rows,
    c.persons,
    c.persons_before,
    c.seen_again,
    coalesce(r.compared, 0) as compared,
    case when r.compared > 0 then coalesce(j.jumped, 0) end as jumped,
    (r.thousandths * 0.001)::decimal(12, 3) as amount_ratio
from area_counts c
join feeds f on f.extract = c.extract and f.area6 = left(c.area, 6)
join contract_facts x on x.extract = c.extract
left join ratios r on r.extract = c.extract and r.area = c.area and r.back = c.back
left join jumps j on j.extract = c.extract and j.area = c.area and j.back = c.back
where c.back >= f.closed_back and month_at(c.back) >= f.first_month
    and (x.months_apart = 1 or c.persons > 0 or c.persons_before > 0)
