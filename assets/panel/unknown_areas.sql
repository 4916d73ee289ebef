-- Area codes of families that the area table does not know, or knows as ended without a successor
-- A code is held against the levels that the table has below its county: towns where it lists towns, villages where
-- it lists those of the town. Such a family stays on its list under the bare code; nothing else follows from it.

with used as (
    select area6, area12, count(*) as households from households group by all
),

listed as (
    select distinct parent from areas where parent is not null
),

held_against as (
    select
        u.*,
        county.code as county, county.valid_to as county_ended, town.code as town, village.code as village,
        has_towns.parent is not null and u.area12 not like '%000000' as has_towns,
        has_villages.parent is not null and u.area12 not like '%000' as has_villages
    from used u
    left join areas county on county.code = left(u.area12, 6) || '000000'
    left join areas town on town.code = left(u.area12, 9) || '000'
    left join areas village on village.code = u.area12
    left join listed has_towns on has_towns.parent = left(u.area12, 6) || '000000'
    left join listed has_villages on has_villages.parent = left(u.area12, 9) || '000'
),

judged as (
    select
        area6, area12, households,
        case
            when county is null then 'county'
            when county_ended < getvariable('as_of')::date then 'county ended'
            when has_towns and town is null then 'town'
            when has_villages and village is null then 'village'
        end as unknown
    from held_against
)

select area6, area12, unknown, households from judged where unknown is not null
