-- What each department has delivered for each county, and which months it closes
-- absent: never delivered; open: before its due day the last month is not closed yet; late: the last closed month
-- did not come; on time: it did. silent_months are the closed months that never came, as bits; a register that skipped
-- one speaks on and is silent only while its newest one is out. Completeness by town is judged in `gates`.

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
        c.is_awaited, c.is_register,
        d.extract is null as is_absent,
        coalesce(c.due_day > day(getvariable('as_of')::date), false) as is_open
    from areas a
    cross join contract_facts c
    left join delivered d on d.extract = c.extract and d.area6 = a.area6
),

expected as (
    select
        *,
        case when is_open then 2 else 1 end as closed_back,
        case when is_absent or not is_awaited then 0
            else month_bits(first_month, month_at(case when is_open then 2 else 1 end)) & ~months end as missing_months
    from judged
)

select
    extract, body, area6, first_month, last_month, deliveries, periods, months, received_on, rows_accepted,
    is_absent, is_open, closed_back,
    case when is_register and has_month(months, closed_back) then 0 else missing_months end as silent_months,
    case
        when is_absent then 'absent'
        when is_awaited and not has_month(months, closed_back) then 'late'
        when is_open then 'open'
        else 'on time'
    end as state
from expected
