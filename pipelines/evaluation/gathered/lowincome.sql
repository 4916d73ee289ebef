-- Whom this system lists on a night: the cases that are handed out

select household_no, level, rules, dimensions from cases where state = 'handed_out' and household_no is not null
