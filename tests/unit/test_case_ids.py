"""Case numbers as they go out and as they come back: made by SQL, read by SQL, held against plain Python."""

from __future__ import annotations

import random
from collections.abc import Iterator

import duckdb
import pytest

from assets.engine import MACROS
from expectations import verdict
from expectations.case_ids import SIGNS, case_id, written


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        verdict.teach(connection)
        connection.execute(MACROS.read_text(encoding="utf-8"))
        yield connection


def read(connection: duckdb.DuckDBPyConnection, texts: list[str]) -> list[str | None]:
    rows = connection.execute(
        "select read_case_id(text) from (select unnest($1::varchar[]) as text)", [texts]
    ).fetchall()
    return [row[0] for row in rows]


def some_ids(count: int) -> list[str]:
    draw = random.Random(4)
    return [case_id(number) for number in (0, 1, (1 << 50) - 1, *(draw.getrandbits(63) for _ in range(count)))]


def test_sql_and_python_make_the_same_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    draw = random.Random(5)
    numbers = [0, 1, 31, (1 << 50) - 1, (1 << 63) - 1, *(draw.getrandbits(63) for _ in range(300))]
    made = connection.execute("select case_number(unnest($1::bigint[]))", [numbers]).fetchall()
    assert [row[0] for row in made] == [case_id(number) for number in numbers]
    assert all(len(one) == 12 and one[0] == "G" and set(one) <= set(SIGNS) for one in some_ids(300))


ONE = case_id(1 << 45 | 1 << 40 | 20 << 5 | 1)  # G110000000M1 and its check sign: it has 0 and 1 to be mistaken
MANGLED = {
    "as handed out": ONE,
    "lower case": ONE.lower(),
    "spaces around and within": f"  {ONE[:4]} {ONE[4:8]} {ONE[8:]}\t",
    "an apostrophe": f"'{ONE}",
    "a curly apostrophe": f"’{ONE}",
    "dashes": f"{ONE[:4]}-{ONE[4:8]}—{ONE[8:]}",
    "O for 0": ONE.replace("0", "O"),
    "o for 0": ONE.replace("0", "o"),
    "I for 1": ONE.replace("1", "I"),
    "l for 1": ONE.replace("1", "l"),
    "without its G": ONE[1:],
    "all at once": f"'{ONE[1:6].lower().replace('0', 'o')} {ONE[6:].replace('1', 'i')}",
}


@pytest.mark.parametrize("manner", MANGLED)
def test_what_a_spreadsheet_did_to_it_is_folded(connection: duckdb.DuckDBPyConnection, manner: str) -> None:
    text = MANGLED[manner]
    assert (manner == "as handed out") == (text == ONE)
    assert read(connection, [text]) == [written(text)] == [ONE]


def test_full_width_is_folded_before_sql_sees_it() -> None:
    assert written("".join(chr(ord(sign) + 0xFEE0) for sign in ONE)) == ONE


def test_one_wrong_sign_never_passes(connection: duckdb.DuckDBPyConnection) -> None:
    """Whatever the sign is, whatever stands in its place, and with or without the first G."""
    texts = [
        one[start:i] + sign + one[i + 1 :]
        for one in some_ids(25)
        for start in (0, 1)
        for i in range(start, 12)
        for sign in f"{SIGNS}OILU?"
        if sign.translate(str.maketrans("OIL", "011")) != one[i]
    ]
    assert len(texts) > 10_000
    assert set(read(connection, texts)) == {None} == {written(text) for text in texts}


def test_one_lost_or_added_sign_never_passes(connection: duckdb.DuckDBPyConnection) -> None:
    """Of eleven signs that begin with G nobody knows which one is lost."""
    ids = some_ids(300)
    lost = [one[:i] + one[i + 1 :] for one in ids for i in range(1, 12)]
    added = [one[:i] + sign + one[i:] for one in ids[:40] for i in range(13) for sign in SIGNS]
    texts = [text for text in lost + added if text not in {one[1:] for one in ids if one[1] != "G"}]
    assert set(read(connection, texts)) == {None} == {written(text) for text in texts}


def test_what_is_no_case_number(connection: duckdb.DuckDBPyConnection) -> None:
    texts = ["", "G", "3.7E+11", "SD2025110001", "预警编号", "990402198001010011", ONE * 2, "G0000000000Z", "'"]
    assert set(read(connection, texts)) == {None} == {written(text) for text in texts}
