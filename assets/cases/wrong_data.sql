-- Data that visits found wrong, for the body that sent them; and answers to cases and items that were never handed out
-- Told on the night that the answer comes. Wrong identity or household: the member list, for a family of no list the
-- police's register, for one that a grid worker alone knows the report. Wrong amounts: the extracts that the case's main
-- rule rests on, those that say something of the family before all others. Line 0 without a file: not known where.

with tonight as (
    select * from answers where received_on = getvariable('as_of')::date
),

found_wrong as (
    select a.case_id, a.answer_no, a.outcome, a.main_rule, p.household_id, p.household_no, p.area6
    from tonight a
    join previous_cases p using (case_id)
    where a.outcome in ('12', '13')
),

concerned as (
    select
        *,
        case
            when starts_with(household_no, '临') then 'public_security_registry'
            when starts_with(household_no, '报') then 'civil_affairs_reports'
            else 'civil_affairs_members'
        end as extract,
        'VISIT-IDENTITY' as code
    from found_wrong
    where outcome = '12'

    union all

    select f.*, n.extract, 'VISIT-AMOUNT'
    from found_wrong f
    join rule_needs n on n.rule = f.main_rule
    where f.outcome = '13'
),

origins as (
    select c.answer_no, c.extract, s.delivery_no, s.line_no
    from concerned c
    join sources s using (household_id, extract)

    union all

    select c.answer_no, c.extract, m.delivery_no, m.line_no
    from concerned c
    join civil_affairs_members m
        on c.extract = 'civil_affairs_members' and m.area6 = c.area6 and m.household_no = c.household_no
),

-- Of a register the newest file alone: the older ones are past mending.
placed as (
    select o.answer_no, o.extract, o.delivery_no, list(distinct o.line_no order by o.line_no) as lines
    from origins o
    join deliveries d using (delivery_no)
    join contract_facts f on f.extract = o.extract
    where not f.is_register or d.in_force_to is null
    group by all
),

-- Where some of several extracts say something of the family, the others are not to blame.
told as (
    select c.*, p.delivery_no, p.lines
    from concerned c
    left join placed p using (answer_no, extract)
    where p.answer_no is not null or not exists (select 1 from placed other where other.answer_no = c.answer_no)
)

select
    f.folder, f.body, coalesce(d.file, '') as file, coalesce(t.lines[1], 0) as line_no, t.case_id, t.code,
    f.title || case when len(t.lines) > 0
        then '第 ' || array_to_string(t.lines[1:50], ' ') || case when len(t.lines) > 50 then ' …' else '' end || ' 行'
        else '' end as place,
    t.delivery_no
from told t
join contract_facts f using (extract)
left join deliveries d using (delivery_no)

union all

select f.folder, f.body, d.file, a.line_no, a.case_id, 'CASE-UNKNOWN', f.title || '第 ' || a.line_no || ' 行', a.delivery_no
from tonight a
join deliveries d using (delivery_no)
join contract_facts f on f.extract = 'civil_affairs_followups'
where not a.is_known

union all

select f.folder, f.body, d.file, a.line_no, a.item_no, 'ITEM-UNKNOWN', f.title || '第 ' || a.line_no || ' 行', a.delivery_no
from civil_affairs_rectifications a
join deliveries d using (delivery_no)
join contract_facts f on f.extract = 'civil_affairs_rectifications'
anti join previous_supervision p on p.item_no = a.item_no
where d.received_on = getvariable('as_of')::date
