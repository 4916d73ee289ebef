-- How delivered text becomes a stored value: one macro a kind, null where it cannot be read.
-- The text comes trimmed and folded to half width; the common spelling stands first in each macro.

create macro plausible_date(d) as
    case when d between date '1900-01-01' and date '2100-12-31' then d end;

create macro read_date(t) as
    case
        when plausible_date(try_cast(t as date)) is not null and t <> 'epoch' then try_cast(t as date)
        when regexp_full_match(t, '\d{8}(\d{6}|[ T]\d{1,2}:?\d{2}(:?\d{2}(\.\d+)?)?)?')
            then plausible_date(try_strptime(left(t, 8), '%Y%m%d')::date)
        when regexp_full_match(t, '(\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日)([ T]*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?')
            then plausible_date(try_cast(
                regexp_replace(t, '^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2}).*$', '\1-\2-\3') as date))
    end;

-- A day typed into a list of ours: its marks may stand apart, and a spreadsheet may have made a number of it (that of
-- days since 1899-12-30; those of this century alone, because shorter numbers may be anything).
create macro read_typed_date(t) as
    case
        when regexp_full_match(t, '\d{5}(\.\d+)?') and try_cast(t as double) between 36526 and 73050
            then date '1899-12-30' + try_cast(left(t, 5) as integer)
        else read_date(regexp_replace(replace(t, '号', '日'), '\s*([-/.年月日])\s*', '\1', 'g'))
    end;

create macro read_month(t) as
    case
        when length(t) = 6 and regexp_full_match(t, '\d{6}')
            then plausible_date(try_cast(left(t, 4) || '-' || right(t, 2) || '-01' as date))
        when regexp_full_match(t, '\d{4}-\d{1,2}|\d{4}/\d{1,2}|\d{4}\.\d{1,2}|\d{4}年\d{1,2}月')
            then plausible_date(try_cast(regexp_replace(t, '^(\d{4})[-/.年](\d{1,2})月?$', '\1-\2-01') as date))
        else date_trunc('month', read_date(t))::date
    end;

create macro read_year(t) as
    case when regexp_full_match(t, '(19|20)\d\d年?') then try_cast(left(t, 4) as smallint) end;

create macro read_term(t) as
    case when regexp_full_match(upper(t), '(19|20)\d\dS?[12]') then left(t, 4) || 'S' || right(t, 1) end;

create macro read_integer(t) as
    case when regexp_full_match(t, '\d{1,9}') then try_cast(t as bigint) end;

-- Yuan as delivered, fen as stored. At most two decimals; thousands commas where they stand right.
create macro read_money(t) as
    case
        when t = '0.00' then 0
        when regexp_full_match(t, '-?\d{1,13}(\.\d{1,2})?') then (try_cast(t as decimal(18, 2)) * 100)::bigint
        when regexp_full_match(t, '-?(\d{1,13}|\d{1,3}(,\d{3}){1,3})(\.\d{1,2}0*)?')
            then (try_cast(replace(t, ',', '') as decimal(18, 2)) * 100)::bigint
    end;

-- A code and its label in one cell, with one space between them, whatever stood there.
create macro plain_choice(t) as regexp_replace(t, '^(\d+|[A-Z])[\s、.:_-]*(\D)', '\1 \2');

create macro read_yes_no(t) as
    case t
        when '是' then true when '否' then false
        when '1' then true when '0' then false
        else case lower(t) when 'yes' then true when 'y' then true when 'no' then false when 'n' then false end
    end;

create macro read_area12(t) as
    case when regexp_full_match(t, '\d{12}') then t end;

-- The number of a case, sent back by hand: case, spaces and apostrophes are folded (width is already), O is 0, I and L
-- are 1, and the first G may be missing; but eleven signs that begin with G lack some other one. Luhn's rule for 32 signs:
-- every second sign from the right is doubled, and one wrong sign never passes.
create macro plain_case_id(t) as
    translate(regexp_replace(upper(t), '[\s''’‘`´"_–—\x{200B}-\x{200F}\x{FEFF}-]', '', 'g'), 'OIL', '011');

