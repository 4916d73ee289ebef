-- Every case there ever was, and its state tonight: the hits that stand, the night before, and staff's answers
-- One case a household, for ever: it sleeps, closes and re-opens under one number. What may become of it stands in
-- transitions.csv: a case in a state meets the one event of the night, and then, where it is open, a free visit of its grid.
-- Level: the highest of its hits, raised by one where two dimensions hit together (COMBO), bounded by what own cost leaves
-- of the income where its rules are bounded by it (is_bounded), and raised by one where the family left aid or was refused
-- within twelve months (EXIT-WATCH); at most to 3, to 2 where nobody knows who belongs to it. At 0 nobody is sent, and who
-- was sent already goes. What is left is remembered: a feed that falls silent or is held makes no case graver.
-- state: pending (yellow, waits for a second evaluation, unless a hit or what is left is pressing; or level 0), open (waits for a visit of its grid), handed_out (on the list),
-- verified (helped), snoozed (answered otherwise), closed. change is told against the list of the night before.

with places as (
    select household_id, household_no, area6, area12, grid_code, residence, is_provisional from households
    union all
    select household_id, household_no, area6, area12, grid_code, null, true from lone_reports
),

-- A family that was known by a report alone, and stands in a member list by now, goes on with its case.
remembered as (
    select p.* replace (coalesce(r.household_id, p.household_id) as household_id)
    from previous_cases p
    left join (
        select lone_id, min(household_id) as household_id
        from reported
        anti join previous_cases using (household_id)
        where not is_lone
        group by lone_id
    ) r on r.lone_id = p.household_id
    qualify row_number() over (partition by coalesce(r.household_id, p.household_id) order by p.opened_on, p.case_id) = 1
),

-- The parameters of a household's place; of one that no register knows, the greatest of its county, else what is shipped.
spoken as (
    select area12 as area, residence, name, value from settings where back = 1
    union all
    select left(area12, 6), null, name, max(value) from settings where back = 1 group by all
    union all
    select '', null, name, max(case unit when 'yuan' then value * 100 else value end)
    from given_values
    where area_prefix = '' and residence = 'any' and known_at <= getvariable('as_of')::date
        and valid_from <= month_at(1) and coalesce(valid_to, month_at(1)) >= month_at(1)
    group by all
),

limits as (
    select
        area, residence,
        max(value) filter (name = 'capacity_week')::integer as capacity_week,
        max(value) filter (name = 'deadline_red')::integer as deadline_red,
        max(value) filter (name = 'deadline_orange')::integer as deadline_orange,
        max(value) filter (name = 'deadline_yellow')::integer as deadline_yellow,
        max(value) filter (name = 'snooze_days')::integer as snooze_days,
        max(value) filter (name = 'snooze_oop_growth') as snooze_oop_growth,
        max(value) filter (name = 'snooze_oop_floor') as snooze_oop_floor,
        max(value) filter (name = 'recognition_months')::integer as recognition_months
    from spoken
    group by area, residence
),

-- An evaluation is a month, or new data of an extract that the rules lean on.
news as (
    select d.area6, l.rule, max(d.delivery_no) as evaluated_no
    from deliveries d
    join rule_leans l using (extract)
    where d.state = 'taken' and l.how <> 'use'
    group by d.area6, l.rule
),

gathered as (
    select
        s.household_id,
        max(s.level) as hit_level,
        count(distinct s.dimension) as dimensions_hit,
        max(s.level) filter (not r.is_bounded) as apart_level,
        count(distinct s.dimension) filter (not r.is_bounded) as apart_dimensions,
        list(distinct s.dimension order by s.dimension) as dimensions,
        list(s.rule order by s.level desc, r.place) as rules,
        arg_min(s.rule, (-s.level, r.place)) as main_rule,
        arg_min(s.reason, (-s.level, r.place)) as main_reason,
        bool_or(s.dimension = 'report') as is_reported,
        bool_or(s.standing = 'firing') as is_firing,
        bool_or(r.is_pressing) as is_pressing,
        max(n.evaluated_no) filter (s.standing = 'firing') as evaluated_no
    from standing_hits s
    join rule_order r using (rule)
    left join news n on n.rule = s.rule and n.area6 = left(s.area12, 6)
    where s.standing not in ('cleared', 'withdrawn')
    group by s.household_id
),

