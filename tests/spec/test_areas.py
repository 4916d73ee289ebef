"""Area codes that end: files, families and standards under an old code meet those under the new one."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assets import reference
from assets.home import Home
from assets.night import Night
from assets.reference.declared import FILES
from tests.drawn import drawn
from tests.spec.county import STANDARDS, County

RENAMED = """
    code         | name     | parent       | level  | valid_from | valid_to   | successor
    990400000000 | 某市     |              | city   |            |            |
    990401000000 | 甲县     | 990400000000 | county |            | 2025-06-30 | 990402000000
    990402000000 | 甲区     | 990400000000 | county | 2025-07-01 |            |
    990402001000 | 城关街道 | 990402000000 | town   |            |            |
"""
MERGED = """
    code         | name   | parent       | level  | valid_from | valid_to   | successor
    990400000000 | 某市   |              | city   |            |            |
    990401000000 | 甲县   | 990400000000 | county |            | 2025-06-30 | 990402000000
    990401007000 | 山里镇 | 990401000000 | town   |            | 2025-06-30 | 990402107000
    990402000000 | 乙区   | 990400000000 | county |            |            |
    990402107000 | 山里镇 | 990402000000 | town   | 2025-07-01 |            |
"""
HEAD = STANDARDS.splitlines()[0] + "\n"


def lay(home: Home, file: str, table: str) -> None:
    rows = drawn(table)
    with (home.reference / file).open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [c.name for c in next(f for f in FILES if f.name == file).columns])
        writer.writeheader()
        writer.writerows(rows)


def households(worked: Any) -> list[tuple[Any, ...]]:
    return sorted((h["household_no"], h["area6"], h["area12"], h["members"]) for h in worked.tables["households"])


def test_members_under_an_abolished_county_take_the_standard_of_its_successor(county: County) -> None:
    lay(county.home, "areas.csv", RENAMED)
    night = county.receive(
        members="household | person | area12\n family | Li | 990401001001\n other | Wang | 990401001001",
        wages="""
            person | pay_month  | base | area6
            Li     | t-24..t-7  | 3000 | 990401
            Li     | t-6..t-1   | 3000 | 990402
            Wang   | t-24..t-7  | 3000 | 990401
            Wang   | t-6..t-1   | 3000 | 990402
        """,
    ).work_out()
    night.profile("household | standard | standard_year\n family | 800 | 9600\n other | 800 | 9600")
    assert households(night) == [("family", "990402", "990402001001", 1), ("other", "990402", "990402001001", 1)]
    assert {feed["area6"] for feed in night.tables["feeds"]} == {"990402"}
    night.months("income", "household | t-15..t-1\n family | 3000 B\n other | 3000 B")


def test_until_its_last_day_a_code_stands_for_itself(tmp_path: Path, quick: None) -> None:
    county = County.at(tmp_path)
    lay(county.home, "areas.csv", RENAMED)
    county.receive(date(2025, 6, 30), members="household | person | area12\n of old | Li | 990401001001")
    assert households(county.work_out(date(2025, 6, 30))) == [("of old", "990401", "990401001001", 1)]
    assert households(county.work_out(date(2025, 7, 1))) == [("of old", "990402", "990402001001", 1)]


def test_the_register_of_a_renamed_county_goes_on_under_the_new_code(county: County) -> None:
    """A snapshot under the new code replaces the one under the old: Wang has left, and Li is not in two households."""
    lay(county.home, "areas.csv", RENAMED)
    night = county.receive(
        members="""
            household | person | area12       | period | from_month
            family    | Li     | 990401001001 | t-20   |
            family    | Wang   | 990401001001 | t-20   |
            family    | Li     | 990402001001 | t-3    |
        """
    ).work_out()
    assert households(night) == [("family", "990402", "990402001001", 1)]
    (wang, li) = sorted(night.tables["household_members"], key=lambda row: row["months"].bit_count())
    assert [li["double_months"], wang["double_months"]] == [0, 0]
    assert wang["months"] & 0b111 == 0 and wang["months"] >> 3 & 1 == 1


def test_the_registers_of_a_merged_county_stand_until_the_successor_speaks_for_both(county: County) -> None:
    """The last register of the county that is gone ends as the joint one begins."""
    lay(county.home, "areas.csv", MERGED)
    county.receive(
        date(2026, 1, 20),
        members="""
            household | person | area12       | period
            1         | Li     | 990401007003 | t-10
            far       | Qian   | 990401001001 | t-10
            2         | Wang   | 990402001001 | t-10
        """,
    )
    assert households(county.work_out()) == [
        ("1", "990402", "990402107003", 1),
        ("2", "990402", "990402001001", 1),
        ("far", "990402", "990402000000", 1),
    ]
    county.receive(
        members="""
            household | person | area12       | period
            11        | Li     | 990402107003 | t-2
            2         | Wang   | 990402001001 | t-2
        """
    )
    assert households(county.work_out()) == [("11", "990402", "990402107003", 1), ("2", "990402", "990402001001", 1)]


def test_standards_under_the_former_code_count_for_the_months_before_the_new_ones(tmp_path: Path, quick: None) -> None:
    county = County.at(
        tmp_path,
        HEAD
        + """dibao,990401,any,700,month,2020-01-01,,2020-01-01,drawn
