-- No day has two values of one name, prefix and residence, unless the one known later corrects or follows the other
-- A row known later and valid from the same day is a correction, one valid from a later day follows. One known later
-- that begins earlier and runs on is neither: nobody can tell whether it should hold in the other's days too.
select
    b.path, b.line, 'valid_from',
    case when a.known_at = b.known_at
        then 'gives ' || b.name || ' a second value from ' || greatest(a.valid_from, b.valid_from) || ' on: line ' || a.line
            || ' is valid then too, and both are known since the same day'
        else 'is known later than line ' || a.line || ', begins before it and runs on into its days' end,
    case when a.known_at = b.known_at
        then 'end the one the day before the other begins, or give the correction a later known_at'
        else 'end this row on ' || (a.valid_from - 1) || ' and, if it replaces line ' || a.line
            || ' too, add a row valid from ' || a.valid_from end
from standing_values a
join standing_values b
    on a.file = b.file and a.name = b.name and a.area_prefix is not distinct from b.area_prefix
    and a.residence = b.residence and a.line <> b.line
where a.valid_from <= coalesce(b.valid_to, date '9999-12-31')
    and b.valid_from <= coalesce(a.valid_to, date '9999-12-31')
    and (
        (a.known_at = b.known_at and (a.valid_from, a.line) < (b.valid_from, b.line))
        or (a.known_at < b.known_at and b.valid_from < a.valid_from)
    )
