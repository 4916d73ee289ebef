-- What two values of one person may look like: the conditions that a model of linkage weighs.
-- An edit is one sign wrong, lost or too many, or two neighbours exchanged. Values come folded and upper case.

-- One edit between two texts of digits or Latin letters (the engine counts bytes).
create or replace macro one_edit_apart(a, b) as
    least(strlen(a), strlen(b)) >= 3 and abs(strlen(a) - strlen(b)) <= 1 and damerau_levenshtein(a, b) = 1;

-- One sign of at least three is another, lost, or too many: for names of any script.
create or replace macro one_sign_apart(a, b) as
    least(length(a), length(b)) >= 2 and greatest(length(a), length(b)) >= 3 and a <> b
    and abs(length(a) - length(b)) <= 1
    and len(list_filter(range(1, greatest(length(a), length(b)) + 1), lambda i:
        (length(a) = length(b) and left(a, i - 1) = left(b, i - 1) and substr(a, i + 1) = substr(b, i + 1))
        or (length(a) > length(b) and left(a, i - 1) || substr(a, i + 1) = b)
        or (length(a) < length(b) and left(b, i - 1) || substr(b, i + 1) = a))) > 0;

-- Two long words of Latin letters that mostly agree from their beginning on.
create or replace macro much_alike(a, b) as
    least(length(a), length(b)) >= 4 and strlen(a) = length(a) and strlen(b) = length(b)
    and jaro_winkler_similarity(a, b) >= 0.88;

-- Day of birth as eight digits: one edit, or day and month exchanged.
create or replace macro nearly_that_day(a, b) as
    one_edit_apart(a, b) or (length(a) = 8 and left(a, 4) || right(a, 2) || substr(a, 5, 2) = b);

-- What was kept of a value that was cut: at least so many signs, and not the whole.
create or replace macro is_begun(cut, whole, signs) as
    length(cut) >= signs and length(cut) < length(whole) and starts_with(whole, cut);

-- The digits that are left of a number that a spreadsheet turned into 3.70402E+17 (the last one shown is rounded,
-- beyond fifteen there are none) or into eighteen digits that end in 000.
create or replace macro kept_of_number(w) as
    case
        when regexp_full_match(w, '\d(\.\d+)?E\+?17')
            then case when length(regexp_extract(w, '^(\d)\.?(\d*)E', 2)) >= 14
                      then left(regexp_extract(w, '^(\d)\.?(\d*)E', 1) || regexp_extract(w, '^(\d)\.?(\d*)E', 2), 15)
                      else regexp_extract(w, '^(\d)\.?(\d*)E', 1)
                          || left(regexp_extract(w, '^(\d)\.?(\d*)E', 2),
                                  greatest(length(regexp_extract(w, '^(\d)\.?(\d*)E', 2)) - 1, 0)) end
        when regexp_full_match(w, '\d{15}000(\.0*)?') then left(w, 15)
        else regexp_replace(w, '\.0*$', '')
    end;

-- The parts of a number: origin (six digits), day of birth, tail (serial and check sign). A part that was masked is
-- unknown. Where a sign was lost or is too many (17 or 19 signs) the tail is counted from the end.
create or replace macro unmasked(t) as case when t <> '' and not regexp_matches(t, '[^0-9A-Z]') then t end;
create or replace macro origin_of(kept) as case when length(kept) >= 6 then unmasked(left(kept, 6)) end;
create or replace macro birth_of(kept, is_from_end) as
    unmasked(case when is_from_end then substr(kept, 7, length(kept) - 10) else substr(kept, 7, 8) end);
create or replace macro tail_of(kept, is_from_end) as
    unmasked(case when is_from_end then right(kept, 4) else substr(kept, 15, 4) end);
