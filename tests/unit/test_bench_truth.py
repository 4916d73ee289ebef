"""What the simulated county writes: files in their places and on their days, and a truth that shocks move."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from expectations.contract import contracts
from pipelines.bench import budget, make_world
from pipelines.bench.living import World
from pipelines.bench.loans import instalments
from pipelines.bench.parameters import value
from pipelines.bench.world import lived
from pipelines.sample.families import Living
from pipelines.sample.months import HISTORY, month_of

FIRST_NIGHT = date(2025, 10, 21)
HOUSEHOLDS, MONTHS, YEAR = 200, 4, 12
FILE_NAME = re.compile(r"([a-z_]+)_370402_(\d{6}|\d{8}|\d{4}S[12])_(\d{2})\.(csv|xlsx|parquet)")
FALLS_HARD = 0.3  # of what the household lives on


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("world")
    make_world(home, HOUSEHOLDS, 7, FIRST_NIGHT, MONTHS)
    return home


@cache
def county() -> World:
    return lived(2500, 11, FIRST_NIGHT, YEAR)


def truth(home: Path, table: str) -> list[dict[str, str]]:
    with (home / "truth" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_every_file_has_a_name_and_place_by_contract(home: Path) -> None:
    for path in [*files(home / "inbox"), *files(home / "later")]:
        match = FILE_NAME.fullmatch(path.name)
        assert match and path.parent.name == contracts()[match[1]].folder, path.name


def test_later_days_lie_between_the_first_night_and_the_end(home: Path) -> None:
    days = [date.fromisoformat(path.name) for path in (home / "later").iterdir()]
    assert min(days) > FIRST_NIGHT
    assert max(days) <= FIRST_NIGHT + timedelta(days=31 * MONTHS)
    assert len({day.replace(day=1) for day in days}) >= MONTHS


def test_no_file_comes_before_what_it_tells_of(home: Path) -> None:
    for folder in (home / "later").iterdir():
        for path in files(folder):
            if re.fullmatch(r"\d{8}", period := path.name.split("_370402_")[1].split("_")[0]):
                assert f"{period[:4]}-{period[4:6]}-{period[6:]}" <= folder.name, path.name


def test_spells_of_a_family_do_not_overlap(home: Path) -> None:
    spells = sorted((r["household_no"], r["from_day"], r["to_day"] or "9999") for r in truth(home, "need"))
    assert spells
    assert all(a[0] != b[0] or a[2] < b[1] for a, b in pairwise(spells))
    assert all(first <= last for _, first, last in spells)


def test_a_cause_is_a_shock_of_that_family_and_comes_first(home: Path) -> None:
    shocks = {(row["household_no"], row["happened_on"], row["cause"]) for row in truth(home, "shocks")}
    told = [row for row in truth(home, "need") if row["shock_on"]]
    assert told
    for row in told:
        assert (row["household_no"], row["shock_on"], row["cause"]) in shocks
        assert row["shock_on"] <= row["from_day"]


def test_shocks_are_seen_by_extracts(home: Path) -> None:
    seen = {extract for row in truth(home, "shocks") for extract in row["seen_by"].split(";") if extract}
    assert len(seen) > 5
    assert seen <= set(contracts())


def _needy(world: World) -> np.ndarray:
    needy = np.zeros((len(world.county.households), world.months), dtype=bool)
    for spell in budget.spells(world):
        if spell.kind == budget.NEED:
            needy[spell.household, spell.first : spell.last + 1] = True
    return needy


@pytest.mark.slow
def test_a_hard_fall_brings_need_far_more_often_than_a_year_without_one() -> None:
    world = county()
    needy = _needy(world)
    falls = [
        (shock.household, month_of(shock.on) - world.county.start)
        for shock in world.shocks
        if shock.kind in ("job_loss", "arrears", "migrant_return", "cancer", "stroke") and shock.severity > FALLS_HARD
    ]
    falls = [(home, i) for home, i in falls if i <= HISTORY and not needy[home, max(0, i - 1)]]
    after = np.mean([needy[home, i : i + YEAR].any() for home, i in falls])
    hit = {home for home, _ in falls}
    spared = [home for home in range(len(needy)) if home not in hit and not needy[home, :YEAR].any()]
    otherwise = needy[spared, YEAR : 2 * YEAR].any(axis=1).mean()
    assert 0.03 < after < 0.6, "savings and kin carry most families, not all"
    assert after > 4 * otherwise


def test_the_share_in_need_does_not_run_away() -> None:
    of_month = _needy(county()).mean(axis=0)
    assert 0.004 < of_month[YEAR : 2 * YEAR].mean() < 0.05
    assert of_month[-YEAR:].mean() < 2.5 * of_month[YEAR : 2 * YEAR].mean()


@pytest.mark.slow
def test_nobody_keeps_house_alone_on_nothing() -> None:
    homes = county().county.households
    assert not [home for home in homes if [member.living for member in home.family.members] == [Living.AT_HOME]]


def test_instalments_fall_on_the_published_share_and_leave_enough_to_live_on() -> None:
    world = county()
    has, needs = budget.income(world)[:, :YEAR].mean(axis=1), budget.basic_needs(world)[:, 0]
    owed = instalments(world, has, needs)
    is_urban = np.array([not home.family.is_rural for home in world.county.households])
    assert (owed[is_urban] > 0).mean() == pytest.approx(value("loan_share_urban"), abs=0.08)
    assert (owed[owed > 0] / has[owed > 0]).mean() == pytest.approx(value("loan_service"), abs=0.05)
    assert (has - owed >= needs)[owed > 0].all()
