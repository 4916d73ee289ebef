-- What the minimum-living aid of a household comes to in a month, in fen
-- 低保 is paid as a supplement: members x standard - income a month (mean of the known months of t-3 ... t-1), at least
-- 0, and not known where the income is not. eligible: holds neither 低保 nor 特困 and lives below the standard; property
-- is not looked at, so it is the most that may come. 特困 is paid whole: members x standard.

with tekun as (
    select area12, residence, max(value) as standard_year from settings where name = 'tekun' and back = 1 group by all
),

figures as (
    select
        p.household_id, p.area12, p.has_dibao, p.has_tekun,
        p.members * t.standard_year::bigint // 12 as whole,
        (p.members * p.standard_sum * p.income_now_months - 12 * p.income_now_sum)
            // (12 * p.income_now_months) as lacking
    from household_profile p
    left join tekun t on t.area12 = p.area12 and t.residence = p.residence
)

select
    household_id, area12,
    case when has_dibao then 'dibao' when has_tekun then 'tekun' when lacking > 0 then 'eligible' end as aid,
    case when has_tekun and not has_dibao then whole when lacking is not null then greatest(lacking, 0) end as amount
from figures
where has_dibao or has_tekun or lacking > 0