-- Where a rule that is bounded is held, what is left is worked out from the same feed: that of the night before counts.
doubted as (
    select distinct area from held join rule_order using (rule) where state = 'held' and is_bounded
),

-- What is left eases a case only where it lies clearly above the line: a ninth. Of what is not known the last word counts.
bound as (
    select
        household_id,
        case when d.is_doubted then coalesce(p.residual_share, f.residual_share)
            else coalesce(f.residual_share, p.residual_share) end as residual_share,
        case when d.is_doubted then coalesce(p.residual_level, f.residual_level)
            when p.residual_level > f.residual_level then least(p.residual_level, f.residual_near_level)
            else coalesce(f.residual_level, p.residual_level) end as residual_level,
        coalesce(f.is_residual_pressing and not d.is_doubted, false) as is_pressing
    from gathered
    left join places k using (household_id)
    left join household_profile f using (household_id)
    left join (from remembered where state <> 'closed') p using (household_id)
    cross join lateral (select exists (from doubted u where starts_with(k.area12, u.area)) as is_doubted) d
),

tonight as (
    select
        g.household_id, g.hit_level, g.dimensions_hit >= 2 as is_combo,
        coalesce(f.has_left_aid, p.is_exit_watch, false) as is_exit_watch,
        g.dimensions, g.rules, g.main_rule, g.main_reason, g.is_reported, g.is_firing, g.evaluated_no,
        g.is_pressing or b.is_pressing as is_pressing,
        f.oop_year, b.residual_share, b.residual_level,
        case_level(
            g.hit_level, g.dimensions_hit, g.apart_level, g.apart_dimensions, b.residual_level,
            coalesce(f.has_left_aid, p.is_exit_watch, false), k.is_provisional) as level
    from gathered g
    left join places k using (household_id)
    left join household_profile f using (household_id)
    left join remembered p using (household_id)
    join bound b using (household_id)
),

-- A case whose hits have all ended: were they withdrawn by better data, or are they over?
ended as (
    select household_id, bool_or(standing = 'withdrawn') as is_withdrawn
    from standing_hits
    group by household_id
    having bool_and(standing in ('cleared', 'withdrawn'))
),

-- The newest visit that was not heard before; an older one that comes late undoes nothing. An answer that was taken back
-- binds no more: what was answered before it counts again.
binding as (
    select p.household_id, p.case_id, a.case_id is null and p.answer_no is not null as is_taken_back,
        case when a.case_id is not null then p.answer_no else 0 end as answer_no,
        case when a.case_id is not null then p.visited_on end as visited_on
    from remembered p
    left join answers a on a.case_id = p.case_id and a.answer_no = p.answer_no
),

answered as (
    select
        b.household_id, bool_or(b.is_taken_back) as is_taken_back,
        arg_max(struct_pack(answer_no := a.answer_no, outcome := a.outcome, visited_on := a.visited_on), (a.visited_on, a.answer_no))
            filter (a.answer_no is not null) as answer
    from binding b
    left join answers a
        on a.case_id = b.case_id and a.answer_no > b.answer_no and a.visited_on >= coalesce(b.visited_on, a.visited_on)
    group by b.household_id
),

-- Where settlements are held nobody wakes by what they say.
muffled as (
    select distinct area from held where state = 'held' and list_contains(string_split(extracts, '、'), 'health_settlements')
),

met as (
    select
        t.* exclude (household_id), t.household_id is not null as is_at_risk,
        coalesce(t.household_id, p.household_id) as household_id,
        p as before, a.answer, o.event as answer_event, a.is_taken_back, b.night is null as is_baseline,
        case when l.area is null then d else l end as limits,
        exists (from muffled u where starts_with(coalesce(k.area12, p.area12), u.area)) as is_muffled,
        coalesce(k.household_no, p.household_no) as household_no,
        coalesce(k.area6, p.area6) as area6,
        coalesce(k.area12, p.area12) as area12,
        coalesce(k.grid_code, p.grid_code) as grid_code,
        coalesce(e.is_withdrawn, false) as is_withdrawn
    from tonight t
    full join remembered p on p.household_id = t.household_id
    left join places k on k.household_id = coalesce(t.household_id, p.household_id)
    left join limits l
        on l.area = case when k.residence is null then left(coalesce(k.area12, p.area12), 6) else k.area12 end
        and l.residence is not distinct from k.residence
    left join limits d on d.area = ''
    left join answered a on a.household_id = p.household_id
    left join outcomes o on o.outcome = a.answer.outcome
    left join ended e on e.household_id = p.household_id
    cross join night_before b
),

