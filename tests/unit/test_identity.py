"""Identity numbers: the SQL macros against ten lines of plain Python, on good numbers and on damaged ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import pytest
from drawn import drawn
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations import verdict
from expectations.identity import check_character, fault, written

PERIOD_END = date(2026, 1, 31)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        verdict.teach(connection)
        yield connection


def by_sql(
    connection: duckdb.DuckDBPyConnection, texts: list[str], period_end: date = PERIOD_END
) -> list[tuple[str, str | None]]:
    """(written, fault) of texts that were trimmed and folded to half width, as intake does."""
    folded = [unicodedata.normalize("NFKC", text).strip() for text in texts]
    return connection.execute(
        "select w, id_fault(w, expected_character(w), $2) from (select written_id(t) as w, i from (select unnest($1::varchar[]) as t, "
        "generate_subscripts($1::varchar[], 1) as i)) order by i",
        [folded, period_end],
    ).fetchall()


def whole(first17: str) -> str:
    return first17 + check_character(first17)


def ending_in_000() -> str:
    """A valid number whose last three signs are 000, as every thousandth or so has."""
    return next(
        n
        for n in (whole(f"990402{1950 + i // 28}{1 + i % 12:02d}{1 + i % 28:02d}100") for i in range(999))
        if n.endswith("000")
    )


DRAWN = """
    number                        | fault        | why
    990402198001010013            | ID-CHECK     | the check character is another
    99040219800101001             | ID-LENGTH    | 17 signs
    9904021980010100139           | ID-LENGTH    | 19 signs
    99040219800101OO13            | ID-CHARACTER | letters O for zeros
    990402198001X10013            | ID-CHARACTER | X may only stand last
    3.7E+17                       | ID-DESTROYED | a spreadsheet's number
    9.90402E17                    | ID-DESTROYED | the same without plus
    9.90402198001010E+17          | ID-DESTROYED | all 15 digits that are left
    990402198001010000.0          | ID-DESTROYED | a float printed whole
    990402198001011000            | ID-DESTROYED | the last three digits lost
    990402198001010000.           | ID-DESTROYED | with a point left
    无                            | ID-LENGTH    | a word
    #N/A                          | ID-LENGTH    | an error value
    E                             | ID-LENGTH    | a letter
