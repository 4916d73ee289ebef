-- Codes that had ended before the night, by their digits, and the code that has taken their place
-- is_renamed: the successor began as this one ended and took over nothing else, so that the digits of town and village
-- are still those of the same places. Otherwise what lies below a merged county is known only where the table says so.
with recursive ended as (
    select
        a.code, a.level, a.successor,
        count(*) over (partition by a.successor) = 1 and coalesce(
            s.valid_from >= a.valid_to - interval 1 year and s.valid_from > coalesce(a.valid_from, date '0001-01-01'), false
        ) as is_renamed
    from areas a
    join areas s on s.code = a.successor
    where a.valid_to < getvariable('night')::date
),

chain as (
    select code, level, successor as now, is_renamed, 1 as steps from ended

    union all

    select c.code, c.level, e.successor, c.is_renamed and e.is_renamed, c.steps + 1
    from chain c
    join ended e on e.code = c.now
),

places as (
    select code, level, arg_max(now, steps) as now, arg_max(is_renamed, steps) as is_renamed
    from chain
    where level in ('county', 'town', 'village')
    group by code, level
)

-- A town's own row may lead to a town of a county that has since been renamed itself.
select
    left(p.code, case p.level when 'county' then 6 when 'town' then 9 else 12 end) as prefix,
    case when c.now is not null then left(c.now, 6) || case when c.is_renamed then right(p.now, 6) else '000000' end
        else p.now end as now,
    p.is_renamed and coalesce(c.is_renamed, true) as is_renamed
from places p
left join places c on p.level <> 'county' and c.level = 'county' and c.code = left(p.now, 6) || '000000'
