-- Nobody forms a household of unknown composition: such a family is one that nobody knows, or a register that reaches not all
-- persons, warn
select
    count(*) filter (is_provisional) as in_no_list,
    count(*) filter (household_id is null and not is_dead) as in_no_household,
    count(*) as persons,
    round(count(*) filter (is_provisional) / greatest(count(*), 1), 4) as share_in_no_list
from persons
