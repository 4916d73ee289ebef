"""The additive score by example: points for what a family bears, and one cut."""

from __future__ import annotations

import duckdb
import pytest

from assets.tables import sql_table
from pipelines.evaluation.measuring import FOLDER
from tests.drawn import drawn, figure

PLAIN = {
    "members": 2, "income_now_sum": 1_800_000, "income_now_months": 3, "standard_sum": 1_200_000, "oop_year": 0,
    "severely_disabled_members": 0, "disabled_members": 0, "seriously_ill": 0, "newly_ill_members": 0,
    "tertiary_students": 0, "education_cost": 0, "elders": 0, "event_deaths": 0, "event_loss": 0,
    "is_dwelling_lost": False, "is_dwelling_damaged": False, "has_dangerous_dwelling": False,
}  # fmt: skip
"""Two people on 3,000 yuan a head and month where the standard is 1,000: no points."""


@pytest.mark.parametrize(
    "family",
    [
        pytest.param("income_now_sum | score\n 599999 | 30", id="just under the standard"),
        pytest.param("income_now_sum | score\n 600000 |", id="at the standard: half the cut"),
        pytest.param("income_now_sum | severely_disabled_members | disabled_members | score\n 899999 | 1 | 1 | 30", id="and a disability"),
        pytest.param("income_now_sum | severely_disabled_members | disabled_members | score\n 900000 | 1 | 1 |", id="a lighter income burden"),
        pytest.param("oop_year | score\n 2600000 | 30", id="a bill over the upper line alone"),
        pytest.param("oop_year | score\n 2599999 |", id="under it alone"),
        pytest.param("oop_year | seriously_ill | score\n 1000000 | 1 | 30", id="a bill and an illness"),
        pytest.param("oop_year | elders | tertiary_students | score\n 500000 | 2 | 1 | 30", id="three lighter burdens"),
        pytest.param("event_deaths | oop_year | income_now_sum | score\n 1 | 2600000 | 100 | 90", id="points add up"),
        pytest.param("income_now_sum | disabled_members | score\n | 1 |", id="an unknown income has no points"),
    ],
)  # fmt: skip
def test_points_are_added_and_cut_at_thirty(family: str) -> None:
    (row,) = drawn(family)
    score = row.pop("score")
    columns = PLAIN | {name: figure(cell) for name, cell in row.items()}
    with duckdb.connect() as connection:
        shown = ", ".join(f"{'null::bigint' if value is None else value} as {name}" for name, value in columns.items())
        connection.execute(f"create table household_profile as select 'f1' as household_no, {shown}")
        found = connection.execute(sql_table(FOLDER / "baselines" / "additive_score.sql").sql).fetchall()
    assert found == ([("f1", int(score))] if score else [])
