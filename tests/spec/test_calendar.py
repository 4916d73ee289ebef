"""Working days by the State Council's calendar, and what a year without one comes to."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from assets import reference
from assets.home import Home
from assets.night import Night
from tests.drawn import drawn


def working_days(home: Home, night: date, table: str) -> list[str]:
    """Each drawn row with what `workday_after` gives."""
    with Night.of(home, night) as opened:
        opened.open("calendar")
        return [
            str(opened.connection.execute(
                "select workday_after($1::date, $2::integer)", [row["after"], row["days"]]
            ).fetchall()[0][0])
            for row in drawn(table)
        ]  # fmt: skip


def holds(home: Home, night: date, table: str) -> None:
    assert working_days(home, night, table) == [row["is"] for row in drawn(table)]


def test_real_days(tmp_path: Path) -> None:
    holds(
        Home.at(tmp_path),
        date(2025, 9, 30),
        """
            after      | days | is
            2025-09-24 | 3    | 2025-09-28
            2025-09-27 | 1    | 2025-09-28
            2025-09-30 | 1    | 2025-10-09
            2025-10-01 | 1    | 2025-10-09
            2025-09-30 | 3    | 2025-10-11
            2025-09-30 | 4    | 2025-10-13
            2025-10-11 | 1    | 2025-10-13
            2025-12-31 | 1    | 2026-01-04
            2026-02-13 | 1    | 2026-02-14
            2026-02-14 | 1    | 2026-02-24
            2026-01-21 | 10   | 2026-02-04
        """,
    )  # Sunday 28 September, Saturday 11 October, Sunday 4 January and Saturday 14 February were worked instead


def test_past_the_known_years_monday_to_friday_count_and_it_shows(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    holds(
        home,
        date(2026, 12, 20),
        """
            after      | days | is
            2026-12-31 | 1    | 2027-01-01
            2027-01-01 | 1    | 2027-01-04
            2026-12-30 | 3    | 2027-01-04
            2028-12-28 | 1    | 2028-12-29
            2028-12-29 | 1    | None
        """,
    )
    with Night.of(home, date(2026, 12, 20)) as night:
        night.open("calendar")
        known = night.connection.execute(
            "select max(day) filter (is_known), min(day) filter (not is_known) from calendar"
        )
        assert known.fetchall() == [(date(2026, 12, 31), date(2027, 1, 1))]


@pytest.mark.parametrize(
    ("night", "uncharted"), [(date(2026, 11, 30), 0), (date(2026, 12, 1), 1), (date(2026, 12, 20), 20), (date(2027, 3, 1), 31)]
)  # fmt: skip
def test_a_month_without_a_calendar_is_a_warning(tmp_path: Path, night: date, uncharted: int) -> None:
    with Night.of(Home.at(tmp_path), night) as opened:
        opened.open("given_values", "calendar")
        assert reference.warnings(opened.connection)["calendar__reaches_a_month_ahead"] == uncharted


def test_a_home_adds_a_year_and_changes_a_day(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    days = [date(2027, 1, 1) + timedelta(days=i) for i in range(365)]
    rows = [f"{day},{int(day.weekday() < 5 and day != date(2027, 1, 1))}" for day in days]
    (home.reference / "calendar.csv").write_text("\n".join(["day,is_workday", *rows, "2026-06-12,0"]), encoding="utf-8")
    holds(
        home,
        date(2026, 12, 20),
        """
            after      | days | is
            2026-12-31 | 1    | 2027-01-04
            2026-06-11 | 1    | 2026-06-15
        """,
    )
    with Night.of(home, date(2026, 12, 20)) as opened:
        opened.open("given_values", "calendar")
        assert reference.warnings(opened.connection)["calendar__reaches_a_month_ahead"] == 0


def test_a_misspelt_parameter_and_a_standard_that_ran_out_are_warnings(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    head = "name,area_prefix,residence,value,unit,valid_from,valid_to,known_at,document\n"
    (home.reference / "parameters.csv").write_text(
        head
        + "edge_mutliple,9904,any,2,ratio,2020-01-01,,2020-01-01,\nedge_multiple,9904,any,2,ratio,2020-01-01,,2020-01-01,\n"
    )
    (home.reference / "standards.csv").write_text(head + "dibao,9904,any,800,month,2025-01-01,2025-12-31,2025-01-01,\n")
    with Night.of(home, date(2026, 1, 21)) as opened:
        opened.open("given_values", "calendar")
        assert reference.warnings(opened.connection) == {
            "calendar__reaches_a_month_ahead": 0, "values__in_force": 1, "values__known_names": 1,
            "values__residuals_in_order": 0,
        }  # fmt: skip


@pytest.mark.parametrize("case", drawn("""
    rows                                                          | warned
    residual_red 9904 urban 0.6                                   | 1
    residual_red 9904 urban 0.5                                   | 0
    residual_red 9904 urban 0.6; residual_orange 9904 any 0.6     | 0
    residual_red 9904 any 0.6; residual_orange 9904 urban 0.7     | 1
    residual_yellow 990402 any 0.4; residual_red 990403 rural 0.1 | 1
"""), ids=lambda case: case["rows"])  # fmt: skip
def test_a_line_of_red_above_that_of_orange_is_a_warning(tmp_path: Path, case: dict[str, str]) -> None:
    """The lines of all others are 0.25, 0.5 and 1; where a county has one of its own, the rest are theirs."""
    home = Home.at(tmp_path)
    rows = [f"{','.join(row.split())},ratio,2020-01-01,,2020-01-01,drawn" for row in case["rows"].split("; ")]
    head = "name,area_prefix,residence,value,unit,valid_from,valid_to,known_at,document"
    (home.reference / "parameters.csv").write_text("\n".join([head, *rows, ""]))
    with Night.of(home, date(2026, 1, 21)) as opened:
        opened.open("given_values", "calendar")
        assert str(reference.warnings(opened.connection)["values__residuals_in_order"]) == case["warned"]