weighed as (
    select
        * replace (case when before.state = 'handed_out' and level = 0 then 1 else level end as level),
        level > before.settled_level
            or (not is_muffled and oop_year >= greatest(before.settled_oop, limits.snooze_oop_floor) * (1 + limits.snooze_oop_growth))
            as is_graver
    from met
),

happened as (
    select
        *,
        case
            when before.state = 'closed' and is_at_risk and before.snoozed_until > getvariable('as_of')::date
                and answer_event is null and not coalesce(is_graver, false) then 'hushed'
            when before.case_id is null or (before.state = 'closed' and is_at_risk)
                then case when level = 0 then 'noted' when is_baseline or level >= 2 or is_reported or is_pressing then 'flagged' else 'hinted' end
            when not is_at_risk then case when is_withdrawn then 'withdrawn' else 'ended' end
            when answer_event is not null then answer_event
            when level = 0 then case
                when before.state in ('pending', 'open') or is_taken_back
                    or (before.state = 'snoozed' and before.snoozed_until <= getvariable('as_of')::date)
                    or (before.state = 'verified'
                        and before.verified_on + to_months(limits.recognition_months) <= getvariable('as_of')::date) then 'noted' end
            when is_taken_back then 'taken_back'
            when before.state = 'pending' and level >= 2 then 'worsened'
            when before.state = 'pending' and is_pressing then 'pressed'
            when before.state = 'verified' and level > before.settled_level then 'worsened'
            when before.state = 'snoozed' and is_graver then 'worsened'
            when before.state = 'snoozed' and before.snoozed_until <= getvariable('as_of')::date then 'lapsed'
            when before.state = 'verified'
                and before.verified_on + to_months(limits.recognition_months) <= getvariable('as_of')::date then 'lapsed'
            when before.state = 'pending' and is_firing
                and (date_trunc('month', before.state_since) < this_month() or evaluated_no > before.evaluated_no) then 'confirmed'
            when before.state = 'pending' and before.level = 0 then 'hinted'
        end as event
    from weighed
),

moved as (
    select
        h.*, coalesce(m.next_state, h.before.state) as state, m.why as why_moved,
        m.next_state is not null and m.next_state is distinct from h.before.state as has_moved
    from happened h
    left join transitions m on m.state is not distinct from h.before.state and m.event = h.event
),

-- The visits of a grid that are handed out in this week already.
spent as (
    select grid_code, count(*) as visits
    from remembered
    where handed_out_on >= date_trunc('week', getvariable('as_of')::date)
    group by grid_code
),

-- Those that are left go to red cases, then to the families whose cost leaves least of their income (of whom no income is
-- known: nothing), then to the graver, then to the oldest.
queued as (
    select
        q.household_id,
        q.grid_code is null
            or row_number() over (
                partition by q.grid_code
                order by q.level = 3 desc, coalesce(q.residual_share, 0), q.level desc, q.before.opened_on nulls last, q.household_no, q.household_id)
                <= greatest(0, coalesce(g.visits_a_week, q.limits.capacity_week) - coalesce(s.visits, 0)) as is_given
    from moved q
    left join grids g on g.grid_code = q.grid_code
    left join spent s on s.grid_code = q.grid_code
    where q.state = 'open' and q.level >= 1
),

workdays as (
    select c.day as deadline, c.workday_no - t.workday_no as days
    from calendar c
    cross join (select workday_no from calendar where day = getvariable('as_of')::date) t
    where c.is_workday and c.day > getvariable('as_of')::date
),

