-- A successor is a code of this table, of an area that has ended, and never leads back
with recursive chain as (
    select path, line, code, successor as reached, 1 as steps
    from standing_areas
    where successor is not null

    union all

    select c.path, c.line, c.code, a.successor, c.steps + 1
    from chain c
    join standing_areas a on a.code = c.reached and a.successor is not null
    where c.steps < 50 and c.reached <> c.code
)

select path, line, 'successor', 'is no code of this table', 'add a row for the successor, or mend its code'
from standing_areas a
where successor is not null and not exists (from standing_areas s where s.code = a.successor)

union all

select path, line, 'successor', 'is given though the area has no last day', 'write valid_to'
from standing_areas
where successor is not null and valid_to is null

union all

select path, line, 'successor', 'leads back to the area itself', 'mend the successors of this circle'
from chain
where reached = code
