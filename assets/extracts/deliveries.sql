-- Every file that was ever received, with the account of its records
-- In = accepted + rejected + superseded + duplicate + blank + held + refused, for every delivery.
-- Of several deliveries of one snapshot the highest seq stands, whole; a register speaks from its period on,
-- until the next one, and the earliest speaks for all months before it. A file that names a county by a code that has
-- ended counts for today's code (area6). Under a code that was merely renamed it is one series with the files of the new
-- code; the files of a county that was merged away stand beside those of its successor until that one speaks for both.
-- Of the rejected, `linked` count nevertheless: their number was broken, and it is known whose it is. A held
-- file that was let through comes in once more (released_from), and speaks at the place of the held one (told_no): what
-- was sent after it corrects it.

with found as (
    select delivery_no, count(person_key) filter (was_key is null) as linked from linked group by delivery_no
),

told as (
    select
        r.* exclude (state, code, records, area6),
        coalesce(left(c.now, 6), r.area6) as area6,
        case when c.is_renamed then left(c.now, 6) else r.area6 end as series,
        case when not c.is_renamed then ended.valid_to end as ended_on,
        coalesce(nullif(r.released_from, 0), r.delivery_no) as told_no,
        coalesce(a.state, r.state) as told_state,
        coalesce(nullif(a.code, ''), r.code) as code,
        coalesce(a.records, r.records) as records,
        coalesce(a.accepted, 0) as taken,
        coalesce(a.rejected, 0) as rejected,
        coalesce(a.superseded, 0) as superseded_inside,
        coalesce(a.duplicate, case when r.state = 'duplicate' then r.records else 0 end) as duplicate,
        coalesce(a.blank, 0) as blank,
        coalesce(a.held, case when r.state = 'held' then r.records else 0 end) as held,
        case when r.state = 'refused' then r.records else 0 end as refused,
        a.delivery_no is not null as is_judged,
        m.delivery
    from receipts r
    left join accounts a using (delivery_no)
    left join contract_modes m using (extract)
    left join area_changes c on c.prefix = r.area6
    left join areas ended on ended.code = r.area6 || '000000'
),

standing as (
    select
        delivery_no,
        told_state = 'taken' and is_judged and (
            delivery = 'delta'
            or row_number() over (
                partition by extract, series, period, told_state = 'taken' and is_judged
                order by seq desc, told_no desc
            ) = 1
        ) as is_in_force
    from told
),

registers as (
    select
        t.delivery_no, t.extract, t.area6, t.series, t.ended_on, date_trunc('month', t.period_from::date)::date as month
    from told t
    join standing s using (delivery_no)
    where s.is_in_force and t.delivery = 'state'
    qualify row_number() over (partition by t.extract, t.series, month order by t.period_to desc, t.told_no desc) = 1
),

spans as (
    select
        r.delivery_no,
        case when row_number() over register > 1 then r.month end as in_force_from,
        (coalesce(
            lead(r.month) over register,
            (select min(n.month) from registers n
                where n.extract = r.extract and n.series = r.area6 and r.area6 <> r.series and n.month > r.ended_on)
        ) - interval 1 month)::date as in_force_to
    from registers r
    window register as (partition by r.extract, r.series order by r.month)
)

select
    t.delivery_no,
    t.received_on::date as received_on,
    t.folder,
    t.file,
    t.extract,
    t.area6,
    t.period,
    try_cast(t.period_from as date) as period_from,
    try_cast(t.period_to as date) as period_to,
    t.seq,
    t.sha256,
    t.size,
    t.encoding,
    t.separator,
    t.extra_columns,
    nullif(t.released_from, 0) as released_from,
    t.told_no,
    case when t.told_state = 'taken' and not s.is_in_force then 'superseded' else t.told_state end as state,
    t.code,
    t.detail,
    t.records,
    case when s.is_in_force then t.taken else 0 end as accepted,
    t.rejected,
    coalesce(f.linked, 0) as linked,
    t.superseded_inside + case when t.told_state = 'taken' and not s.is_in_force then t.taken else 0 end as superseded,
    t.duplicate,
    t.blank,
    t.held,
    t.refused,
    s.is_in_force and (t.delivery <> 'state' or r.delivery_no is not null) as is_in_force,
    r.in_force_from,
    r.in_force_to
from told t
join standing s using (delivery_no)
left join spans r using (delivery_no)
left join found f using (delivery_no)
