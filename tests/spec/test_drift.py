"""Drift told or not: the content of a month beside the months before it, and the hits of a rule beside theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from assets.checks import results, specs
from assets.home import Home
from assets.night import Night
from assets.opener import given
from assets.tables import sql_tables
from tests.drawn import drawn
from tests.spec.county import NIGHT, month

COUNTY, TOWN, OTHER = "990402", "990402001", "990402002"
BINS = {
    "code": ("civil_affairs_assistance", "aid_type", ("110", "120", "600")),
    "band": ("health_settlements", "total", ("9", "10", "11")),
    "blank": ("civil_affairs_assistance", "end_month", ("told", "blank")),
}


@pytest.fixture
def night(tmp_path: Path, quick: None) -> Iterator[Night]:
    """A night of an empty home whose tables are drawn."""
    with Night.of(Home.at(tmp_path / "home"), NIGHT) as night:
        lay(night, "household_members", [{"area12": f"{town}001001"} for town in (TOWN, OTHER)])
        lay(night, "feeds", [{"area6": COUNTY}])
        night.write(sql_tables("panel")["gate_limits"])
        yield night


def lay(night: Night, name: str, rows: list[dict[str, Any]]) -> None:
    given(night.connection, name, pa.Table.from_pylist(rows))
    night.opened.add(name)


def profile(measure: str, history: str, now: str, months: int, area: str = COUNTY) -> list[dict[str, Any]]:
    """Rows of `feed_profile`: t-1 as `now`, and before it the months of `history` in turn, the oldest last."""
    extract, column, bins = BINS[measure]
    earlier = [cell.split() for cell in history.split(",")]
    rows = []
    for back in range(1, months + 2):
        numbers = now.split() if back == 1 else earlier[(back - 2) % len(earlier)]
        rows += [
            {"extract": extract, "area6": COUNTY, "area": area, "month": month(back), "back": back, "column_name": column,
             "measure": measure, "bin": bin, "rows": int(number)}
            for bin, number in zip(bins, numbers, strict=True) if int(number)
        ]  # fmt: skip
    return rows


def judged(night: Night, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    lay(night, "feed_profile", list(rows))
    night.write(sql_tables("drift")["drift"])
    night.open("drift")
    return night.connection.sql("from drift").to_arrow_table().to_pylist()


def told(night: Night, measure: str, table: str) -> None:
    """Holds what is told of t-1 against a drawn table: rows of each bin, as `60 30 10`; history as months between commas."""
    found = []
    for row in (wanted := drawn(table)):
        rows = judged(night, profile(measure, row["history"], row["now"], int(row["months"])))
        newest = [r for r in rows if r["back"] == 1]
        found.append(row | {"told": "drift" if any(r["is_told"] for r in newest) else ""})
    assert found == wanted


def test_shares_of_codes(night: Night) -> None:
    """A share that moves far is told; a small one, few rows, a short history, and what always moves are not."""
    told(night, "code", """
        history                  | now          | months | told
        600 300 100              | 600 300 100  | 12     |
        600 300 100              | 580 310 110  | 12     |
        600 300 100              | 400 500 100  | 12     | drift
        600 300 100              | 400 500 100  | 6      | drift
        600 300 100              | 400 500 100  | 5      |
        6000 3000 1000           | 5500 3500 1000 | 12   |
        70 20 9                  | 20 70 9      | 12     |
        70 20 10                 | 60 28 12     | 12     |
        60 30 10                 | 20 60 20     | 12     | drift
        600 300 0                | 500 250 150  | 12     | drift
        900 50 50, 300 600 100, 100 200 700, 500 400 100, 200 100 700 | 300 100 600 | 12 |
    """)  # fmt: skip


def test_bands_of_money(night: Night) -> None:
    told(night, "band", """
        history      | now         | months | told
        100 300 100  | 110 290 100 | 12     |
        100 300 100  | 20 160 320  | 12     | drift
    """)  # fmt: skip


def test_shares_of_blanks(night: Night) -> None:
    """From two in a hundred to twelve is told; within the floor nothing is, however many rows say so."""
    told(night, "blank", """
        history    | now         | months | told
        980 20     | 880 120     | 12     | drift
        980 20     | 940 60      | 12     |
        98000 2000 | 94000 6000  | 12     |
        98000 2000 | 92000 8000  | 12     | drift
        300 700    | 340 660     | 12     |
        300 700    | 400 600     | 12     | drift
        300 700    | 1000 0      | 12     | drift
        98 2       | 92 8        | 12     |
        98 2       | 60 40       | 12     | drift
    """)  # fmt: skip


def test_since_when_and_until_when(night: Night) -> None:
    """A drift is told with the month it began in; where it stays it becomes what is usual."""
    rows = [
        row
        for row in profile("code", "600 300 100", "600 300 100", 15)
        if row["back"] > 2
    ] + [row | {"back": back, "month": month(back)} for back in (1, 2)
         for row in profile("code", "600 300 100", "200 700 100", 1) if row["back"] == 1]  # fmt: skip
    found = {row["back"]: row for row in judged(night, rows)}
    assert found[2]["is_told"] and found[2]["since_month"] == month(2) and not found[3]["is_told"]
    (newest,) = [row for row in found.values() if row["is_newest"]]
    assert newest["is_told"] and newest["since_month"] == month(2)


def test_a_town_alone_and_what_the_county_tells(night: Night) -> None:
    """One town's drift is told of the town; where all of them drift the county alone speaks."""
    same = profile("code", "600 300 100", "600 300 100", 12, OTHER)
    alone = profile("code", "60 30 10", "20 60 20", 12, TOWN)
    county = profile("code", "6000 3000 1000", "6000 3000 1000", 12)
    assert {row["area"] for row in judged(night, [*same, *alone, *county]) if row["is_told"]} == {TOWN}
    county = profile("code", "660 330 110", "220 660 220", 12)
    assert {row["area"] for row in judged(night, [*same, *alone, *county]) if row["is_told"]} == {COUNTY}


