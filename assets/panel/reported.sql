-- Whom grid workers reported within 92 days, or nobody has visited since, and which household that is
-- One row a report that was not taken back. The household is the one whose number the report names, else the one in which
-- the named person counts, else a family that no other table knows (lone): reports that name the same unknown number are
-- of one, any other report is of a family of its own: lone_id is that family, also where it is known by now. The area is the grid's, where that lies in the county.

with numbers as (
    select area6, household_no, household_id
    from lineage
    semi join households using (household_id)
    where is_in_force
    qualify row_number() over (
        partition by area6, household_no order by until_month desc, since_month desc, household_id
    ) = 1
),

counted as (
    select person_key, household_id from persons semi join households using (household_id)
),

unvisited as (
    select household_id from previous_cases where state in ('pending', 'open', 'handed_out') and visited_on is null
),

named as (
    select
        *,
        numbered('report|' || area6 || '|' || coalesce('no|' || household_no, grid_code || '|' || report_no)) as lone_id
    from civil_affairs_reports
    where reported_on > getvariable('as_of')::date - 366 and reported_on <= getvariable('as_of')::date
)

select
    coalesce(n.household_id, c.household_id, r.lone_id) as household_id,
    r.lone_id,
    n.household_id is null and c.household_id is null as is_lone,
    r.area6,
    case when regexp_full_match(r.grid_code, '\d{12}.*') and starts_with(r.grid_code, r.area6)
        then left(r.grid_code, 12) else r.area6 || '000000' end as area12,
    r.grid_code,
    r.report_no,
    r.household_no,
    r.reported_on,
    coalesce(l.label, r.matter) as matter,
    r.urgency is not distinct from '1' as is_urgent,
    r.delivery_no,
    r.line_no
from named r
left join numbers n on n.area6 = r.area6 and n.household_no = r.household_no
left join counted c on c.person_key = r.person_key
left join code_labels l on l.extract = 'civil_affairs_reports' and l.column_name = 'matter' and l.code = r.matter
where just_happened(r.reported_on)
    or coalesce(n.household_id, c.household_id, r.lone_id) in (select household_id from unvisited)
