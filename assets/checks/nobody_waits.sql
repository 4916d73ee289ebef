-- No record waits for a human to say whose it is
-- linked, warn
select count(*) as waiting
from linked
where person_key is null
