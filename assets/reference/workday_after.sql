-- The n-th working day after a day, n from 1 on; null past the end of the table.
create or replace temp macro workday_after(since, n) as (
    select min(later.day)
    from calendar later
    where later.workday_no = n + (select today.workday_no from calendar today where today.day = since)
);
