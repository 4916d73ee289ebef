-- Every household that some rule hits tonight, without the life of a case
-- Levels 1 and above, as the same rules give them; supervision is no need. Shows what the life of a case saves.

select distinct household_no from hits where level >= 1 and dimension <> 'supervision' and household_no is not null
