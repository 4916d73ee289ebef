"""The gates one by one: how far a month of a feed may stray from its own history, and the hits of a rule from theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assets.home import Home
from assets.night import Night
from assets.opener import given
from assets.releases import Release, enter
from assets.tables import sql_tables
from tests.drawn import drawn
from tests.spec.county import NIGHT, month

AREAS = ["990402", *(f"99040200{i}" for i in range(1, 6))]

FEED = {"area6": "990402", "silent_months": 0, "months": (1 << 24) - 1, "is_absent": False}


@pytest.fixture
def night(tmp_path: Path, quick: None) -> Iterator[Night]:
    """A night of an empty home whose tables are drawn."""
    with Night.of(Home.at(tmp_path / "home"), NIGHT) as night:
        lay(night, "household_members", [{"area12": f"{area}001001"} for area in AREAS[1:]])
        lay(night, "feeds", [FEED | {"extract": "health_settlements"}])
        night.open("given_values")
        night.write(sql_tables("panel")["gate_limits"])
        yield night


def lay(night: Night, name: str, rows: list[dict[str, Any]]) -> None:
    import pyarrow as pa

    given(night.connection, name, pa.Table.from_pylist(rows))
    night.opened.add(name)


def closed(night: Night, table: str, judged: int = 1) -> None:
    """Holds what the gates say of t-1 (or of an earlier month) against a drawn table: a cell is one number, or history and t-1 as `97 98/60`.

    `seen` counts those seen again of `of` persons; history has as many months as numbers, the last repeated to `months`.
    """
    found, wanted = [], drawn(table)
    coverage, extracts = [], set()
    for place, row in enumerate(wanted):
        area = AREAS[1 + place % 5]
        extract = row["extract"]
        extracts.add(extract)
        months = int(row.get("months") or 12)
        for back in range(1, months + 2):
            numbers = {
                name: _number(row[name], back) for name in ("of", "seen", "rows", "ratio", "jumped") if row.get(name)
            }
            persons = numbers.get("of", 0)
            coverage.append({
                "extract": extract, "area6": "990402", "area": area, "month": month(back), "back": back, "is_delivered": True,
                "rows": int(numbers.get("rows", persons)), "persons": int(numbers.get("rows", persons)), "persons_before": int(persons),
                "seen_again": int(numbers.get("seen", persons)), "compared": int(persons),
                "jumped": int(numbers.get("jumped", 0)), "amount_ratio": float(numbers.get("ratio", 1)),
            })  # fmt: skip
        coverage.append(coverage[-1] | {"back": months + 2, "month": month(months + 2)})
        lay(night, "coverage", coverage)
        gates = _worked_out(night, extracts, judged)
        found.append(row | {"state": gates.get((extract, area), "")})
        coverage.clear()
    assert found == wanted


def _number(cell: str, back: int) -> float:
    history, _, now = cell.partition("/")
    numbers = [float(n) for n in history.split()]
    return float(now or numbers[-1]) if back == 1 else numbers[(back - 2) % len(numbers)]


def _worked_out(night: Night, extracts: set[str], judged: int) -> dict[tuple[str, str], str]:
    lay(night, "feeds", [FEED | {"extract": name} for name in extracts])
    table = sql_tables("panel")["gates"]
    night.open(*table.reads)
    rows = night.connection.execute(
        f"select extract, area, gate, state from ({table.sql}) where month = $1", [month(judged)]
    )
    return {(extract, area): f"{gate} {state}" for extract, area, gate, state in rows.fetchall() if len(area) == 9}


def test_persons_who_are_not_seen_again(night: Night) -> None:
    """In a small town one missing pensioner is chance; a share that always varies may vary; silence is told from few."""
    closed(night, """
        extract                  | of   | seen                 | months | state
        employment_pensions      | 30   | 30/29                |        |
        employment_pensions      | 30   | 30/26                |        |
        employment_pensions      | 30   | 30/20                |        | coverage held
        employment_pensions      | 3    | 3/0                  |        | coverage held
        employment_pensions      | 2    | 2/0                  |        |
        employment_contributions | 1000 | 995 996 994/971      |        |
        employment_contributions | 1000 | 995 996 994/945      |        | coverage held
        employment_contributions | 1000 | 960 990 930 975/900  |        |
        employment_contributions | 1000 | 960 990 930 975/700  |        | coverage held
        employment_contributions | 1000 | 990 991 989/999      |        |
        employment_contributions | 1000 | 995/500              | 6      | coverage held
        employment_contributions | 1000 | 995/500              | 5      | coverage warned
    """)  # fmt: skip


def test_a_month_that_was_as_low_a_year_ago_is_the_season(night: Night) -> None:
    closed(night, """
        extract                  | of   | seen                                                | state
        employment_contributions | 1000 | 985 985 985 985 985 985 985 985 985 985 985 932/930 |
        employment_contributions | 1000 | 985 985 985 985 985 985 985 985 985 985 985 932/860 | coverage held
        employment_contributions | 1000 | 985 985 985 985 985 985 985 985 985 985 932 985/930 | coverage held
    """)  # fmt: skip
    closed(night, """
        extract                  | of   | jumped                        | state
        employment_contributions | 1000 | 4 4 4 4 4 4 4 4 4 4 4 110/120 |
        employment_contributions | 1000 | 4 4 4 4 4 4 4 4 4 4 110 4/120 | ratio held
        employment_contributions | 1000 | 4 4 4 4 4 4 4 4 4 4 4 110/400 | ratio held
        employment_contributions | 1000 | 4 4 4 4 4 4 4 4 4 4 4 50/70   |
        employment_contributions | 1000 | 4 4 4 4 4 4 4 4 4 4 4 20/70   | ratio held
    """)  # fmt: skip


def test_a_month_that_was_as_low_a_year_later_was_the_season(night: Night) -> None:
    """Of t-13, the twelfth of the months that are drawn before t-1: what nobody could know then is known by now."""
    usual = "985 985 985 985 985 985 985 985 985 985 985"
    closed(night, f"""
        extract                  | of   | months | seen                                     | state
        employment_contributions | 1000 | 24     | {usual} 932 {usual} 985/985 | coverage held
        employment_contributions | 1000 | 24     | {usual} 932 {usual} 985/930 |
        employment_contributions | 1000 | 24     | {usual} 860 {usual} 985/930 | coverage held
    """, judged=13)  # fmt: skip


def test_amounts_that_jump(night: Night) -> None:
    closed(night, """
        extract             | of  | ratio      | jumped    | state
        employment_pensions | 100 | 1/1.04     | 0         |
        employment_pensions | 100 | 1/0.8      | 0         |
        employment_pensions | 100 | 1/0.799    | 0         | ratio held
        employment_pensions | 100 | 1/1.25     | 0         |
        employment_pensions | 100 | 1/1.251    | 0         | ratio held
        employment_pensions | 9   | 1/0.5      | 0         |
        employment_pensions | 100 | 1/0.01     | 0/100     | ratio held
        employment_pensions | 3   | 1/100      | 0/3       | ratio held
        employment_pensions | 500 | 1          | 5 6 4/30  |
        employment_pensions | 500 | 1          | 5 6 4/50  | ratio held
    """)  # fmt: skip


def test_events_are_counted_and_never_held_by_a_fixed_band(night: Night) -> None:
    closed(night, """
        extract            | rows                  | of | state
        health_settlements | 30 24 35 28/12        |    |
        health_settlements | 30 24 35 28/0         |    | coverage held
        health_settlements | 5 8 6/0               |    |
        health_settlements | 2000 2050 1950/1800   |    |
        health_settlements | 2000 2050 1950/1600   |    | coverage held
        health_settlements | 2000 2050 1950/4000   |    | coverage held
        health_settlements | 2000 1000 3000/1200   |    |
        health_records     | 3 1 4 2/0             |    |
        health_records     | 6 6 6/2               |    |
    """)  # fmt: skip


# The breaker ------------------------------------------------------------------------------------------------------


def broken(night: Night, table: str, rule: str = "MED-ABS") -> None:
    """Hits of one rule in one town: earlier months, then tonight's, as `4 5 6/20`."""
    found, wanted = [], drawn(table)
    for row in wanted:
        numbers = [int(n) for n in row["hits"].replace("/", " ").split()]
        memory = [
            {"rule": rule, "area6": "990402", "town": AREAS[1], "month": month(back), "hits": hits}
            for back, hits in enumerate(reversed(numbers))
        ]
        states = _held(night, memory)
        found.append(row | {"state": states.get((rule, AREAS[1]), "")})
    assert found == wanted


