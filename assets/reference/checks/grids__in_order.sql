-- A grid code begins with its area and stands once
select path, line, 'area12', 'is not what the grid code begins with', 'write the first 12 digits of the grid code'
from standing_grids
where not starts_with(grid_code, area12)

union all

select b.path, b.line, 'grid_code', 'stands in line ' || a.line || ' already', 'keep one of the two rows'
from standing_grids a
join standing_grids b on a.grid_code = b.grid_code and a.line < b.line
