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
-- Of what comes by term or quarter: the same season of a few years.
create macro seasons_kept() as 72;
create macro nights_kept() as 30;

-- A count of families or records that no table for people may show.
create macro is_small(families) as families between 1 and 4;

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

-- The newest and the oldest month of a set that is not empty; one month and all newer ones; those of a set after its
-- first, up to its newest: in each somebody goes on who was there before.
create macro newest_back(bits) as bit_count((bits & -bits) - 1) + 1;
create macro oldest_back(bits) as length(bin(bits));
create macro months_since(back) as ((1::bigint << greatest(back, 0)::integer) - 1);
create macro going_on(bits) as
    case when bits = 0 then 0 else months_since(oldest_back(bits) - 1) & ~months_since(newest_back(bits) - 1) end;

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

-- A number of civil affairs, within the county that gave it, as a number of ours.
create macro household_number(area6, household_no) as numbered('household|' || area6 || '|' || household_no);

-- The middle values of the known months: their sum and how many they are (1 or 2), so that a median stays exact.
create macro known(months) as list_sort(list_filter(months, lambda x: x is not null));
create macro middle_sum(sorted) as
    case when len(sorted) % 2 = 1 then sorted[len(sorted) // 2 + 1]
         when len(sorted) > 0 then sorted[len(sorted) // 2] + sorted[len(sorted) // 2 + 1] end::bigint;
create macro middle_months(sorted) as
    case when len(sorted) % 2 = 1 then 1 when len(sorted) > 0 then 2 end;

-- The middle of whole numbers (a half is cut off), and how far they lie from it in the middle (MAD).
create macro middle(numbers) as middle_sum(list_sort(numbers::bigint[])) // middle_months(numbers);
create macro spread(numbers, centre) as middle(list_transform(numbers, lambda x: abs(x - centre)));

-- How many standard deviations a count of rare events lies above another; roots make small counts comparable.
create macro stands_out(found, usual) as 2 * (sqrt(found) - sqrt(usual));

-- Whether a measure m (part of a whole in millionths, or a count) strays from what is usual in earlier months, by limits l.
-- A share may always fall by a floor, and may rise; a count may do neither beyond its spread and beyond chance. A share
-- that fell clearly, by half the floor, in the same month of the year before or after may fall as far, and by the floor
-- beyond it. A term (kept) has too few before it for a middle: it is held against the same one a year ago, else against
-- the one before.
create macro usual_of(m) as case m.measure when 'kept' then coalesce(m.year_ago, m.latest) else middle(m.past) end;
create macro strayed_of(m) as case m.measure when 'kept' then 0 else spread(m.past, middle(m.past)) end;
create macro floor_of(m, l) as
    1000000 * case m.measure when 'calm' then l.jump_floor when 'kept' then l.term_floor else l.share_floor end;
create macro noise_of(m, l) as
    case when m.part = 0 then l.silent when m.measure = 'kept' then l.term_noise else l.noise end;
create macro falls(m, usual, l) as
    m.part * 1000000 // m.whole < usual - greatest(l.mads * m.strayed, floor_of(m, l))
    and stands_out(m.whole - m.part, m.whole * (1000000 - usual) / 1000000) > noise_of(m, l);
create macro strays(m, l) as case
    when m.whole is null
        then abs(m.part - m.usual) > l.mads * m.strayed and abs(stands_out(m.part, m.usual)) > l.noise
    when m.same_season < m.usual - greatest(l.mads * m.strayed, floor_of(m, l) / 2) then falls(m, m.same_season, l)
    else falls(m, m.usual, l)
end;

-- A G, so that no spreadsheet takes it for a number, ten signs of base32 (no I, L, O, U) and a check sign by Luhn's rule
-- for 32 signs: one wrong sign never passes.
create macro base32_sign(n) as substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', (n & 31)::integer + 1, 1);
create macro luhn32(n, place) as
    case when place % 2 = 0 then ((2 * ((n >> (5 * place)) & 31)) // 32) + ((2 * ((n >> (5 * place)) & 31)) % 32)
         else (n >> (5 * place)) & 31 end;
create macro case_number(n) as
    'G' || base32_sign(n >> 45) || base32_sign(n >> 40) || base32_sign(n >> 35) || base32_sign(n >> 30) || base32_sign(n >> 25)
    || base32_sign(n >> 20) || base32_sign(n >> 15) || base32_sign(n >> 10) || base32_sign(n >> 5) || base32_sign(n)
    || base32_sign((32 - (
        luhn32(n, 0) + luhn32(n, 1) + luhn32(n, 2) + luhn32(n, 3) + luhn32(n, 4)
        + luhn32(n, 5) + luhn32(n, 6) + luhn32(n, 7) + luhn32(n, 8) + luhn32(n, 9)) % 32) % 32);

-- The number of an item of supervision, which is no case: S instead of G.
create macro item_number(n) as 'S' || right(case_number(n), 11);

-- A name without the spaces and dots between its parts, for comparison.
create macro plain_name(t) as nullif(upper(regexp_replace(t, '[\s.·•・‧]', '', 'g')), '');

-- What staff may see of a person: the ends of a number, the first sign of a name.
create macro masked_id(t) as
    case when length(t) >= 15 then left(t, 6) || repeat('*', length(t) - 10) || right(t, 4)
         else left(t, 1) || repeat('*', greatest(length(t) - 1, 1)) end;
create macro masked_name(t) as left(t, 1) || repeat('*', greatest(length(t) - 1, 1));
create macro masked_phone(t) as
    case when length(t) >= 11 then left(t, 3) || repeat('*', length(t) - 7) || right(t, 4)
         else left(t, 1) || repeat('*', greatest(length(t) - 1, 1)) end;

-- A value out of its place: of words the first sign, of a run of digits as long as a phone's its ends.
create macro masked_value(t) as
    regexp_replace(
        regexp_replace(t, '(\p{Han})\p{Han}+', '\1***', 'g'),
        '([0-9０-９]{3})[0-9０-９]{4,}([0-9０-９]{4}[XxＸｘ]?)', '\1****\2', 'g'
    );

-- Fen as yuan, for people.
create macro yuan(fen) as printf('%.2f', fen / 100);

-- A rule's value as its sentence writes it, by unit: 元, % or a count.
create macro shown(value, unit) as
    case unit when '元' then printf('%.2f 元', value / 100) when '%' then printf('%.1f%%', value * 100) else printf('%g', value) end;

-- The aid that may fit a family by the rules and dimensions that it hits, as a list.
create macro aid_that_fits(rules, dimensions) as list_filter([
    case when list_has_any(rules, ['INC-BELOW', 'MED-IMPOVERISH', 'GAP-DIBAO']) then '低保' end,
    case when list_has_any(rules, ['INC-EDGE', 'INC-DROP', 'EARN-LOST', 'GAP-EDGE']) then '低保边缘' end,
    case when list_has_any(rules, ['INC-EDGE', 'INC-DROP', 'EARN-LOST', 'DEATH-EARN']) or list_has_any(dimensions, ['event', 'report'])
        then '临时救助' end,
    case when list_contains(dimensions, 'medical') then '医疗救助' end,
    case when list_has_any(rules, ['RIGID', 'RIGID-RES', 'GAP-RIGID']) then '刚性支出困难家庭认定' end,
    case when list_contains(rules, 'CHILD-NOCARE') then '事实无人抚养儿童基本生活费' end,
    case when list_has_any(rules, ['DIS-NEW', 'GAP-SUBSIDY']) then '残疾人两项补贴' end,
    case when list_contains(dimensions, 'education') then '学生资助' end,
    case when list_contains(dimensions, 'housing') then '危房改造' end
], lambda x: x is not null);

-- A level as staff call it.
create macro level_name(level) as case level when 3 then '红' when 2 then '橙' when 1 then '黄' when 0 then '仅记录' end;

-- The level of a case: its highest hit, raised by one where two dimensions hit together, but no more than what own cost
-- leaves of the income allows (residual_level); hits of rules that are not bounded by it (apart) count by themselves, too.
-- Raised by one where aid was left or refused; at most to 3, to 2 where nobody knows who belongs to the household.
-- 0 is told, not visited.
create macro case_level(hit_level, dimensions_hit, apart_level, apart_dimensions, residual_level, has_left_aid, is_provisional) as
    least(
        case when is_provisional then 2 else 3 end,
        greatest(
            least(hit_level + (dimensions_hit >= 2)::integer, coalesce(residual_level, 3)),
            coalesce(apart_level, 0) + (apart_dimensions >= 2)::integer
        ) + has_left_aid::integer);
