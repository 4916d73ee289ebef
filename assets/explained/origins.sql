-- The files and lines that a household's figures come from, by extract
-- Of the months that the rules look at; members from the lists in force.

with told as (
    select extract, delivery_no, line_no from sources where household_id = $household_id
    union
    select 'civil_affairs_members', delivery_no, line_no
    from civil_affairs_members
    where household_no = $household_no and area6 = $area6
)

select
    t.extract, d.file, list(distinct t.line_no order by t.line_no) as lines, d.received_on
from told t
join deliveries d using (delivery_no)
group by t.extract, d.file, d.delivery_no, d.received_on
order by t.extract, d.delivery_no
