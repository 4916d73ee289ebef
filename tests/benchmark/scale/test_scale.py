"""The core job at a size that CI can bear: equal rows, and no ratio worse by half than the one that was written down."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pytest

from tests.benchmark.held import worse_by_half
from tests.benchmark.scale import measuring, page, ratios
from tests.benchmark.scale.county import write_county
from tests.benchmark.scale.programs import Program


def test_no_ratio_got_worse_by_half(tmp_path: Path) -> None:
    """All answers are compared row by row on the way."""
    assert not worse_by_half(ratios.FILE, ratios.measured, tmp_path)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county") / "made"
    write_county(folder, 2_600)
    return folder


def test_the_county_is_the_same_every_time_and_skewed_as_people_are(county: Path, tmp_path: Path) -> None:
    write_county(tmp_path / "again", 2_600)
    with duckdb.connect() as connection:
        for extract in ("income", "settlements"):
            files, again = (f"read_parquet('{at}/{extract}/*.parquet')" for at in (county, tmp_path / "again"))
            assert connection.execute(f"select count(*) from (from {files} except all from {again})").fetchall() == [
                (0,)
            ]
        rows = {extract: connection.execute(f"select count(*) from '{county}/{extract}/*.parquet'").fetchall()[0][0]
                for extract in ("income", "settlements")}  # fmt: skip
        assert 12 <= rows["income"] / 2_600 <= 16 and 8 <= rows["settlements"] / 2_600 <= 12
        (unknown,) = connection.execute(
            f"select avg((amount is null)::integer) from '{county}/income/*.parquet'"
        ).fetchall()
        assert 0.005 < unknown[0] < 0.03
        households = connection.execute(f"select count(*) from '{county}/households.parquet'").fetchall()[0][0]
        assert households == 1_000


def test_an_answer_that_differs_in_one_fen_is_seen(county: Path, tmp_path: Path) -> None:
    from tests.benchmark.scale.core import with_duckdb

    ours, theirs = tmp_path / "ours.parquet", tmp_path / "theirs.parquet"
    with_duckdb.main(str(county), str(ours), "raw")
    assert measuring.rows_that_differ(str(ours), str(ours)) == 0
    duckdb.sql(f"""copy (
        select * replace (oop_year + (row_number() over (order by household_id) = 1)::bigint as oop_year) from '{ours}'
    ) to '{theirs}'""")
    assert measuring.rows_that_differ(str(ours), str(theirs)) == 2


def test_the_cost_of_a_program_is_that_of_its_children_too(tmp_path: Path) -> None:
    """A child that holds 200 MB and works: its parent did next to nothing."""
    child = "x = bytearray(200_000_000); sum(range(10_000_000))"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True); print('{{\"cpu\": 1}}')"
    spent, says = measuring.spent_by([sys.executable, "-c", parent], tmp_path / "log")
    assert says == {"cpu": 1}
    assert spent.peak > 200_000_000
    assert spent.cpu > 0.1


def test_a_section_is_exchanged_and_the_rest_stays(tmp_path: Path) -> None:
    target = tmp_path / "scale.md"
    page.write_section(target, "core job", "first")
    page.write_section(target, "whole night", "the night")
    page.write_section(target, "core job", "second")
    text = target.read_text()
    assert text.count("core job: written") == 1 and "first" not in text
    assert text.index("second") < text.index("the night")


def test_the_page_says_which_goal_is_missed(tmp_path: Path) -> None:
    def spent(seconds: float) -> measuring.Spent:
        return measuring.Spent(seconds, seconds, 100_000_000)

    page.keep(tmp_path, page.START, {"scan": spent(0.1), "raw": spent(0.1), "pandas": spent(0.5)})
    page.keep(tmp_path, 1_000_000, {"scan": spent(1.1), "raw": spent(2.1), "pandas": spent(10.5)})
    lines = page.write(tmp_path).read_text().splitlines()
    by_scan, by_pandas = (line for line in lines if line.startswith("| 1,000,000 |"))
    assert by_scan.endswith("| ≤ 3.5 | 1.9 | 1.9 | 2.0 | yes |")
    assert by_pandas.endswith("| ≥ 6 | 5.0 | 5.0 | 5.0 | no |")
    assert {path.name for path in (tmp_path / "scale").iterdir()} == {"core_job.csv", "cost.svg", "memory.svg"}


def test_a_program_whose_engine_is_missing_is_left_out() -> None:
    assert not Program("none", "no such engine", "with_none.py", needs="no_such_engine").is_installed
