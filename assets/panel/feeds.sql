-- What each department has delivered for each county, and which months it closes
-- absent: never delivered; open: before its due day the last month is not closed yet; late: the last closed month
-- did not come; on time: it did. Completeness by town and against history is judged where there is history.

with areas as (
    select distinct area6 from deliveries where area6 <> ''
),

delivered as (
    select
        extract, area6,
        min(date_trunc('month', period_from))::date as first_month,
        max(date_trunc('month', period_from))::date as last_month,
        count(*) as deliveries,
        count(distinct date_trunc('month', period_from)) as periods,
        bit_or(month_bits(date_trunc('month', period_from)::date, date_trunc('month', period_to)::date)) as months,
        max(received_on) as received_on,
        sum(accepted) as rows_accepted
    from deliveries
    where is_in_force
    group by extract, area6
),

judged as (
    select
        c.extract, c.body, a.area6, d.* exclude (extract, area6),
        c.is_awaited,
        d.extract is null as is_absent,
        coalesce(c.due_day > day(getvariable('as_of')::date), false) as is_open
    from areas a
    cross join contract_facts c
    left join delivered d on d.extract = c.extract and d.area6 = a.area6
)

select
    extract, body, area6, first_month, last_month, deliveries, periods, months, received_on, rows_accepted,
    is_absent, is_open,
    case when is_open then 2 else 1 end as closed_back,
    case
        when is_absent then 'absent'
        when is_awaited and not has_month(months, case when is_open then 2 else 1 end) then 'late'
        when is_open then 'open'
        else 'on time'
    end as state
from judged
