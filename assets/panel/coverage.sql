-- How complete each extract is, town by town and month by month
-- Rows, persons, how many persons of the month before are seen again, and what a person is paid against the month before
-- (extracts of steady amounts alone): the median ratio, and how many jumped out of gate_ratio_low ... gate_ratio_high. A
-- row counts where the household of its person lives, in the files of its own month; an area of six digits is the whole
-- county. Of an extract by term or quarter the period before takes the place of the month before, and its first month
-- stands for a period; who has left the register that all its persons stand in (pupils, for their aid) is not counted as
-- one of the period before, as far as that register has come.

with registered as (
    select r.extract, r.person_key, r.months from feed_persons r semi join contract_facts c on c.among = r.extract
),

-- A person's months are bits: who was seen in two months running is then a matter of counting patterns.
patterns as (
    select
        p.extract, p.town, c.months_apart, p.months,
        case when c.among = '' then -1 else coalesce(r.months, 0) | ~coalesce(f.months, 0) end as counted_months,
        count(*) as persons
    from feed_persons p
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

-- In thousandths, so that a median is a matter of counting too. Each paid month lies beside the month before: to take a
-- list apart once is cheaper than to carry it through a join with 24 months.
paid_months as (
    select
        extract, town, unnest(range(1, len(amounts))) as back,
        unnest(amounts[1:-2]) as paid, unnest(amounts[2:]) as paid_before
    from feed_persons
    where amounts is not null
),

ratio_counts as (
    select extract, town, back, least(paid * 1000 // paid_before, 1000000) as thousandths, count(*) as persons
    from paid_months
    where paid is not null and paid_before > 0
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
    left join feed_rows r using (extract, town, back)
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
