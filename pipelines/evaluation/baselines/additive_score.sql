-- An additive score with fixed bands: points for what a family has to bear, added up, and a fixed cut
-- Our reading. Early-warning platforms of provinces tell of such scores, but no table of points for departmental files
-- was found published; the form (points from 0 to 100, added, one cut) is that of M. Schreiner's Simple Poverty Scorecard
-- (povertyindex.org), the lines of money are those of the law and of Xi'an. Points are set by reason and were never tuned:
-- the full cut, 30, for income under the standard or a bill over Xi'an's upper line alone; half of it for one clear
-- burden, so that two of them list; a third for a lighter one. Bands: yellow 30, orange 45, red 60. An unknown income has
-- no points. Aid that is held already is no burden and has none either. score: the points.

with burdens as (
    select
        household_no,
        case
            when 12 * income_now_sum < income_now_months * members * standard_sum then 30
            when 2 * 12 * income_now_sum < 3 * income_now_months * members * standard_sum then 15
            when 12 * income_now_sum < 2 * income_now_months * members * standard_sum then 10
            else 0
        end as income,
        case when oop_year >= 2600000 then 30 when oop_year >= 1000000 then 15 when oop_year >= 500000 then 10 else 0 end as cost,
        case when severely_disabled_members > 0 then 15 when disabled_members > 0 then 10 else 0 end as disability,
        case when seriously_ill > 0 or newly_ill_members > 0 then 15 else 0 end as illness,
        case when tertiary_students > 1 then 15 when tertiary_students > 0 or education_cost > 0 then 10 else 0 end as schooling,
        case when members > 0 and elders = members then 10 else 0 end as age,
        case when event_deaths > 0 or is_dwelling_lost then 30
            when event_loss > 0 or is_dwelling_damaged or has_dangerous_dwelling then 15 else 0 end as misfortune
    from household_profile
    where household_no is not null
)

select household_no, income + cost + disability + illness + schooling + age + misfortune as score
from burdens
where income + cost + disability + illness + schooling + age + misfortune >= 30