dibao,990401,any,750,month,2025-12-01,,2025-12-01,left standing by mistake
dibao,990402,any,800,month,2025-07-01,,2025-07-01,drawn
""",
    )
    lay(county.home, "areas.csv", RENAMED)
    county.receive(members="household | person | area12\n family | Li | 990401001001").work_out().profile(
        "household | standard | standard_year\n family | 800 | 9000"
    )


def test_the_standards_of_a_county_that_was_merged_away_are_not_its_successors(tmp_path: Path, quick: None) -> None:
    county = County.at(
        tmp_path,
        HEAD
        + """dibao,990401,any,700,month,2020-01-01,,2020-01-01,drawn
dibao,990402,any,800,month,2020-01-01,,2020-01-01,drawn
""",
    )
    lay(county.home, "areas.csv", MERGED)
    county.receive(
        members="household | person | area12\n of A | Li | 990401001001\n of B | Wang | 990402001001"
    ).work_out().profile("household | standard\n of A | 800\n of B | 800")


@pytest.mark.parametrize(
    ("area12", "unknown"),
    [
        ("370402001013", None),  # 铁西居委会
        ("370402001000", None),
        ("370402000000", None),
        ("370402001999", "village"),
        ("370402099001", "town"),
        ("370402099000", "town"),
        ("110101001001", None),  # the table has no towns of Beijing
        ("990402001001", "county"),
        ("330103001001", "county ended"),  # 下城区, 2021, without a successor in the table
    ],
)
def test_an_unknown_code_is_counted_and_does_no_more(county: County, area12: str, unknown: str | None) -> None:
    county.receive(members=f"household | person | area12\n family | Li | {area12}")
    with county._night(county.night) as night:
        night.open("unknown_areas", "notes", "household_profile")
        rows = night.connection.execute("select area12, unknown, households from unknown_areas").fetchall()
        notes = night.connection.execute("select note from notes").fetchall()
        assert night.rows("household_profile") == 1
    assert rows == ([(area12, unknown, 1)] if unknown else [])
    assert [note.startswith("1 个区划代码（1 户）不在区划表中") for (note,) in notes] == ([True] if unknown else [])


def test_grids_and_grid_codes_meet_under_the_new_code(county: County) -> None:
    lay(county.home, "areas.csv", RENAMED)
    lay(
        county.home,
        "grids.csv",
        "grid_code | area12 | name | worker | visits_a_week\n 99040100100102 | 990401001001 | 二网格 | 某人 | 6",
    )
    county.receive(members="household | person | area12 | grid_code\n family | Li | 990401001001 | 99040100100102")
    with county._night(county.night) as night:
        night.open("grids")
        rows = night.connection.execute(
            "select g.name, g.visits_a_week from households h join grids g using (grid_code, area12)"
        ).fetchall()
    assert rows == [("二网格", 6)]


def test_two_grids_that_fall_together_are_one_with_the_visits_of_both(county: County) -> None:
    lay(county.home, "areas.csv", RENAMED)
    lay(
        county.home,
        "grids.csv",
        """
        grid_code      | area12       | name   | worker | visits_a_week
        99040100100102 | 990401001001 | 二网格 | 某人   | 6
        99040200100102 | 990402001001 | 新网格 | 另一人 | 4
        """,
    )
    county.receive(members="household | person | area12 | grid_code\n family | Li | 990401001001 | 99040100100102")
    with county._night(county.night) as night:
        night.open("grids")
        rows = night.connection.execute("select grid_code, visits_a_week from grids").fetchall()
    assert rows == [("99040200100102", 10)]


def test_successors_are_followed_to_their_end(tmp_path: Path) -> None:
    """Shipped: 莱芜 became a district of 济南, 蓬莱 and 长岛 became one district, 下城 went without a recorded successor."""
    home = Home.at(tmp_path)
    lay(
        home,
        "areas.csv",
        """
            code         | name | parent       | level  | valid_from | valid_to   | successor
            990400000000 | 某市 |              | city   |            |            |
            990401000000 | 甲县 | 990400000000 | county |            | 2015-06-30 | 990402000000
            990402000000 | 甲市 | 990400000000 | county | 2015-07-01 | 2020-06-30 | 990403000000
            990403000000 | 甲区 | 990400000000 | county | 2020-07-01 |            |
            990403001000 | 一镇 | 990403000000 | town   |            | 2022-06-30 | 990403009000
            990403009000 | 九镇 | 990403000000 | town   |            |            |
        """,
    )
    asked = [
        "990401002003",
        "990402002003",
        "990403002003",
        "990403001003",
        "371202001003",
        "370634001003",
        "330103001003",
    ]
    with Night.of(home, date(2026, 1, 21)) as night:
        night.open("areas")
        found = night.connection.execute(
            "select current_area(code) from (select unnest($1::varchar[]) as code)", [asked]
        ).fetchall()
    assert [row[0] for row in found] == [
        "990403002003", "990403002003", "990403002003", "990403009000", "370116001003", "370614000000", "330103001003",
    ]  # fmt: skip


def test_a_name_is_that_of_the_night(tmp_path: Path) -> None:
    """130503 was 桥西区 up to 2020 and is 信都区 since."""
    home = Home.at(tmp_path)
    for day, name in ((date(2019, 6, 1), "桥西区"), (date(2026, 1, 21), "信都区")):
        with Night.of(home, day) as night:
            night.open("areas")
            assert night.connection.execute("select name from areas where code = '130503000000'").fetchall() == [
                (name,)
            ]
    assert not reference.faults(home)
