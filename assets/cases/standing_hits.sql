-- The hits that families stand under tonight: those that fire, and those of earlier nights that have not ended yet
-- A hit ends where its figures lie below nine tenths of their thresholds in two months running, or by the words of its own
-- rule at once. Where the very month that it fired in reads differently now, data were corrected: it is withdrawn at once.
-- (The window of income is one month older until the feeds are due: lag.) What is held, or not known, neither fires nor
-- ends; after twelve months it is over. Notes (level 0) and supervision make no case; who got the basic allowance is over. standing: firing, near (within a tenth), held, unknown, missed (once), and of those that end tonight, for this
-- one night: cleared, withdrawn. month is the last one in which it fired or was near.

with places as (
    select household_id, household_no, area6, area12, grid_code, is_provisional from households
    union all
    select household_id, household_no, area6, area12, grid_code, true from lone_reports
),

shut as (
    select distinct area, rule, string_split(extracts, '、') as extracts
    from held
    where state in ('off', 'held')
),

acted_on as (
    select h.household_id, h.rule, h.dimension, h.level, h.reason
    from hits h
    join households k using (household_id)
    anti join shut l on l.rule = h.rule and starts_with(k.area12, l.area)
    where h.level >= 1 and h.dimension <> 'supervision'

    union all

    select r.household_id, r.rule, r.dimension, r.level, r.reason
    from lone_reports r
    anti join shut l on l.rule = r.rule and starts_with(r.area12, l.area)
),

-- A feed that is silent clears nothing, even where the household itself is gone from a member list that is held.
left_open as (
    select
        p.*, o.ends_by_itself, k.household_id is not null as is_there,
        max(l.rule is not null and (k.household_id is not null or list_contains(l.extracts, 'civil_affairs_members'))) as is_held,
        max(n.level) as near_level,
        bool_or(n.household_id is not null) and max(n.level) is null as is_unknown,
        coalesce(bool_or(z.household_id is not null and (f.has_dibao or f.has_tekun)), false) as is_aided,
        coalesce(max(f.income_lag), 0) as lag_now
    from previous_standing p
    join rule_order o using (rule)
    anti join acted_on a using (household_id, rule)
    left join places k using (household_id)
    left join shut l on l.rule = p.rule and starts_with(coalesce(k.area12, p.area12), l.area)
    left join near_hits n on n.household_id = p.household_id and n.rule = p.rule
    left join hits z on z.household_id = p.household_id and z.rule = p.rule and z.level = 0
    left join household_profile f on f.household_id = p.household_id
    group by all
),

turned as (
    select
        *,
        case
            when month < this_month() - interval 12 month then 'cleared'
            when is_held then 'held'
            when not is_there then 'cleared'
            when is_unknown then 'unknown'
            when near_level >= 1 then 'near'
            when ends_by_itself or is_aided then 'cleared'
            when month = this_month() and lag = lag_now then 'withdrawn'
            when missed_month = this_month() then 'missed'
            when missed_month is null then 'missed'
            else 'cleared'
        end as standing_now
    from left_open
)

select
    a.household_id, k.area12, a.rule, a.dimension, a.level, a.reason, 'firing' as standing, this_month() as month,
    null::date as missed_month, coalesce(f.income_lag, 0) as lag
from acted_on a
join places k using (household_id)
left join household_profile f using (household_id)

union all

select
    household_id, area12, rule, dimension,
    case when standing_now = 'near' then least(level, near_level) else level end as level,
    reason, standing_now,
    case when standing_now = 'near' then this_month() else month end,
    case
        when standing_now = 'missed' then this_month()
        when standing_now in ('held', 'unknown') then missed_month
    end,
    case when standing_now = 'near' then lag_now else lag end
from turned
