-- What came in tonight, by body, and what of it was not good
-- Files, records and those rejected or warned of. Null is a count of records from 1 to 4.

with warned as (
    select delivery_no, count(distinct line_no) as records
    from data_quality
    where outcome = 'warned'
    group by delivery_no
),

by_body as (
    select
        d.area6, coalesce(c.body, '未识别') as body, count(*) as files,
        count(*) filter (d.state in ('refused', 'held')) as bad_files,
        sum(d.records)::bigint as records,
        sum(d.rejected)::bigint as rejected,
        coalesce(sum(w.records), 0)::bigint as warned
    from deliveries d
    left join contract_facts c using (extract)
    left join warned w using (delivery_no)
    where d.received_on = getvariable('as_of')::date
    group by all
)

select
    area6, body, files, bad_files,
    case when not is_small(records) then records end as records,
    case when not is_small(rejected) then rejected end as rejected,
    case when not is_small(warned) then warned end as warned
from by_body
order by area6, body
