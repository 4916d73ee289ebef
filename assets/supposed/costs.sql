-- Fen a month of minimum-living aid as it was and as it would be, by town
-- on aid: families that hold it; newly eligible: below the standard only as supposed; no longer eligible: only as it was.

with compared as (
    select
        coalesce(a.area12, b.area12) as area12,
        case when coalesce(a.aid, b.aid) in ('dibao', 'tekun') then coalesce(a.aid, b.aid)
            when b.household_id is null then 'newly eligible'
            when a.household_id is null then 'no longer eligible' end as families_are,
        b.amount as before,
        a.amount as after,
        coalesce(a.aid, b.aid) in ('dibao', 'tekun') and (a.amount is null or b.amount is null) as is_unknown
    from benefits_after a
    full join benefits_before b using (household_id)
)

select
    families_are, left(area12, 9) as town_code, coalesce(town.name, left(area12, 9)) as town,
    count(*) filter (not is_unknown) as families,
    count(*) filter (is_unknown) as unknown,
    coalesce(sum(before) filter (not is_unknown), 0)::bigint as before,
    coalesce(sum(after) filter (not is_unknown), 0)::bigint as after
from compared
left join areas town on town.code = left(area12, 9) || '000'
where families_are is not null
group by all
order by families_are, town_code
