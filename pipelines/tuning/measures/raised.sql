-- Families that the hits of a night raise under a value (null: as it was), and whether a rule in question is among them
select value, night, household_id, rules, list_has_any(rules, (select list(rule) from asked)) as is_asked
from levels_of
