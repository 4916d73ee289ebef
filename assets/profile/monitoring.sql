-- Families that are monitored: those on any aid, and those whom agriculture watches against a fall back into poverty
-- On agriculture's register in force, identified by the night and the risk not cleared by then; those lifted out of
-- poverty for good (kind 9) are not watched.

select
    h.household_id,
    a.is_listed or exists (
        select 1
        from agriculture_monitoring w
        where w.household_id = h.household_id and w.kind in ('0', '1', '2') and has_month(w.member_months, 1)
            and in_force_at(w.in_force_from, w.in_force_to, this_month())
            and w.identified_on <= getvariable('as_of')::date
            and (w.cleared_on is null or w.cleared_on > getvariable('as_of')::date)
    ) as is_monitored
from households h
join profile_aid a using (household_id)
