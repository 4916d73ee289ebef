-- A row ends on or after the day it begins
select path, line, 'valid_to', 'is before valid_from', 'let the row end on or after the day it begins'
from standing_values
where valid_to < valid_from
