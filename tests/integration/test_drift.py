"""Drift in the made-up county: what is planted into the newest delivery is told, and a normal year tells next to nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from homes import NIGHT, copy_of

from assets import extracts
from assets.home import Home
from assets.night import Night
from assets.tables import sql_tables
from pipelines.bench import make_world
from pipelines.evaluation.nights import run_nights

PLANTED = {
    ("employment_contributions", "employer_code", "blank"): "replace (case when {one_in} 10 = 0 then null else employer_code end as employer_code)",
    ("employment_contributions", "base", "band"): "replace (base * 2 as base)",
    ("civil_affairs_members", "labour", "code"): "replace (case when {one_in} 3 = 0 then '9' else labour end as labour)",
    ("civil_affairs_members", "hukou_type", "code"): "replace (case when {one_in} 3 = 0 then '20' else hukou_type end as hukou_type)",
}  # fmt: skip


def told(home: Home) -> list[tuple[str, str, str, str, int]]:
    with Night.of(home, NIGHT) as night:
        extracts.unlock(night.connection, home.pseudonym_key())
        for name in ("feed_profile", "drift"):
            night.write(sql_tables("drift")[name])
        night.open("drift")
        return night.connection.execute(
            "select extract, column_name, measure, area, back from drift where is_told order by all"
        ).fetchall()


def plant(home: Home, extract: str, change: str) -> None:
    """Changes the newest delivery of an extract, where the night has stored it."""
    (path,) = home.root.glob(f"lake/{extract}/{NIGHT}/accepted.parquet")
    with Night.of(home, NIGHT) as night:
        night.open("deliveries")
        ((newest,),) = night.connection.execute(
            "select arg_max(delivery_no, period_from) from deliveries where is_in_force and extract = $1", [extract]
        ).fetchall()
    select = change.format(one_in=f"delivery_no = {newest} and record_no %")
    if "{one_in}" not in change:
        select = change.replace("base * 2", f"case when delivery_no = {newest} then base * 2 else base end")
    with duckdb.connect() as connection:
        connection.execute(f"copy (select * {select} from '{path}' order by all) to '{path}.new' (format parquet)")
    Path(f"{path}.new").replace(path)


def alarms(found: list[tuple[str, str, str, str, int]]) -> set[tuple[str, int]]:
    """The last twelve months of every column, each beside those before it: an alarm is an extract and a month."""
    return {(extract, back) for extract, _, _, _, back in found if back <= 12}


def test_a_normal_year_tells_once_at_most(demo: Home, tmp_path: Path) -> None:
    found = told(copy_of(demo, tmp_path / "home"))
    assert len(alarms(found)) <= 1
    assert not [row for row in found if row[-1] == 1]


@pytest.mark.slow
def test_a_normal_year_of_the_simulated_county_tells_once_at_most(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    make_world(home.root, households=600, seed=1, first_night=date(2025, 1, 21), months=12)
    run_nights(home, [NIGHT], seed=1, told=lambda said: None)
    assert len(alarms(told(home))) <= 1


def test_what_is_planted_is_told_and_nothing_else(demo: Home, tmp_path: Path) -> None:
    home = copy_of(demo, tmp_path / "home")
    for (extract, _, _), change in PLANTED.items():
        plant(home, extract, change)
    assert {row[:3] for row in told(home) if row[-1] == 1} == PLANTED.keys()


def test_the_same_night_again_tells_the_same_bytes(demo: Home, tmp_path: Path) -> None:
    home = copy_of(demo, tmp_path / "home")
    before = {name: (home.table(name, NIGHT) / "part.parquet").read_bytes() for name in ("feed_profile", "drift")}
    told(home)
    assert before == {name: (home.table(name, NIGHT) / "part.parquet").read_bytes() for name in before}
