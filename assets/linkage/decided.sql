-- Who is sought and who it is: linked where the evidence is strong and nobody else comes near, else left to a human
-- Strong is a probability of at least `link_probability`, and odds `link_margin` times those of the next candidate.
-- A level that is for a human (another name) is never linked. Two different claims of one extract on the same person
-- are both left, unless one leads the other by that margin.

with lines as (
    select
        s.area6,
        arg_max(g.value, (length(g.area_prefix), g.valid_from, g.known_at)) filter (g.name = 'link_probability') as least,
        arg_max(g.value, (length(g.area_prefix), g.valid_from, g.known_at)) filter (g.name = 'link_candidate') as worth,
        log2(arg_max(g.value, (length(g.area_prefix), g.valid_from, g.known_at)) filter (g.name = 'link_margin')) as margin
    from (select distinct area6 from sought) s
    join given_values g
        on starts_with(s.area6, g.area_prefix) and g.residence = 'any' and g.known_at <= getvariable('as_of')::date
        and getvariable('as_of')::date between g.valid_from and coalesce(g.valid_to, date '9999-12-31')
    group by s.area6
),

identities as (
    select distinct s.identity_no, s.claim_no, s.extract, l.least, l.worth, l.margin
    from sought s
    join lines l using (area6)
),

candidates as (
    select
        s.identity_no, k.person_key,
        max(w.weight) as weight,
        max(w.probability) as probability,
        arg_max(w.says, (w.weight, w.says)) as says,
        arg_max(w.is_for_human, (w.weight, w.says)) as is_for_human
    from weighed w
    join sought s on s.row_no = w.sought_no
    join known k on k.row_no = w.known_no
    group by s.identity_no, k.person_key
),

ranked as (
    select
        i.*, c.* exclude (identity_no),
        count(*) filter (c.probability >= i.worth) over (partition by i.identity_no) as candidates,
        row_number() over likeliest as place,
        c.weight - lead(c.weight) over likeliest as lead
    from candidates c
    join identities i using (identity_no)
    window likeliest as (partition by i.identity_no order by c.weight desc, c.person_key)
),

strong as (
    select * from ranked
    where place = 1 and probability >= least and coalesce(lead >= margin, true) and not is_for_human
),

claims as (
    select extract, person_key, claim_no, max(weight) as weight from strong group by all
),

disputed as (
    select s.identity_no
    from strong s
    join claims c
        on c.extract = s.extract and c.person_key = s.person_key and c.claim_no <> s.claim_no
        and c.weight > s.weight - s.margin
)

select
    i.identity_no,
    case when s.identity_no is not null and d.identity_no is null then s.person_key end as person_key,
    coalesce(r.candidates, 0) as candidates,
    r.probability,
    coalesce(r.says, '') as says,
    case
        when coalesce(r.candidates, 0) = 0 then 'LINK-NONE'
        when r.is_for_human then 'LINK-NAME'
        when s.identity_no is null and r.probability >= i.least then 'LINK-SEVERAL'
        when s.identity_no is null then 'LINK-WEAK'
        when d.identity_no is not null then 'LINK-DISPUTED'
        else 'LINKED'
    end as code
from identities i
left join ranked r on r.identity_no = i.identity_no and r.place = 1
left join strong s on s.identity_no = i.identity_no
left join (select distinct identity_no from disputed) d on d.identity_no = i.identity_no
