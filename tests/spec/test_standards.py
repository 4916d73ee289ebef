"""Dated standards at work in a night: which row a family's month takes, and what a later row leaves as it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.spec.county import STANDARDS, County

HEAD = STANDARDS.splitlines()[0] + "\n"
FAMILY = "household | person\n family | Li"


def test_a_yearly_rural_standard_that_rises_counts_month_by_month(tmp_path: Path, quick: None) -> None:
    """The night is of January 2026: seven months of 7,200 a year and five of 8,400 are 7,700; today's is 8,400 / 12."""
    county = County.at(
        tmp_path,
        HEAD
        + """dibao,990402,rural,7200,year,2024-01-01,2025-07-31,2024-01-01,drawn
dibao,990402,rural,8400,year,2025-08-01,,2025-07-01,drawn
""",
    )
    county.receive(members="household | person | hukou_type\n family | Li | 2").work_out().profile(
        "household | standard | standard_year | standard_since\n family | 700 | 7700 | 2025-08-01"
    )


def test_n_times_the_sum_of_the_months_is_what_income_is_held_against(tmp_path: Path, quick: None) -> None:
    """Three members: 3 × (6 × 800 + 6 × 900) = 30,600. MED-IMPOVERISH: Y − O under it, Y not."""
    county = County.at(
        tmp_path,
        HEAD
        + """dibao,990402,urban,800,month,2024-01-01,2025-06-30,2024-01-01,drawn
dibao,990402,urban,900,month,2025-07-01,,2025-06-01,drawn
""",
    )
    night = county.receive(
        members="""
            household | person
            just over | a1
            just over | a2
            just over | a3
            too poor  | b1
            too poor  | b2
            too poor  | b3
        """,
        wages="person | pay_month | base\n a1 | t-24..t-1 | 2550\n b1 | t-24..t-1 | 2549",
        settlements="person | settled_at | total\n a1 | t-2 | 100\n b1 | t-2 | 100",
    ).judge()
    assert night.levels("MED-IMPOVERISH") == {"just over": {"MED-IMPOVERISH": 3}}


def test_a_correction_holds_for_its_own_days_from_the_night_that_knows_it(tmp_path: Path, quick: None) -> None:
    """800 was written, 810 was meant: told in December for the whole of 2025, and from January 900 is valid."""
    county = County.at(
        tmp_path,
        HEAD
        + """dibao,990402,any,800,month,2025-01-01,,2025-01-01,drawn
dibao,990402,any,810,month,2025-01-01,2025-12-31,2025-12-10,drawn
dibao,990402,any,900,month,2026-01-01,,2025-11-20,drawn
""",
    )
    county.receive(date(2025, 12, 5), members=FAMILY)
    before = date(2025, 12, 9), date(2025, 12, 10), date(2026, 2, 21)
    found = [county.work_out(night).of("household_profile")["family"] for night in before]
    assert [row["standard_sum"] for row in found] == [9600_00, 9720_00, 10800_00]
    assert found[2]["standard_year_sum"] == (11 * 810 + 900) * 12 * 100


def test_a_night_worked_out_again_does_not_know_what_became_known_later(tmp_path: Path, quick: None) -> None:
    first = "dibao,990402,any,800,month,2025-01-01,,2025-01-01,drawn\n"
    county = County.at(tmp_path, HEAD + first)
    county.receive(members=FAMILY, wages="person | pay_month | base\n Li | t-24..t-4 | 890\n Li | t-3..t-1 | 850")
    then = county.judge()
    (county.home.reference / "standards.csv").write_text(
        HEAD + first + "dibao,990402,any,900,month,2025-12-01,,2026-01-25,drawn\n", encoding="utf-8"
    )
    again = county.judge()
    assert (
        then.tables["household_profile"] == again.tables["household_profile"]
        and then.tables["hits"] == again.tables["hits"]
    )
    assert again.levels("INC-BELOW") == {}
    county.judge(date(2026, 1, 26)).profile("household | standard | standard_year\n family | 900 | 9700")


def test_residence_before_any_and_both_before_a_shorter_prefix(tmp_path: Path, quick: None) -> None:
    county = County.at(
        tmp_path,
        HEAD
        + """dibao,99,rural,500,month,2024-01-01,,2024-01-01,drawn
dibao,9904,any,600,month,2024-01-01,,2024-01-01,drawn
dibao,9904,urban,650,month,2024-01-01,,2024-01-01,drawn
dibao,990403,any,700,month,2024-01-01,,2024-01-01,drawn
""",
    )
    county.receive(
        members="""
            household     | person | hukou_type | area12
            city, urban   | a      | 1          | 990402001001
            city, rural   | b      | 2          | 990402001001
            county, urban | c      | 1          | 990403001001
        """
    ).work_out().profile("household | standard\n city, urban | 650\n city, rural | 600\n county, urban | 700")


def test_standards_that_no_rule_names_yet_are_in_the_settings(tmp_path: Path, quick: None) -> None:
    """Education aid of 10,000 a school year and 1,882 a month are both amounts a year."""
    county = County.at(tmp_path, HEAD)
    county.receive(members="household | person | area12\n family | Li | 370402001001")
    with county._night(county.night) as night:
        night.open("settings")
        rows = night.connection.execute(
            "select name, any_value(unit), any_value(value)::integer from settings where back = 1 "
            "and name in ('orphan', 'orphan_education', 'unattended_child') group by name order by name"
        ).fetchall()
    assert rows == [("orphan", "month", 1882 * 1200), ("orphan_education", "year", 1_000_000),
                    ("unattended_child", "month", 1332 * 1200)]  # fmt: skip