placed as (
    select
        m.*,
        case when q.is_given then g.next_state else m.state end as state_now,
        case when q.is_given then g.why else m.why_moved end as why_now,
        coalesce(q.is_given, false) as is_given,
        w.deadline as deadline_now
    from moved m
    left join queued q using (household_id)
    left join transitions g on g.state = m.state and g.event = 'given'
    left join workdays w on w.days = case m.level
        when 3 then m.limits.deadline_red when 2 then m.limits.deadline_orange else m.limits.deadline_yellow end
),

stated as (
    select
        *,
        case
            when state_now <> 'handed_out' then null
            when is_given then case when is_baseline then null else deadline_now end
            when event = 'away' then deadline_now
            when level > before.level then least(before.deadline, deadline_now)
            when before.deadline is null and before.handed_out_on < this_month() then deadline_now
            else before.deadline
        end as due,
        state_now is distinct from before.state or is_given as is_new_state,
        -- what was known to staff at the visit is that of the night before
        coalesce(answer_event <> 'away', false) as settles
    from placed
)

select
    coalesce(before.case_id, case_number(pseudonym('case|' || household_id || '|' || getvariable('as_of')::date))) as case_id,
    household_id, household_no, area6, area12, grid_code,
    state_now as state,
    case when is_new_state or has_moved or event is not null then coalesce(why_now, before.why) else before.why end as why,
    coalesce(level, before.level) as level,
    coalesce(hit_level, before.hit_level) as hit_level,
    case when is_at_risk then residual_share else before.residual_share end as residual_share,
    case when is_at_risk then residual_level else before.residual_level end as residual_level,
    coalesce(is_combo, before.is_combo) as is_combo,
    coalesce(is_exit_watch, before.is_exit_watch) as is_exit_watch,
    coalesce(dimensions, before.dimensions) as dimensions,
    coalesce(rules, before.rules) as rules,
    coalesce(main_rule, before.main_rule) as main_rule,
    coalesce(main_reason, before.main_reason) as main_reason,
    coalesce(before.opened_on, getvariable('as_of')::date) as opened_on,
    case when is_new_state then getvariable('as_of')::date else before.state_since end as state_since,
    case when state_now = 'pending' and before.state is not distinct from 'pending' then before.evaluated_no
        else coalesce(evaluated_no, before.evaluated_no) end as evaluated_no,
    case when is_given then getvariable('as_of')::date else before.handed_out_on end as handed_out_on,
    due as deadline,
    coalesce(due < getvariable('as_of')::date, false) as is_overdue,
    case when answer is not null then answer.answer_no when not is_taken_back then before.answer_no end as answer_no,
    case when answer is not null then answer.outcome when not is_taken_back then before.outcome end as outcome,
    case when answer is not null then answer.visited_on when not is_taken_back then before.visited_on end as visited_on,
    case when settles then greatest(before.level, 1) else before.settled_level end as settled_level,
    case when settles then before.oop_year else before.settled_oop end as settled_oop,
    coalesce(oop_year, before.oop_year) as oop_year,
    case
        when state_now not in ('snoozed', 'closed') then null
        when state_now = 'closed' then before.snoozed_until
        when answer_event is not null and answer_event <> 'away' then answer.visited_on + limits.snooze_days
        else before.snoozed_until
    end as snoozed_until,
    case
        when state_now <> 'verified' then null
        when answer_event = 'helped' then answer.visited_on
        else before.verified_on
    end as verified_on,
    case when state_now = 'closed' then case when is_new_state then getvariable('as_of')::date else before.closed_on end end as closed_on,
    case when is_at_risk then case when before.state = 'closed' then 0 else coalesce(before.nights_running, 0) end + 1 else 0 end as nights_running,
    case
        when state_now = 'handed_out' and before.state is distinct from 'handed_out'
            then case when before.handed_out_on is null then 'new' else 're-opened' end
        when state_now = 'handed_out' and level > before.level then 'escalated'
        when state_now = 'handed_out' and level < before.level then 'eased'
        when state_now = 'handed_out' then 'continued'
        when before.state is distinct from 'handed_out' then null
        when event = 'withdrawn' then 'withdrawn'
        when event = 'ended' then 'cleared'
        else 'answered'
    end as change
from stated
