-- Today's code of an area of 12 digits; a code that nothing has replaced stays as it is.
create or replace temp macro current_area(area12) as coalesce(
    (select c.now from area_changes c where c.prefix = area12),
    (select case when c.is_renamed then left(c.now, 9) || right(area12, 3) else c.now end
        from area_changes c where c.prefix = left(area12, 9)),
    (select case when c.is_renamed then left(c.now, 6) || right(area12, 6) else c.now end
        from area_changes c where c.prefix = left(area12, 6)),
    area12
);
