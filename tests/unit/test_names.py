"""What a file's name says, and names that say nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from drawn import drawn
from hypothesis import given
from hypothesis import strategies as st

from assets.intake.names import parse, period_bounds

GOOD = """
    name                                           | extract            | period   | from       | to         | seq | suffix
    health_settlements_990402_202601_01.csv        | health_settlements | 202601   | 2026-01-01 | 2026-01-31 | 1   | csv
    health_settlements_990402_20260110_12.csv      | health_settlements | 20260110 | 2026-01-10 | 2026-01-10 | 12  | csv
    education_students_990402_2026S1_99.xlsx       | education_students | 2026S1   | 2026-02-01 | 2026-07-31 | 99  | xlsx
    education_students_990402_2025S2_02.parquet    | education_students | 2025S2   | 2025-08-01 | 2026-01-31 | 2   | parquet
    Health_Settlements_990402_202402_01.CSV        | health_settlements | 202402   | 2024-02-01 | 2024-02-29 | 1   | csv
    education_students_990402_2026s1_01.csv        | education_students | 2026S1   | 2026-02-01 | 2026-07-31 | 1   | csv
    health_settlements_990402_202612_01.csv        | health_settlements | 202612   | 2026-12-01 | 2026-12-31 | 1   | csv
    health_settlements_990402_999912_01.csv        | health_settlements | 999912   | 9999-12-01 | 9999-12-31 | 1   | csv
    health_settlements_990402_99991231_01.csv      | health_settlements | 99991231 | 9999-12-31 | 9999-12-31 | 1   | csv
"""


@pytest.mark.parametrize("case", drawn(GOOD), ids=lambda case: case["name"])
def test_a_name_that_follows_the_form(case: dict[str, str]) -> None:
    name = parse(case["name"])
    assert name is not None
    said = [
        name.extract,
        name.period,
        name.period_from.isoformat(),
        name.period_to.isoformat(),
        str(name.seq),
        name.suffix,
    ]
    assert said == [case[key] for key in ("extract", "period", "from", "to", "seq", "suffix")]
    assert name.area6 == "990402"


@pytest.mark.parametrize(
    "name",
    [
        "", "csv", ".csv", "health_settlements.csv", "health_settlements_990402_202601.csv",
        "health_settlements_990402_202601_1.csv", "health_settlements_990402_202601_001.csv",
        "health_settlements_990402_202601_00.csv",  # seq is 01 to 99
        "health_settlements_990402_202613_01.csv", "health_settlements_990402_202600_01.csv",
        "health_settlements_990402_20260230_01.csv", "health_settlements_990402_2026S3_01.csv",
        "health_settlements_990402_000001_01.csv", "health_settlements_990402_9999S2_01.csv", "health_settlements_990402_2026_01.csv",
        "health_settlements_99040_202601_01.csv", "health_settlements_9904021_202601_01.csv",
        "health_settlements_９９０４０２_202601_01.csv", "health_settlements_990402_２０２６０１_01.csv",
        "health_settlements_990402_202601_０１.csv", "health_ſettlements_990402_202601_01.csv",
        "health_settlements_990402_202601_01.xls", "health_settlements_990402_202601_01.csv.gz",
        "health_settlements_990402_202601_01.csv ", "health_settlements_990402_202601_01.csv\n",
        " health_settlements_990402_202601_01.csv", "health_settlements_990402_202601_01 (1).csv",
        "副本health_settlements_990402_202601_01.csv", "../health_settlements_990402_202601_01.csv",
        "health__settlements_990402_202601_01.csv", "_990402_202601_01.csv", "a';drop table x;--_990402_202601_01.csv",
        "health_settlements_990402_202601_01.csv.manifest.json",
    ],
)  # fmt: skip
def test_a_name_that_does_not(name: str) -> None:
    assert parse(name) is None


@given(st.text(max_size=60) | st.from_regex(r"\A[a-z_]{1,20}_\d{6}_(\d{4}S\d|\d{6}|\d{8})_\d\d\.(csv|xlsx|parquet)\Z"))
def test_no_name_whatever_raises(name: str) -> None:
    said = parse(name)
    assert said is None or (name.isascii() and said.period_from <= said.period_to)


@given(st.dates(date(1900, 1, 1), date(2999, 1, 1)))
def test_a_month_runs_from_its_first_to_its_last_day(day: date) -> None:
    first, last = period_bounds(f"{day:%Y%m}")
    assert (first.day, (last + timedelta(days=1)).day) == (1, 1)
    assert first <= day <= last
