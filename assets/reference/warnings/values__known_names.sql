-- A home's parameters have names that the shipped ones have: a misspelt one changes nothing
select name
from standing_values
where origin = 'home' and file = 'parameters.csv'
    and name not in (select name from shipped_names)
