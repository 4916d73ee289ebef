-- Whose a record is though its number is missing or broken, or why that is left to a human
-- `person_key` stands where the evidence is strong; `was_key` is the key of a member without a number until then.
-- A record of a register whose candidate stands in the same file under a good number is another person, or one listed
-- twice: a human decides. A record that stands in the same or a later file with its number mended is no longer sought.

select
    r.extract,
    r.delivery_no,
    r.record_no,
    r.line_no,
    case when s.record_no is null then d.person_key end as person_key,
    r.was_key,
    d.candidates,
    d.probability,
    d.says,
    case when s.record_no is null then d.code else 'LINK-STANDS' end as code
from records r
join decided d using (identity_no)
left join stands s using (delivery_no, record_no)
anti join mended m using (delivery_no, record_no)
order by r.delivery_no, r.record_no
