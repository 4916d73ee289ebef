"""Spark as the scheduler of household buckets: the tables are those of the plain loop, row by row."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from bucketed import BUCKETED, differing_tables, tables
from homes import NIGHT, copy_of

from assets import extracts
from assets.home import Home, Refusal
from assets.night import Night, panel_tables
from assets.scheduling import scheduler

pytest.importorskip("pyspark")
pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="Spark wants Java 17")


@pytest.fixture
def home(demo: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The county, its households in three buckets."""
    monkeypatch.setenv("LOWINCOME_BUCKETS", "3")
    with Night.of(copy_of(demo, tmp_path / "home"), NIGHT) as night:
        night.write_panel(next(table for table in panel_tables() if table.name == "households"))
        return night.home


@pytest.fixture
def work_out(home: Home, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def by(master: str, *names: str) -> None:
        monkeypatch.setenv("LOWINCOME_SPARK", master)
        for name in names:
            with Night.of(home, NIGHT, scheduler()) as night:
                extracts.unlock(night.connection, home.pseudonym_key())
                getattr(night, f"write_{name}")()

    return by


def test_spark_works_out_the_very_rows_of_the_plain_loop_and_keeps_to_itself_what_it_fails_on(
    home: Home, work_out: Callable[..., None], tmp_path: Path
) -> None:
    """One test, because a session of Spark takes longer than all that is done in it."""
    work_out("", *BUCKETED)
    plain = tables(home, NIGHT, tmp_path / "plain")
    work_out("local[2]", *BUCKETED)
    spark = tables(home, NIGHT, tmp_path / "spark")
    assert {"household_months", "household_profile", "hits", "facts household_members"} < plain.keys() == spark.keys()
    assert not differing_tables(plain, spark)
    assert not list((home.root / "lake").rglob(".*"))

    damage(home, "health_settlements", "is_refund", "eleven")
    with pytest.raises(Refusal, match=r"^Spark gave up: ConversionException at assets/night.py:\d+$"):
        work_out("local[2]", "household_months")


def damage(home: Home, extract: str, column: str, text: str) -> None:
    """Facts that hold text where something else belongs."""
    path = next((home.table("facts", NIGHT) / extract).rglob("*.parquet"))
    rows = f"select * replace ('{text}' as {column}) from read_parquet('{path}', hive_partitioning = false)"
    with duckdb.connect() as connection:
        connection.execute(f"copy ({rows}) to '{path}.new' (format parquet)")
    Path(f"{path}.new").replace(path)
