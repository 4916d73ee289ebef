-- Today's code of an area of 12 digits, by what became of the village, its town and its county (rows of area_changes);
-- a code that nothing has replaced stays as it is.
create or replace temp macro code_today(area12, village, town, county) as coalesce(
    village.now,
    case when town.is_renamed then left(town.now, 9) || right(area12, 3) else town.now end,
    case when county.is_renamed then left(county.now, 6) || right(area12, 6) else county.now end,
    area12
);

-- The same where there are few codes: of many, join area_changes three times, else the engine copies every row.
create or replace temp macro current_area(area12) as code_today(
    area12,
    (select c from area_changes c where c.prefix = area12),
    (select c from area_changes c where c.prefix = left(area12, 9)),
    (select c from area_changes c where c.prefix = left(area12, 6))
);
