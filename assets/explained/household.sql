-- Whose number or case it is, as the night knew it
-- A number is civil affairs' own and unique within a county alone: an area prefix tells two of them apart.

select
    h.household_id, h.household_no, h.area6, h.area12, h.residence, h.members, h.is_provisional, c.case_id,
    concat_ws(' ', coalesce(county.name, h.area6), town.name, village.name) as place
from households h
left join cases c using (household_id)
left join areas county on county.code = left(h.area12, 6) || '000000'
left join areas town on town.code = left(h.area12, 9) || '000'
left join areas village on village.code = h.area12
where (h.household_no = $number or c.case_id = $number) and starts_with(h.area12, $area)
order by h.area12, h.household_id