create macro is_case_number(signs) as
    regexp_full_match(signs, '[0-9A-HJKMNP-TV-Z]{11}') and list_sum(list_transform(range(11), lambda place:
        ((instr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', signs[11 - place]) - 1) * (1 + place % 2)) // 32
        + ((instr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', signs[11 - place]) - 1) * (1 + place % 2)) % 32)) % 32 = 0;

create macro read_case_id(t) as
    case
        when length(plain_case_id(t)) = 12 and plain_case_id(t)[1] = 'G' and is_case_number(plain_case_id(t)[2:])
            then plain_case_id(t)
        when plain_case_id(t)[1] <> 'G' and is_case_number(plain_case_id(t)) then 'G' || plain_case_id(t)
    end;

-- The number of an item of supervision: the same signs, with an S before them.
create macro read_item_no(t) as
    case
        when length(plain_case_id(t)) = 12 and plain_case_id(t)[1] = 'S' and is_case_number(plain_case_id(t)[2:])
            then plain_case_id(t)
        when plain_case_id(t)[1] <> 'S' and is_case_number(plain_case_id(t)) then 'S' || plain_case_id(t)
    end;

-- GB 11643: the check character of 17 digits, held as one number. Weights 2^(18-i) mod 11.
create macro check_character(n) as
    '10X98765432'[(
        n % 10 * 2 + n // 10 % 10 * 4 + n // 100 % 10 * 8 + n // 1000 % 10 * 5 + n // 10000 % 10 * 10
        + n // 100000 % 10 * 9 + n // 1000000 % 10 * 7 + n // 10000000 % 10 * 3 + n // 100000000 % 10 * 6
        + n // 1000000000 % 10 * 1 + n // 10000000000 % 10 * 2 + n // 100000000000 % 10 * 4
        + n // 1000000000000 % 10 * 8 + n // 10000000000000 % 10 * 5 + n // 100000000000000 % 10 * 10
        + n // 1000000000000000 % 10 * 9 + n // 10000000000000000 % 10 * 7) % 11 + 1];

create macro lengthened_id(first17) as
    first17 || check_character(try_cast(first17 as bigint));

-- The check character that a written number should end in; null where it does not begin with 17 digits.
create macro expected_character(w) as check_character(try_cast(left(w, 17) as bigint));

-- The day of birth that a written number tells; null where there is no such day.
create macro born_on(w) as try_strptime(substr(w, 7, 8), '%Y%m%d')::date;

-- Without inner spaces, upper case; a 15-digit number becomes 18 digits with the century 19.
create macro written_id(t) as
    case
        when length(t) = 18 and not contains(t, ' ') then upper(t)
        when regexp_full_match(replace(t, ' ', ''), '\d{15}')
            then lengthened_id(left(replace(t, ' ', ''), 6) || '19' || right(replace(t, ' ', ''), 9))
        else upper(replace(t, ' ', ''))
    end;

-- Why a written number is not an identity number, by the check character that its first 17 digits ask for and by the
-- end of the file's period; null where it is one.
create macro id_fault(w, expected, period_end) as
    case
        when not regexp_full_match(w, '\d{17}[\dX]') then
            case when regexp_full_match(w, '\d(\.\d+)?E\+?\d+|\d+\.0+|\d{12,18}0{3}\.?') then 'ID-DESTROYED'
                 when length(w) <> 18 then 'ID-LENGTH'
                 else 'ID-CHARACTER' end
        when right(w, 1) <> expected then
            case when right(w, 3) = '000' then 'ID-DESTROYED' else 'ID-CHECK' end
        when coalesce(born_on(w) not between date '1890-01-01' and period_end, true) then 'ID-BIRTH'
    end;
