-- The grids by today's codes
select
    current_area(area12) || substr(grid_code, 13) as grid_code,
    current_area(area12) as area12, name, worker, visits_a_week
from standing_grids
