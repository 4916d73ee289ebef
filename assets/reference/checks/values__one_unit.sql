-- A parameter has one unit, the same in every row; a name stands in one of the two files
with first as (
    select name, file, unit, path, line
    from standing_values
    qualify row_number() over (partition by name order by origin desc, file, line) = 1
)

select
    v.path, v.line, case when v.file = f.file then 'unit' else 'name' end,
    case when v.file = f.file then 'is ' || v.unit || ', but ' || v.name || ' is given in ' || f.unit
        else 'is the name ' || v.name || ', which stands in ' || f.file || ' too' end
        || ' (' || f.path || ' line ' || f.line || ')',
    case when v.file = f.file then 'write the value in ' || f.unit else 'keep it in one of the two files' end
from standing_values v
join first f using (name)
where v.file <> f.file or (v.file = 'parameters.csv' and v.unit <> f.unit)
