-- What grid workers reported of the household within 92 days
-- Of several reports the urgent one speaks, then the newest.

select
    h.household_id,
    count(r.report_no) as reports,
    count(r.report_no) filter (r.is_urgent) as urgent_reports,
    coalesce(bool_or(r.is_urgent), false) as is_report_urgent,
    arg_max(r.matter, (r.is_urgent, r.reported_on, r.grid_code, r.report_no)) as report_matter,
    arg_max(r.reported_on, (r.is_urgent, r.reported_on, r.grid_code, r.report_no)) as reported_on
from households h
left join reported r using (household_id)
group by h.household_id