def test_the_check_names_columns_and_no_value(night: Night) -> None:
    judged(night, profile("code", "600 300 100", "200 700 100", 12))
    found = {result.check_name: result for result in results(night, "drift")}
    assert len(found) == len(specs("drift")) and {name for name, r in found.items() if not r.passed} == {
        "content_as_usual__civil_affairs_assistance"
    }
    metadata = found["content_as_usual__civil_affairs_assistance"].metadata
    since = month(1).strftime("%Y-%m")
    assert {name: value.value for name, value in metadata.items() if name != "chart"} == {
        "drifted": 1, "areas": 1, "columns": "aid_type", "since": since, "too_short": 0, "too_few": 0,
    }  # fmt: skip
    strip = "·" * 17 + "▁" * 6 + "█"
    assert (
        str(metadata["chart"].value).splitlines()[-1] == f"| 救助类型 aid_type (code) | {COUNTY} | {since} | {strip} |"
    )
    assert found["content_as_usual__education_students"].metadata["drifted"].value == 0


def test_what_cannot_be_judged_is_said(night: Night) -> None:
    """Of a whole county, in its newest period: too short a history, or too few rows."""
    found = []
    for months, rows in ((5, "600 300 100"), (6, "60 30 9"), (6, "60 30 10")):
        (newest,) = [row for row in judged(night, profile("code", rows, rows, months)) if row["is_newest"]]
        found.append((newest["state"], newest["psi"] is None))
    assert found == [("too_short", True), ("too_few", True), ("usual", False)]
    few = profile("code", "60 30 9", "60 30 9", 6, TOWN)
    assert {row["area"] for row in judged(night, [*few, *profile("code", "600 300 100", "600 300 100", 6)])} == {COUNTY}


# Seasons ----------------------------------------------------------------------------------------------------------