"""


@pytest.mark.parametrize("case", drawn(DRAWN), ids=lambda case: case["number"])
def test_what_is_wrong_with_a_number(connection: duckdb.DuckDBPyConnection, case: dict[str, str]) -> None:
    assert fault(case["number"], PERIOD_END) == case["fault"]
    assert by_sql(connection, [case["number"]])[0][1] == case["fault"]


@pytest.mark.parametrize(
    ("number", "stands_for"),
    [
        (whole("99040219800101001"), whole("99040219800101001")),
        ("990402800101001", whole("99040219800101001")),
        (" " + whole("99040219800101001") + "\u3000", whole("99040219800101001")),
        ("990402 19800101 " + whole("99040219800101001")[14:], whole("99040219800101001")),
        ("".join(chr(ord(c) + 0xFEE0) for c in whole("99040219800101001")), whole("99040219800101001")),
        (whole("81000019800101001"), whole("81000019800101001")),
        (whole("83000019800101001"), whole("83000019800101001")),
        (ending_in_000(), ending_in_000()),
    ],
    ids=["18 digits", "15 digits", "spaces around", "spaces inside", "full width", "81", "83", "ends in 000"],
)  # fmt: skip
def test_what_a_number_stands_for(connection: duckdb.DuckDBPyConnection, number: str, stands_for: str) -> None:
    assert (written(number), fault(number, PERIOD_END)) == (stands_for, None)
    assert by_sql(connection, [number]) == [(stands_for, None)]


def test_the_last_sign_may_be_a_small_x(connection: duckdb.DuckDBPyConnection) -> None:
    number = next(n for n in (whole(f"99040219800101{i:03d}") for i in range(99)) if n.endswith("X"))
    for text in (number, number.lower(), number[:17] + "Ｘ", number[:17] + "ｘ"):
        assert by_sql(connection, [text]) == [(number, None)]
        assert (written(text), fault(text, PERIOD_END)) == (number, None)


@pytest.mark.parametrize(
    ("born", "is_good"),
    [("20260131", True), ("20260201", False), ("18900101", True), ("18891231", False), ("20240229", True),
     ("20230229", False), ("19800431", False), ("19801301", False), ("19800001", False), ("19800100", False),
     ("00000000", False), ("99991231", False)],
)  # fmt: skip
def test_birth_must_exist_and_not_lie_after_the_period(
    connection: duckdb.DuckDBPyConnection, born: str, is_good: bool
) -> None:
    number = whole(f"990402{born}001")
    said = None if is_good else "ID-BIRTH"
    assert (fault(number, PERIOD_END), by_sql(connection, [number])) == (said, [(number, said)])


def test_a_wrong_digit_never_passes(connection: duckdb.DuckDBPyConnection) -> None:
    number = whole("99040219800101001")
    wrong = [number[:i] + d + number[i + 1 :] for i in range(18) for d in "0123456789X" if d != number[i]]
    assert all(said is not None for _, said in by_sql(connection, wrong))


def test_two_neighbours_exchanged_never_pass(connection: duckdb.DuckDBPyConnection) -> None:
    number = whole("99040219830517024")
    wrong = [number[:i] + number[i + 1] + number[i] + number[i + 2 :] for i in range(17) if number[i] != number[i + 1]]
    assert all(said is not None for _, said in by_sql(connection, wrong))


# Against each other ----------------------------------------------------------------------------------------------

births = st.dates(date(1880, 1, 1), date(2030, 12, 31)).map(lambda day: day.strftime("%Y%m%d"))
good = st.builds(
    lambda area, born, place: whole(f"{area}{born}{place:03d}"),
    st.sampled_from(["990402", "810000", "830000", "000000"]), births, st.integers(0, 999),
)  # fmt: skip

DAMAGE = {
    "nothing": lambda n, i: n,
    "15 digits": lambda n, i: n[:6] + n[8:17],
    "small x": lambda n, i: n.lower(),
    "full width": lambda n, i: n.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"}),
    "a space": lambda n, i: n[:i] + " " + n[i:],
    "spaces around": lambda n, i: f"\t{n}\u3000",
    "a float": lambda n, i: f"{float(n.replace('X', '0')):.{i % 16}E}",
    "a float in small letters": lambda n, i: repr(float(n.replace("X", "0"))),
    "000": lambda n, i: n[:15] + "000",
    "000.0": lambda n, i: n[:15] + "000.0",
    "a sign too few": lambda n, i: n[:i] + n[i + 1 :],
    "a sign twice": lambda n, i: n[:i] + n[i:][:1] + n[i:],
    "a wrong sign": lambda n, i: n[:i] + "0123456789XABO.-"[i % 16] + n[i + 1 :],
    "two exchanged": lambda n, i: n[:i] + n[i + 1 : i + 2] + n[i : i + 1] + n[i + 2 :],
    "another check character": lambda n, i: n[:17] + "0123456789X"[i % 11],
    "an impossible birth": lambda n, i: whole(n[:10] + f"{13 + i:02d}" + n[12:17]),
    "the 31st of a short month": lambda n, i: whole(n[:10] + "0231" + n[14:17]),
    "an apostrophe": lambda n, i: "'" + n,
}
damaged = st.builds(
    lambda number, kind, i: DAMAGE[kind](number, i), good, st.sampled_from(sorted(DAMAGE)), st.integers(0, 18)
)
random_text = st.text(st.sampled_from("0123456789XxE+.- 无０Ｘ"), max_size=22)


@settings(max_examples=60, deadline=None)
@given(
    numbers=st.lists(damaged | random_text, min_size=100, max_size=100),
    period_end=st.dates(date(2020, 1, 1), date(2027, 1, 1)),
)
def test_the_macros_say_what_plain_python_says(
    connection: duckdb.DuckDBPyConnection, numbers: list[str], period_end: date
) -> None:
    numbers = [number.strip() for number in numbers]
    assert by_sql(connection, numbers, period_end) == [(written(n), fault(n, period_end)) for n in numbers]


def test_check_characters_of_many_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    first = [f"990402{date(1900, 1, 1) + timedelta(days=i):%Y%m%d}{i % 1000:03d}" for i in range(0, 45_000, 3)]
    rows = connection.execute(
        "select check_character(n::bigint) from (select unnest($1::varchar[]) as n)", [first]
    ).fetchall()
    assert [row[0] for row in rows] == [check_character(n) for n in first]


def test_no_county_is_asked_for() -> None:
    """Counties are abolished and renamed; a number keeps the code of its day."""
    assert fault(whole("99999919800101001"), PERIOD_END) is None
    assert re.fullmatch(r"\d{17}[\dX]", whole("99999919800101001"))
