-- The minimum-living standard (DB) and the disposable income per head (PCDI) that apply to the household
-- standard is DB a head and month as valid in t-1; standard_year is its sum over t-12 ... t-1, month by month;
-- disposable is last year's PCDI a head and year. Each is a sum and a number of parts, so that nothing is rounded.

select
    h.household_id,
    max(s.value) filter (s.name = 'dibao' and s.back = 1)::bigint as standard_sum,
    12 as standard_months,
    case when count(*) filter (s.name = 'dibao' and s.back <= 12) = 12
        then sum(s.value) filter (s.name = 'dibao' and s.back <= 12) end::bigint as standard_year_sum,
    12 as standard_year_months,
    max(s.valid_from) filter (s.name = 'dibao' and s.back = 1) as standard_since,
    max(s.value) filter (s.name = 'pcdi' and s.back = 1)::bigint as disposable
from households h
left join settings s on s.area12 = h.area12 and s.residence = h.residence and s.name in ('dibao', 'pcdi')
group by h.household_id
