-- Visits to families that the hits of the night of their list do not raise even as it was
select count(*) as visits from judged where value is null and not is_judged
