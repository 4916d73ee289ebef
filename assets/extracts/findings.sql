-- What is wrong with the files that came in tonight: file, line, column, fault and cure
-- A rejected record that was linked to its person counts nevertheless; its number must be mended all the same.
-- A file refused or held stands with line 0. Values are masked, for a name may stand in any column; the lake has none of them.

with files as (
    select
        d.delivery_no, coalesce(c.folder, 'unknown') as folder, coalesce(c.body, '未知') as body, d.file,
        0 as line_no, '' as column_name, d.detail as value, d.code, d.state as outcome
    from deliveries d
    left join contract_facts c using (extract)
    where d.received_on = getvariable('as_of')::date and d.code <> ''

    union all

    select
        d.delivery_no, coalesce(c.folder, 'unknown'), coalesce(c.body, '未知'), d.file, 0, '',
        array_to_string(d.extra_columns, '、'), 'EXTRA-COLUMNS', 'noted'
    from deliveries d
    left join contract_facts c using (extract)
    where d.received_on = getvariable('as_of')::date and len(d.extra_columns) > 0
),

records as (
    select
        d.delivery_no, c.folder, c.body, d.file, r.line_no,
        coalesce(h.header, r.column_name) as column_name,
        case
            when h.is_private and h.kind = 'id_no' then masked_id(r.value)
            when h.is_private or r.column_name = 'record' then masked_name(r.value)
            else masked_value(r.value)
        end as value,
        r.code,
        case
            when r.outcome = 'accepted' then 'warned'
            when l.person_key is not null then 'linked'
            else r.outcome
        end as outcome
    from all_rejects r
    join deliveries d using (delivery_no)
    join contract_facts c using (extract)
    left join linked l on l.delivery_no = r.delivery_no and l.record_no = r.record_no
    left join contract_columns h on h.extract = d.extract and h.column_name = r.column_name
    where d.received_on = getvariable('as_of')::date
)

select
    t.folder, t.body, t.file, t.line_no, t.column_name, coalesce(t.value, '') as value, t.code, t.outcome,
    coalesce(x.says, t.code) as fault, coalesce(x.cure, '') as cure, t.delivery_no
from (from files union all from records) t
left join reasons x using (code)
