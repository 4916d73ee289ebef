"""Grid workers' own reports: whose family it is, how long a report speaks, and how grave it is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.spec.county import NIGHT, County
from tests.spec.judging import hits, judged, profile_row, settings

MEMBERS = "household | person\n 1 | a\n 2 | b\n 3 | c"


def test_report() -> None:
    hits("REPORT", """
        household | reports | urgent_reports | is_report_urgent | report_matter | reported_on | hit
        nobody    | 0       | 0              | false            |               |             |
        ordinary  | 1       | 0              | false            | 重大疾病      | 2026-01-05  | 2
        urgent    | 2       | 1              | true             | 因灾          | 2026-01-05  | 3
    """)  # fmt: skip


def test_the_sentence_names_matter_and_day_and_no_reporter() -> None:
    cells = {"reports": "1", "urgent_reports": "1", "is_report_urgent": "true", "report_matter": "因灾"}
    row = profile_row(cells, household_no="1") | {"reported_on": date(2026, 1, 5)}
    assert [hit["reason"] for hit in judged([row], settings(), "REPORT")] == ["网格员 2026-01-05 上报：因灾（紧急）"]


@pytest.mark.parametrize(("ago", "fires"), [(-1, False), (0, True), (91, True), (92, False)])
def test_a_report_speaks_for_92_days(county: County, ago: int, fires: bool) -> None:
    night = county.receive(
        members=MEMBERS, reports=f"report_no | household | reported_on\n x | 1 | night{-ago:+d}".replace("+", "")
    ).judge()
    assert night.levels("REPORT") == ({"1": {"REPORT": 2}} if fires else {})


def test_whose_family_a_report_is_of(county: County) -> None:
    """The number goes before the person; who knows neither has a family of its own, one for each unknown number."""
    night = county.receive(
        members=MEMBERS,
        reports="""
            report_no | household | person | grid_code        | urgency | matter | reported_on
            r1        | 1         |        | 99040200100101   | 2       | 1      | night-9
            r2        |           | b      | 99040200100101   | 1       | 2      | night-8
            r3        | 3         | b      | 99040200100101   | 2       | 3      | night-7
            r4        | unheard   |        | 99040200200102   | 2       | 4      | night-6
            r5        | unheard   |        | 99040200200102   | 1       | 5      | night-9
            r6        |           |        | 99040200200103   |         | 6      | night-4
            r6        |           |        | 99040200200104   | 1       | 9      | night-3
            r7        |           | d      | 99040200200104   | 1       | 9      | night-3
            r8        |           |        | grid 7           | 2       | 9      | night-2
        """,
    ).judge()
    assert night.levels("REPORT") == {
        "1": {"REPORT": 2}, "2": {"REPORT": 3}, "3": {"REPORT": 2}, "(alone)": {"REPORT": 2},
    }  # fmt: skip
    lone = sorted(night.tables["lone_reports"], key=lambda row: (row["household_no"], row["grid_code"]))
    assert [(row["household_no"], row["area12"], row["level"], row["reason"]) for row in lone] == [
        ("unheard", "990402002001", 2, "网格员 2026-01-12 上报：失学（紧急）"),
        ("报r6", "990402002001", 2, "网格员 2026-01-17 上报：照料缺失"),
        ("报r6", "990402002001", 2, "网格员 2026-01-18 上报：其他（紧急）"),
        ("报r8", "990402000000", 2, "网格员 2026-01-19 上报：其他"),
    ]
    assert len({row["household_id"] for row in lone}) == 4


def test_of_several_reports_the_urgent_one_speaks_then_the_newest(county: County) -> None:
    county.receive(
        members=MEMBERS,
        reports="""
            report_no | household | urgency | matter | reported_on
            r1        | 1         | 1       | 1      | night-9
            r2        | 1         | 2       | 2      | night-1
            r3        | 2         | 2       | 3      | night-9
            r4        | 2         |         | 4      | night-1
        """,
    ).work_out().profile(
        """
            household | reports | urgent_reports | report_matter | reported_on
            1         | 2       | 1              | 收入骤减      | 2026-01-12
            2         | 2       | 0              | 因灾          | 2026-01-20
            3         | 0       | 0              |               |
        """
    )


def test_a_report_taken_back_says_nothing(county: County) -> None:
    county.receive(
        members=MEMBERS, reports="report_no | household | reported_on\n r1 | 1 | night-9\n r2 | lost | night-9"
    )
    first = county.judge()
    assert first.levels("REPORT") == {"1": {"REPORT": 2}} and len(first.tables["lone_reports"]) == 1
    later = NIGHT + timedelta(days=1)
    county.receive(
        later, reports="report_no | household | reported_on | op\n r1 | 1 | 2026-01-12 | D\n r2 | lost | 2026-01-12 | D"
    )
    second = county.judge(later)
    assert second.levels("REPORT") == {} and second.tables["lone_reports"] == []
