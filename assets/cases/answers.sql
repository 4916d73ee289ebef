-- What staff found on their visits: every answer in force, and the case that it answers
-- One row a case and day of visit. A list comes back more than once, each time with more rows filled in: what says the
-- same as before keeps its number (answer_no, in order of arrival), what says something else corrects it. A case that was
-- never handed out is not known; the rules are those that the case rested on when the answer came.

with told as (
    select
        r.case_id, r.visit_date as visited_on, coalesce(r.op, 'I') = 'D' as is_withdrawn,
        r.outcome, r.verified_income, r.verified_oop, r.verified_size, r.action,
        d.told_no, d.received_on, r.delivery_no, r.record_no, r.line_no, d.area6
    from civil_affairs_followups_received r
    join deliveries d on d.delivery_no = r.delivery_no and d.is_in_force
),

words as (
    select *
    from told
    window visit as (partition by case_id, visited_on order by told_no, record_no)
    qualify row(is_withdrawn, outcome, verified_income, verified_oop, verified_size) is distinct from
        lag(row(is_withdrawn, outcome, verified_income, verified_oop, verified_size)) over visit
),

last_words as (
    select *
    from words
    qualify row_number() over (partition by case_id, visited_on order by told_no desc, record_no desc) = 1
)

select
    a.case_id,
    a.delivery_no * 1000000 + a.record_no as answer_no,
    a.visited_on, a.outcome, a.verified_income, a.verified_oop, a.verified_size, a.action,
    a.received_on, a.delivery_no, a.record_no, a.line_no, a.area6,
    p.household_id,
    p.area12,
    p.case_id is not null as is_known,
    coalesce(q.rules, p.rules) as rules,
    coalesce(q.main_rule, p.main_rule) as main_rule
from last_words a
left join previous_cases p using (case_id)
left join previous_answers q on q.case_id = a.case_id and q.answer_no = a.delivery_no * 1000000 + a.record_no
where not a.is_withdrawn
