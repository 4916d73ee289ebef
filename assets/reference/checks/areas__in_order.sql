-- An area row ends after it begins, has a code of its level, a parent that is there, and no second row for its days
with faults as (
    select path, line, 'valid_to' as column_name, 'is before valid_from' as says,
        'let the row end on or after the day it begins' as cure
    from standing_areas
    where valid_to < valid_from

    union all

    select path, line, 'code', 'has not the digits of its level',
        'write 2 digits of a province, 4 of a city, 6 of a county, 9 of a town, then zeros'
    from standing_areas
    where not case level
        when 'province' then code like '%0000000000' when 'city' then code like '%00000000'
        when 'county' then code like '%000000' when 'town' then code like '%000' else true end

    union all

    select path, line, 'parent', 'is no code of this table', 'add a row for the parent, or mend its code'
    from standing_areas a
    where parent is not null and not exists (from standing_areas p where p.code = a.parent)

    union all

    select b.path, b.line, 'valid_from', 'says that this code is in use at the same time as line ' || a.line || ' says',
        'end the one the day before the other begins'
    from standing_areas a
    join standing_areas b on a.code = b.code and a.line < b.line
    where coalesce(a.valid_from, date '0001-01-01') <= coalesce(b.valid_to, date '9999-12-31')
        and coalesce(b.valid_from, date '0001-01-01') <= coalesce(a.valid_to, date '9999-12-31')
)

from faults
