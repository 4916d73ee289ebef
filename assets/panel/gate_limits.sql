-- How much a feed or a rule may stray before a gate closes or a drift is told, for each town and county
-- The dated parameters gate_* and drift_*: the longest matching area prefix wins, valid in the last closed month and known by now.

with places as (
    select distinct left(area12, 9) as area from household_members
    union
    select distinct left(area12, 6) as area from household_members
    union
    select distinct area6 as area from feeds
),

given as (
    select
        p.area, g.name,
        arg_max(g.value, (length(g.area_prefix), g.valid_from, g.known_at)) as value
    from places p
    join given_values g on starts_with(p.area, g.area_prefix) and regexp_matches(g.name, '^(gate|drift)_') and g.residence = 'any'
        and g.known_at <= getvariable('as_of')::date
        and month_at(1) >= g.valid_from and (g.valid_to is null or month_at(1) <= g.valid_to)
    group by p.area, g.name
)

select
    area,
    max(value) filter (name = 'gate_periods') as periods,
    max(value) filter (name = 'gate_mads') as mads,
    max(value) filter (name = 'gate_noise') as noise,
    max(value) filter (name = 'gate_share_floor') as share_floor,
    max(value) filter (name = 'gate_jump_floor') as jump_floor,
    max(value) filter (name = 'gate_term_floor') as term_floor,
    max(value) filter (name = 'gate_term_noise') as term_noise,
    max(value) filter (name = 'gate_silent') as silent,
    max(value) filter (name = 'gate_ratio_low') as ratio_low,
    max(value) filter (name = 'gate_ratio_high') as ratio_high,
    max(value) filter (name = 'gate_ratio_least') as ratio_least,
    max(value) filter (name = 'gate_rate') as rate,
    max(value) filter (name = 'gate_rate_floor') as rate_floor,
    max(value) filter (name = 'drift_rows') as drift_rows,
    max(value) filter (name = 'drift_years') as drift_years,
    max(value) filter (name = 'drift_psi_floor') as drift_psi_floor,
    max(value) filter (name = 'drift_blank_floor') as drift_blank_floor,
    max(value) filter (name = 'drift_mads') as drift_mads,
    max(value) filter (name = 'drift_noise') as drift_noise,
    max(value) filter (name = 'drift_hit_ratio') as drift_hit_ratio,
    max(value) filter (name = 'drift_hit_floor') as drift_hit_floor,
    max(value) filter (name = 'drift_hit_noise') as drift_hit_noise
from given
group by area
