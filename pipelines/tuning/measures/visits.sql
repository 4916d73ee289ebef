-- Which visits answered which list: one row a case and night on which it was handed out
-- A turn goes from the night on which the case was handed out to the one on which it was closed, or was handed out again;
-- an answer of another day is none to this list. Of several visits in one turn it is found if one of them found need.

with turns_begun as (
    select case_id, household_id, night, lead(night) over (partition by case_id order by night) as next_night
    from turns
    where turn = 'handed out'
),

turns_ended as (
    select b.*, min(c.night) as closed_on
    from turns_begun b
    left join turns c on c.case_id = b.case_id and c.turn = 'closed' and c.night > b.night
    group by all
)

select t.case_id, t.household_id, t.night, bool_or(a.is_found) as is_found
from turns_ended t
join answered a
    on a.case_id = t.case_id and a.visited_on >= t.night
    and a.visited_on < coalesce(t.next_night, date '9999-12-31')
    and a.visited_on <= coalesce(t.closed_on, date '9999-12-31')
group by t.case_id, t.household_id, t.night
