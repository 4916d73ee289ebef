-- What all tables share: pseudonyms, and months counted back from the night.
-- The night is the variable `as_of`; month 1 is the last closed month t-1, month 24 the oldest that is kept.

-- HMAC-SHA256 (RFC 2104) of a text, as a 63-bit number. The two padded keys are variables, never part of a query.
create macro pseudonym(text) as
    (('0x' || left(sha256(
        getvariable('pseudonym_outer')::blob || unhex(sha256(getvariable('pseudonym_inner')::blob || encode(text)))
    ), 16))::ubigint >> 1)::bigint;

-- A number that is the same everywhere and for ever: the first 60 bits of an md5.
create macro numbered(text) as ('0x' || left(md5(text), 15))::bigint;

create macro this_month() as date_trunc('month', getvariable('as_of')::date)::date;

-- Within 92 days of the night: new enough for a rule on events.
create macro just_happened(day) as day > getvariable('as_of')::date - 92 and day <= getvariable('as_of')::date;

create macro months_kept() as 24;

-- How many months before the month of the night; 1 is t-1.
create macro months_back(day) as date_diff('month', day, this_month());

create macro month_at(back) as (this_month() - to_months(back::integer))::date;

-- The set of months from one to another, both included (null is open), as bits: bit 0 is t-1, bit 23 is t-24.
create macro month_bits(first, last) as
    case
        when coalesce(months_back(last), 1) > months_kept() or coalesce(months_back(first), months_kept()) < 1 then 0
        else greatest(
            (1 << least(months_kept(), coalesce(months_back(first), months_kept())))
            - (1 << (greatest(1, coalesce(months_back(last), 1)) - 1)), 0)
    end::bigint;

create macro has_month(bits, back) as back between 1 and months_kept() and (bits >> (back - 1)) & 1 = 1;

-- Whether someone whose months are these counted when a thing happened: in its month or the one before, because what
-- happened may be why they count no more.
create macro counted_at(bits, day) as
    has_month(bits, greatest(1, months_back(day))) or has_month(bits, months_back(day) + 1);

-- The first day of a school term: of one written YYYYS1 (spring) or YYYYS2 (autumn), and of the one that a day lies in.
create macro term_begins(term) as (left(term, 4) || case when right(term, 1) = '1' then '-02-01' else '-08-01' end)::date;
create macro term_of(day) as (
    case when month(day) between 2 and 7 then make_date(year(day), 2, 1)
         else make_date(year(day) - (month(day) = 1)::integer, 8, 1) end);

create macro in_force_at(first, last, month) as
    coalesce(first, month) <= month and coalesce(last, month) >= month;

-- A household's number of ours: from civil affairs' own within the county that gave it.
create macro household_number(area6, household_no) as numbered('household|' || area6 || '|' || household_no);

-- The middle values of the known months: their sum and how many they are (1 or 2), so that a median stays exact.
create macro known(months) as list_sort(list_filter(months, lambda x: x is not null));
create macro middle_sum(sorted) as
    case when len(sorted) % 2 = 1 then sorted[len(sorted) // 2 + 1]
         when len(sorted) > 0 then sorted[len(sorted) // 2] + sorted[len(sorted) // 2 + 1] end::bigint;
create macro middle_months(sorted) as
    case when len(sorted) % 2 = 1 then 1 when len(sorted) > 0 then 2 end;

-- Ten signs of base32 (no I, L, O, U) and a check sign by Luhn's rule for 32 signs: one wrong sign never passes.
create macro base32_sign(n) as substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', (n & 31)::integer + 1, 1);
create macro luhn32(n, place) as
    case when place % 2 = 0 then ((2 * ((n >> (5 * place)) & 31)) // 32) + ((2 * ((n >> (5 * place)) & 31)) % 32)
         else (n >> (5 * place)) & 31 end;
create macro case_number(n) as
    base32_sign(n >> 45) || base32_sign(n >> 40) || base32_sign(n >> 35) || base32_sign(n >> 30) || base32_sign(n >> 25)
    || base32_sign(n >> 20) || base32_sign(n >> 15) || base32_sign(n >> 10) || base32_sign(n >> 5) || base32_sign(n)
    || base32_sign((32 - (
        luhn32(n, 0) + luhn32(n, 1) + luhn32(n, 2) + luhn32(n, 3) + luhn32(n, 4)
        + luhn32(n, 5) + luhn32(n, 6) + luhn32(n, 7) + luhn32(n, 8) + luhn32(n, 9)) % 32) % 32);

-- What staff may see of a person: the ends of a number, the first sign of a name.
create macro masked_id(t) as
    case when length(t) >= 15 then left(t, 6) || repeat('*', length(t) - 10) || right(t, 4)
         else left(t, 1) || repeat('*', greatest(length(t) - 1, 1)) end;
create macro masked_name(t) as left(t, 1) || repeat('*', greatest(length(t) - 1, 1));
create macro masked_phone(t) as
    case when length(t) >= 11 then left(t, 3) || repeat('*', length(t) - 7) || right(t, 4)
         else left(t, 1) || repeat('*', greatest(length(t) - 1, 1)) end;

-- Fen as yuan, for people.
create macro yuan(fen) as printf('%.2f', fen / 100);
