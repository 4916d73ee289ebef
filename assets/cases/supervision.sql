-- Items of supervision: what was found, what was answered, and how it stands tonight
-- One row an item, for ever: a household and a rule, from the night that found it until it is closed. What may become of
-- it stands in item_transitions.csv. state: found, planned (until a day), overdue (that day is past), rectified (so it was
-- answered, and the data are to show it within recheck_days), closed. An item that was answered as untrue stays closed for
-- as long as the finding goes on; a finding that comes again after it was gone is a new item. Where a rule is held its items
-- neither open nor close; answers and days go on. File A and file B as in supervision_findings.

with shut as (
    select distinct area, rule from held where state in ('off', 'held')
),

limits as (
    select left(area12, 6) as area6, max(value)::integer as recheck_days
    from settings
    where name = 'recheck_days' and back = 1
    group by all
),

-- The newest answer in force to each item.
answered as (
    select
        item_no,
        arg_max(
            struct_pack(handling := handling, handled_on := handled_on, planned_until := case when handling = '2' then planned_until end),
            (handled_on, delivery_no, record_no)
        ) as answer
    from civil_affairs_rectifications
    group by item_no
),

-- What goes on: the last item of each household and rule.
last_items as (
    from previous_supervision
    qualify row_number() over (partition by household_id, rule order by closed_on is null desc, opened_on desc, item_no) = 1
),

met as (
    select
        p as before, f.household_id is not null as is_found,
        exists (from shut l where l.rule = coalesce(f.rule, p.rule) and starts_with(coalesce(f.area12, p.area12), l.area)) as is_held,
        coalesce(f.household_id, p.household_id) as household_id,
        coalesce(f.household_no, p.household_no) as household_no,
        coalesce(f.area6, p.area6) as area6,
        coalesce(f.area12, p.area12) as area12,
        coalesce(f.rule, p.rule) as rule,
        coalesce(f.level, p.level) as level,
        coalesce(f.reason, p.reason) as reason,
        coalesce(f.evidence, p.evidence) as evidence,
        case when f.household_id is null then p.value else f.value end as value,
        case when f.household_id is null then p.threshold else f.threshold end as threshold,
        coalesce(f.file, p.file) as file,
        case when a.answer is distinct from
            struct_pack(handling := p.handling, handled_on := p.handled_on, planned_until := p.planned_until)
            then a.answer end as answer
    from supervision_findings f
    full join last_items p using (household_id, rule)
    left join answered a on a.item_no = p.item_no
),

happened as (
    select
        m.*,
        case
            when before.item_no is null then 'found'
            when before.state = 'closed'
                then case when is_found and not (before.handling is not distinct from '3' and before.is_found) then 'found' end
            when not is_found and not is_held then 'gone'
            when answer is not null
                then case answer.handling when '1' then 'rectified' when '2' then 'planned' else 'refuted' end
            when before.state = 'planned' and before.planned_until < getvariable('as_of')::date then 'lapsed'
            when before.state = 'rectified' and not is_held
                and before.state_since + l.recheck_days <= getvariable('as_of')::date then 'lapsed'
        end as event
    from met m
    left join limits l using (area6)
),

moved as (
    select
        h.*, t.next_state, t.why,
        h.event is not distinct from 'found' as is_new
    from happened h
    left join item_transitions t on t.event = h.event
        and t.state is not distinct from case when h.event = 'found' then null else h.before.state end
),

tonight as (
    select
        case when is_new
            then item_number(pseudonym('item|' || household_id || '|' || rule || '|' || getvariable('as_of')::date))
            else before.item_no end as item_no,
        household_id, household_no, area6, area12, rule, level, reason, evidence, value, threshold, file,
        coalesce(next_state, before.state) as state,
        coalesce(why, before.why) as why,
        case when is_new then getvariable('as_of')::date else before.opened_on end as opened_on,
        case when event is null then before.state_since else getvariable('as_of')::date end as state_since,
        case when is_new then null when answer is null then before.handling else answer.handling end as handling,
        case when is_new then null when answer is null then before.handled_on else answer.handled_on end as handled_on,
        case when is_new then null when answer is null then before.planned_until else answer.planned_until end as planned_until,
        case when coalesce(next_state, before.state) <> 'closed' then null
            when event is null then before.closed_on else getvariable('as_of')::date end as closed_on,
        case when is_held then coalesce(before.is_found, false) else is_found end as is_found
    from moved
),

-- An item that a new one follows, and those before it, stay as they were.
past as (
    select p.* exclude (title, basis)
    from previous_supervision p
    anti join tonight t on t.item_no = p.item_no
)

select i.*, r.title, r.basis
from (
    from tonight
    union all by name
    from past
) i
join rule_order r using (rule)
