-- One row a system: precision, recall, delay, alerts, visits
-- precision: right alerts of all; useful: right or early of all; recall of all spells and of those that some file shows;
-- alerts per 1,000 households and month of 30 days; visits per family found (each family once); share of repeat visits.

with months as (
    select greatest(date_diff('day', min(night), max(night)), 30) / 30.0 as months from nights
),

a as (
    select system, count(*) as alerts, count(*) filter (verdict = 'right') as rights,
        count(*) filter (verdict = 'early') as early, count(*) filter (verdict = 'wasted') as wasted
    from alerts group by system
),

p as (
    select system, count(*) as spells, count(*) filter (is_found) as found,
        count(*) filter (is_seen) as seen_spells, count(*) filter (is_seen and is_found) as seen_found,
        median(delay_days) as delay_days, median(delay_nights) as delay_nights
    from spells group by system
),

v as (
    select system, count(*) as visits, count(*) filter (is_repeat) as repeats,
        count(distinct household_no) filter (is_found) as families_found
    from visits group by system
)

select
    s.system, coalesce(a.alerts, 0) as alerts, coalesce(a.rights, 0) as rights, coalesce(a.early, 0) as early,
    coalesce(a.wasted, 0) as wasted, a.rights / a.alerts as precision, (a.rights + a.early) / a.alerts as useful,
    coalesce(p.spells, 0) as spells, coalesce(p.found, 0) as found, p.found / p.spells as recall,
    p.seen_found / nullif(p.seen_spells, 0) as recall_seen, p.delay_days, p.delay_nights,
    coalesce(a.alerts, 0) * 1000 / (select avg(households) from nights) / (select months from months) as alerts_per_1000,
    coalesce(v.visits, 0) as visits, coalesce(v.families_found, 0) as families_found,
    v.visits / nullif(v.families_found, 0) as visits_per_find, v.repeats / nullif(v.visits, 0) as repeat_share
from systems s
left join a using (system)
left join p using (system)
left join v using (system)
order by s.place
