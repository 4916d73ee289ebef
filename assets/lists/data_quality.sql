-- What each body should mend: faults of the files that came in tonight, and data that visits found wrong
-- The value of what a visit found is the case's number, never a name. In the lake the table has no values.

select folder, body, file, line_no, column_name, value, code, outcome, fault, cure, delivery_no
from findings

union all by name

select
    w.folder, w.body, w.file, w.line_no, '预警编号' as column_name, w.case_id as value, w.code, 'noted' as outcome,
    r.says || '：' || w.place as fault, r.cure, w.delivery_no
from wrong_data w
join reasons r using (code)
