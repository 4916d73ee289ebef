-- Families of whom nothing is known but what a grid worker reported
-- One row a family; neither its number nor a person of it is in any table. Who lives there is not known, so that the level
-- is 2 at most, urgent or not.

select
    household_id,
    coalesce(max(household_no), '报' || max(report_no)) as household_no,
    any_value(area6) as area6,
    arg_max(area12, (is_urgent, reported_on, grid_code, report_no)) as area12,
    arg_max(grid_code, (is_urgent, reported_on, grid_code, report_no)) as grid_code,
    'REPORT' as rule,
    'report' as dimension,
    2 as level,
    '网格员 ' || arg_max(reported_on, (is_urgent, reported_on, grid_code, report_no)) || ' 上报：'
        || arg_max(matter, (is_urgent, reported_on, grid_code, report_no))
        || case when bool_or(is_urgent) then '（紧急）' else '' end as reason,
    to_json({
        reports: count(*), urgent_reports: count(*) filter (is_urgent),
        report_matter: arg_max(matter, (is_urgent, reported_on, grid_code, report_no)),
        reported_on: arg_max(reported_on, (is_urgent, reported_on, grid_code, report_no))
    })::varchar as evidence,
    null::double as value,
    null::double as threshold
from reported
where is_lone
group by household_id
