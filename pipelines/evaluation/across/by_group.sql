-- Groups of families over all seeds, each beside all others: counts added up, Wilson's interval
-- A group is marked where its interval and that of all others do not meet. The interval of visits a family found is that of
-- the share of visits that find a family for the first time, turned over.

with added as (
    select family_group, sum(columns(* exclude (seed, family_group, recall, low, high, other_recall, other_low, other_high)))
    from by_group
    group by family_group
),

figured as (
    select
        family_group, 'recall' as measure, spells as of, found / nullif(spells, 0) as value,
        wilson_low(found, spells) as low, wilson_high(found, spells) as high,
        other_found / nullif(other_spells, 0) as other,
        wilson_low(other_found, other_spells) as other_low, wilson_high(other_found, other_spells) as other_high
    from added
    union all
    select
        family_group, 'precision', alerts, rights / nullif(alerts, 0),
        wilson_low(rights, alerts), wilson_high(rights, alerts),
        other_rights / nullif(other_alerts, 0),
        wilson_low(other_rights, other_alerts), wilson_high(other_rights, other_alerts)
    from added
    union all
    select
        family_group, 'visits_per_find', visits, visits / nullif(families_found, 0),
        1 / wilson_high(families_found, visits), 1 / wilson_low(families_found, visits),
        other_visits / nullif(other_families_found, 0),
        1 / wilson_high(other_families_found, other_visits), 1 / wilson_low(other_families_found, other_visits)
    from added
)

select *, coalesce(high < other_low or low > other_high, false) as is_apart
from figured
order by measure = 'visits_per_find', measure = 'precision', family_group