def _held(night: Night, memory: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    night.connection.execute(
        "create or replace temp table gates (extract text, feed text, area6 text, area text, month date, gate text, "
        "state text, finding text, released_by text)"
    )
    night.opened |= {"gates"}
    night.opened.discard("releases")
    lay(night, "hit_months", memory)
    table = sql_tables("cases")["held"]
    night.open(*table.reads)
    rows = night.connection.execute(f"select rule, area, state from ({table.sql}) where gate = 'rate'").fetchall()
    return {(rule, area): state for rule, area, state in rows}


def test_far_more_hits_than_in_earlier_months_break_a_rule(night: Night) -> None:
    """Over three times the median, over a floor, and over what chance may bring; after six closed months."""
    broken(night, """
        hits                     | state
        4 5 6 5 4 5/15           |
        4 5 6 5 4 5/30           | held
        0 0 0 0 0 0/10           |
        0 0 0 0 0 0/11           | held
        100 99 101 100 100 98/300 |
        100 99 101 100 100 98/301 | held
        4 5 6 5 4/30             |
        4 5 30 30 4 5 6/30       | held
    """)  # fmt: skip


def test_what_leans_on_the_same_extract_is_held_with_it(night: Night) -> None:
    memory = [{"rule": "MED-ABS", "area6": "990402", "town": AREAS[2], "month": month(back), "hits": 40 if back == 0 else 4}
              for back in range(8)]  # fmt: skip
    held = {rule for rule, _ in _held(night, memory)}
    assert {"MED-ABS", "MED-CHE40", "MED-SHARE", "RIGID", "ESI"} <= held
    assert not held & {"INC-DROP", "SI-LAPSE", "UNEMP-REG", "PENSION-STOP"}


def test_small_rises_in_all_towns_break_the_rule_for_the_county(night: Night) -> None:
    memory = [{"rule": "MED-ABS", "area6": "990402", "town": town, "month": month(back), "hits": 8 if back == 0 else 1}
              for back in range(8) for town in AREAS[1:]]  # fmt: skip
    assert {area for _, area in _held(night, memory)} == {"990402"}


def test_what_was_let_through_is_usual_from_then_on(night: Night) -> None:
    broken(night, "hits | state\n 4 5 6 5 4 5 30/31 | held")
    let = Release(
        1,
        date(2026, 1, 1).isoformat(),
        "Wang",
        "checked",
        rule="MED-ABS",
        area="990402",
        until_month=month(1).isoformat(),
    )
    enter(night.home, let)
    broken(night, """
        hits                | state
        4 5 6 5 4 5 30/31   |
        4 5 6 5 4 5 30/120  | held
    """)  # fmt: skip


def test_a_released_rule_is_held_no_more(night: Night) -> None:
    let = Release(
        1,
        date(2026, 1, 21).isoformat(),
        "Wang",
        "checked",
        rule="MED-ABS",
        area=AREAS[1],
        until_month=month(0).isoformat(),
    )
    enter(night.home, let)
    broken(night, "hits | state\n 4 5 6 5 4 5/30 | released")
