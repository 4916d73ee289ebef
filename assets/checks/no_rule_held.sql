-- Every feed that a rule needs has come, whole and like its own history
-- held, warn
select
    count(*) filter (state in ('held', 'warned')) as held_or_warned,
    count(*) filter (state = 'held') as held,
    count(*) filter (state = 'warned') as warned,
    count(*) filter (state = 'released') as released
from held
