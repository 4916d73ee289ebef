-- When a household was first told of, in whatever file
select min(d.received_on) as received_on, arg_min(d.file, d.delivery_no) as file
from civil_affairs_members_received m
join deliveries d using (delivery_no)
where m.household_no = $number and starts_with(m.area12, $area)
having count(*) > 0
