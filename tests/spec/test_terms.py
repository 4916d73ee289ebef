"""Feeds that come by term: when a term of pupils, or of their aid, is too short to be leaned on.

A row is a town, `county` all of them; pupils are numbered. A term's cell says who has aid in it: `1-40`, `-` nobody;
blank in every row: the file never came. `leave` are at school no more in 2025S2. `held` are the terms that are held there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assets.home import Home
from assets.night import Night
from assets.releases import Release, enter
from assets.tables import sql_tables
from expectations.contract import contracts
from tests.drawn import drawn
from tests.spec.county import NIGHT, month
from tests.spec.test_gates import lay

BACKS = {"2024S1": 23, "2024S2": 17, "2025S1": 11, "2025S2": 5}
MONTHS_OF_TERM = 0b111111
ALL_MONTHS = (1 << 24) - 1


@pytest.fixture
def night(tmp_path: Path, quick: None) -> Iterator[Night]:
    with Night.of(Home.at(tmp_path / "home"), NIGHT) as night:
        yield night


def numbers(cell: str) -> set[int]:
    first, _, last = cell.replace("-", " ").strip().partition(" ")
    return set(range(int(first), int(last or first) + 1)) if first else set()


def term_bits(back: int) -> int:
    """The six months of a term that have ended, as bits."""
    return (MONTHS_OF_TERM << (back - 1) >> 5) & ALL_MONTHS


def holds(night: Night, table: str, pupils_of: tuple[str, ...] = tuple(BACKS)) -> None:
    """Holds the terms of aid that are held against a drawn table; `pupils_of` are the terms of which the register came."""
    wanted = drawn(table)
    towns = [row for row in wanted if row["town"] != "county"]
    aid_of = [term for term in BACKS if any(row.get(term) for row in towns)]
    members: list[dict[str, object]] = []
    stand: list[tuple[str, int, str, int]] = []
    for row in towns:
        for i in numbers(row["pupils"]):
            key = int(row["town"]) * 10_000 + i
            members.append({"person_key": key, "household_id": key, "area12": f"99040200{row['town']}001001"})
            left = i in numbers(row.get("leave", "")) and "2025S2"
            town = f"99040200{row['town']}"
            stand += [("education_students", key, town, BACKS[term]) for term in pupils_of if term != left]
            stand += [("education_aid", key, town, BACKS[term]) for term in aid_of if i in numbers(row[term])]
    lay(night, "household_members", members)
    lay(night, "households", [{k: row[k] for k in ("household_id", "area12")} for row in members])
    lay(night, "feeds", [_feed("education_students", pupils_of), _feed("education_aid", aid_of)])
    night.connection.execute(
        "create or replace temp table stand (extract text, person_key bigint, town text, back integer)"
    )
    night.connection.executemany("insert into stand values ($1, $2, $3, $4)", stand)
    night.connection.execute(
        "create or replace temp table feed_rows as select extract, town, back, count(*) as rows from stand group by all;"
        "create or replace temp table feed_persons as select extract, person_key, town, "
        "bit_or(1::bigint << (back - 1)) as months, null::bigint[] as amounts from stand group by all"
    )
    night.opened |= {"feed_rows", "feed_persons"}
    for name in ("gate_limits", "coverage", "gates"):
        night.write(sql_tables("panel")[name])
    night.opened.discard("releases")
    assert [row | {"held": _held(night, row["town"])} for row in wanted] == wanted


def _feed(extract: str, terms: list[str] | tuple[str, ...]) -> dict[str, object]:
    backs = [BACKS[term] for term in terms]
    return {"extract": extract, "area6": "990402", "first_month": month(max(backs)), "closed_back": 1, "silent_months": 0,
            "months": sum(map(term_bits, backs)), "is_absent": False}  # fmt: skip


def _held(night: Night, town: str) -> str:
    night.open("gates")
    area = "990402" if town == "county" else f"99040200{town}"
    found = night.connection.execute(
        "select month, extract, state from gates where area = $1 and gate = 'coverage' order by month", [area]
    ).fetchall()
    shown = {month(back): term for term, back in BACKS.items()}
    assert {extract for _, extract, _ in found} <= {"education_aid"}
    return " ".join(shown[day] + ("" if state == "held" else f" {state}") for day, _, state in found)


def test_a_town_or_a_third_of_a_term_that_is_lost(night: Night) -> None:
    holds(night, """
        town   | pupils | 2024S1 | 2024S2 | 2025S1 | 2025S2 | held
        1      | 1-200  | 1-40   | 1-40   | 1-40   | 1-26   | 2025S2
        2      | 1-200  | 1-40   | 1-40   | 1-40   | 1-37   |
        3      | 1-200  | 1-5    | 1-5    | 1-5    | -      | 2025S2
        4      | 1-900  | 1-300  | 1-300  | 1-300  | 1-265  |
        5      | 1-900  | 1-300  | 1-300  | 1-300  | 1-245  | 2025S2
        county |        |        |        |        |        |
    """)  # fmt: skip


def test_a_few_lost_in_each_small_town_are_many_in_the_county(night: Night) -> None:
    holds(night, """
        town   | pupils | 2024S1 | 2024S2 | 2025S1 | 2025S2 | held
        1      | 1-20   | 1-6    | 1-6    | 1-6    | 1-4    |
        2      | 1-20   | 1-6    | 1-6    | 1-6    | 1-4    |
        3      | 1-20   | 1-6    | 1-6    | 1-6    | 1-4    |
        county |        |        |        |        |        | 2025S2
    """)  # fmt: skip


def test_only_the_last_two_terms_count(night: Night) -> None:
    """A term that was lost is no measure for the one after it, and its own loss is forgotten with it."""
    holds(night, """
        town   | pupils | 2024S1 | 2024S2 | 2025S1 | 2025S2 | held
        1      | 1-200  | 1-40   | 1-40   | 1-20   | 1-40   | 2025S1
        2      | 1-200  | 1-40   | 1-20   | 1-40   | 1-40   |
    """)  # fmt: skip


def test_a_term_that_is_always_smaller_is_the_season(night: Night) -> None:
    """Who is paid in autumn alone is missed in the first spring; from the second year on it is known."""
    holds(night, """
        town | pupils | 2024S2 | 2025S1 | 2025S2 | held
        1    | 1-200  | 1-60   | 1-35   | 1-60   | 2025S1
    """)  # fmt: skip
    holds(night, """
        town | pupils | 2024S1 | 2024S2 | 2025S1 | 2025S2 | held
        1    | 1-200  | 1-60   | 1-36   | 1-60   | 1-35   |
        2    | 1-200  | 1-60   | 1-36   | 1-60   | 1-16   | 2025S2
    """)  # fmt: skip


def test_who_has_left_school_is_not_missed(night: Night) -> None:
    holds(night, """
        town | pupils | leave | 2025S1 | 2025S2 | held
        1    | 1-200  | 1-15  | 1-40   | 16-40  |
        2    | 1-200  | 1-15  | 1-40   | 16-31  | 2025S2
    """)  # fmt: skip


def test_without_the_term_s_register_everybody_is_missed(night: Night) -> None:
    """Of a register that has not come nobody can be said to have left it."""
    holds(night, """
        town | pupils | leave | 2025S1 | 2025S2 | held
        1    | 1-200  | 1-15  | 1-40   | 16-40  | 2025S2
    """, pupils_of=("2025S1",))  # fmt: skip


def test_the_first_term_ever(night: Night) -> None:
    """What came is believed, save of a town of which nothing came; a small one, or one with few pupils, may have none."""
    first = """
        town   | pupils | 2025S2 | held
        1      | 1-200  | 1-40   |
        2      | 1-200  | 1-12   |
        3      | 1-200  | -      | 2025S2
        4      | 1-10   | -      |
        county |        |        |
    """
    holds(night, first)
    holds(night, first, pupils_of=("2025S1",))


def test_the_second_term_is_held_against_the_first(night: Night) -> None:
    holds(night, """
        town | pupils | 2025S1 | 2025S2 | held
        1    | 1-200  | 1-40   | 1-37   |
        2    | 1-200  | 1-40   | 1-26   | 2025S2
        3    | 1-200  | 1-40   | -      | 2025S2
    """)  # fmt: skip


def test_a_term_is_released_by_its_first_month(night: Night) -> None:
    released = date(2026, 1, 21).isoformat()
    enter(
        night.home,
        Release(1, released, "Wang", "so it is", extract="education_aid", area="990402001", month="2025-08-01"),
    )
    holds(night, """
        town | pupils | 2025S1 | 2025S2 | held
        1    | 1-200  | 1-40   | 1-26   | 2025S2 released
        2    | 1-200  | 1-40   | 1-26   | 2025S2
    """)  # fmt: skip


UNGATED = {
    "civil_affairs_income": "what is declared ends after a year, and is unknown from then on: never zero",
    "civil_affairs_reports": "a person writes it; a hit needs one and none leans on its absence",
    "emergency_events": "it has no usual number; hits need an event, and two monthly feeds tell of the dead as well",
}


def test_every_feed_that_a_rule_leans_on_has_a_gate_or_a_reason_to_have_none() -> None:
    from assets.rules.catalogue import rules

    leaned_on = {extract for rule in rules().values() for extract in rule.leans_on}
    assert {name for name in leaned_on if not contracts()[name].is_counted} == set(UNGATED)
