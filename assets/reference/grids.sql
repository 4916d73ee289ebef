-- The grids by today's codes; where two have become one, it has the visits of both
select
    current_area(area12) || substr(grid_code, 13) as grid_code,
    any_value(current_area(area12)) as area12,
    string_agg(name, '、' order by name) as name,
    string_agg(worker, '、' order by worker) as worker,
    sum(visits_a_week)::integer as visits_a_week
from standing_grids
group by 1