def test_a_term_is_held_beside_the_same_term_of_earlier_years(night: Night) -> None:
    """Autumn is not like spring, nor need it be: two earlier years of the same term are enough."""
    found = []
    for row in (wanted := drawn("""
        autumns                               | springs             | state
        200 500 300, 200 500 300, 200 500 300 | 600 300 100, 600 300 100, 600 300 100 | usual
        600 300 100, 200 500 300, 200 500 300 | 600 300 100, 600 300 100, 600 300 100 | drifted
        600 300 100, 200 500 300              | 600 300 100, 600 300 100, 600 300 100 | too_short
        60 30 9, 20 50 30, 20 50 30           | 600 300 100                           | too_few
    """)):  # fmt: skip
        rows = [
            {"extract": "education_students", "area6": COUNTY, "area": COUNTY, "month": month(back), "back": back,
             "column_name": "stage", "measure": "code", "bin": bin, "rows": int(number)}
            for first, name in ((5, "autumns"), (11, "springs"))
            for year, cell in enumerate(row[name].split(","))
            for back in [first + 12 * year]
            for bin, number in zip("234", cell.split(), strict=True)
        ]  # fmt: skip
        (newest,) = [r for r in judged(night, rows) if r["is_newest"]]
        found.append(row | {"state": newest["state"]})
    assert found == wanted


def test_what_was_so_a_year_ago_is_the_season(night: Night) -> None:
    """Accounts are sealed in every January; once more than then, and it is told."""
    usual = profile("code", "600 300 100", "600 300 100", 14)
    for year_ago, state in (("400 500 100", "usual"), ("570 330 100", "drifted"), ("600 300 100", "drifted")):
        rows = [row for row in usual if row["back"] not in (1, 13)]
        for back, numbers in ((1, "400 500 100"), (13, year_ago)):
            rows += [
                row | {"back": back, "month": month(back)}
                for row in profile("code", "1 1 1", numbers, 1) if row["back"] == 1
            ]  # fmt: skip
        (newest,) = [row for row in judged(night, rows) if row["is_newest"]]
        assert (year_ago, newest["state"]) == (year_ago, state)


def test_shares_of_few_rows_are_not_said(night: Night) -> None:
    rows = judged(night, profile("blank", "98 2", "60 40", 12))
    assert [row["says"] for row in rows if row["is_told"]] == [
        "空白占比由 2.0% 变为 40.0%：请看该列是否仍在填报、表头或导出口径是否变了"
    ]
    rows = judged(night, profile("blank", "100 0", "4 96", 12))
    assert [row["says"] for row in rows if row["is_told"]] == [
        "空白占比与往期不同：请看该列是否仍在填报、表头或导出口径是否变了"
    ]


# Hits -------------------------------------------------------------------------------------------------------------


def hit(night: Night, table: str, rule: str = "MED-ABS") -> None:
    """Hits of one rule: earlier months, then tonight's, as `20 22 19/40`; the other town stays as it is."""
    found = []
    for row in (wanted := drawn(table)):
        *past, now = [int(n) for n in row["hits"].replace("/", " ").split()]
        numbers = [now, *reversed(past)]
        memory = [
            {"rule": rule, "area6": COUNTY, "town": town, "month": month(back), "hits": hits if town == TOWN else 500}
            for back, hits in enumerate(numbers) for town in (TOWN, OTHER)
        ]  # fmt: skip
        lay(night, "hit_months", memory)
        night.write(sql_tables("drift")["hit_drift"])
        night.open("hit_drift")
        areas = night.connection.sql("select area from hit_drift where is_told order by area").fetchall()
        found.append(row | {"told": " ".join({COUNTY: "county", TOWN: "town"}[area] for (area,) in areas)})
    assert found == wanted


def test_hits_of_a_rule_beside_its_own_months(night: Night) -> None:
    """Twice as many in a town are told, and half as many; chance, a wide history and few months are not."""
    hit(night, """
        hits                        | told
        30 28 31 30 29 32/30        |
        30 28 31 30 29 32/60        | town
        30 28 31 30 29 32/42        |
        100 99 102 98 101 100/45    | town
        30 28 31 30 29/60           |
        5 4 6 5 4 5/10              |
        5 4 6 5 4 5/20              | town
        0 0 0 0 0 0/9               |
        0 0 0 0 0 0/10              | town
        20 90 35 70 10 60/120       |
        30 28 75 30 29 32/60        |
        500 505 495 500 502 498/1500 | county
    """)  # fmt: skip


def test_what_people_report_may_come_all_at_once(night: Night) -> None:
    hit(night, "hits | told\n 1 0 2 1 1 0/90 |", rule=_reported())


def _reported() -> str:
    from assets.rules.catalogue import rules

    return next(rule.code for rule in rules().values() if rule.dimension == "report")
