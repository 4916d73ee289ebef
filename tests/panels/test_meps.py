"""Real households: every hit and figure that the panel in LOWINCOME_PANEL promises. Prints counts, never a household."""

from __future__ import annotations

import csv
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from assets.home import Home
from assets.night import Night
from pipelines.running import run_night

PANEL = Path(os.environ.get("LOWINCOME_PANEL", ""))
NIGHTS = (
    sorted(
        date.fromisoformat(found[1])
        for path in (PANEL / "expected").glob("hits_*.csv")
        if (found := re.fullmatch(r"hits_(\d{4}-\d\d-\d\d)\.csv", path.name))
    )
    if os.environ.get("LOWINCOME_PANEL")
    else []
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get("LOWINCOME_PANEL"),
        reason="Set LOWINCOME_PANEL to the folder of a panel of real households (inbox/, reference/, expected/).",
    ),
]

HALF_A_CENT = Fraction(1, 2)
_FIGURES = {
    "n": "members",
    "n_before": "members_before",
    "size_changed": "members_changed",
    "y": "income_year_sum, income_year_months",
    "o": "oop_year",
    "b": "income_before_sum, income_before_months",
    "c": "income_now_sum, income_now_months",
}


def read(name: str) -> list[dict[str, str]]:
    with (PANEL / "expected" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Every night of the panel run in the order of their dates. Each keeps its own tables."""
    home = Home.at(tmp_path_factory.mktemp("panel") / "home")
    for folder in ("inbox", "reference"):
        for path in (PANEL / folder).rglob("*"):
            if path.is_file():
                target = home.root / folder / path.relative_to(PANEL / folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    for night in NIGHTS:
        run_night(home, night)
    return home


@pytest.fixture(params=NIGHTS, ids=str)
def night(request: pytest.FixtureRequest, home: Home) -> Iterator[Night]:
    with Night.of(home, request.param) as night:
        yield night


def judged_rules(night: Night) -> list[str]:
    return sorted({row["rule"] for row in read("counts.csv") if row["as_of"] == night.as_of.isoformat()})


def hits(night: Night) -> set[tuple[str, str, int]]:
    """(household, rule, level) of every hit of the rules that are judged this night."""
    night.open("hits")
    rows = night.connection.execute(
        "select household_no, rule, level from hits where rule in (select unnest($1::varchar[]))", [judged_rules(night)]
    ).fetchall()
    found = set(rows)
    assert len(found) == len(rows), f"{len(rows) - len(found)} hits stand twice"
    return found


def test_there_are_nights_to_run() -> None:
    assert NIGHTS, "LOWINCOME_PANEL holds no expected/hits_<as_of>.csv"
    assert {row["as_of"] for row in read("counts.csv")} == {night.isoformat() for night in NIGHTS}


def test_every_household_hits_what_it_must_and_nothing_else(night: Night) -> None:
    wanted = {(r["household_no"], r["rule"], int(r["level"])) for r in read(f"hits_{night.as_of}.csv")}
    assert {rule for _, rule, _ in wanted} <= set(judged_rules(night))
    got = hits(night)
    missing = Counter((rule, level) for _, rule, level in wanted - got)
    surplus = Counter((rule, level) for _, rule, level in got - wanted)
    assert not missing, f"missing by rule and level: {dict(missing)}"
    assert not surplus, f"too many by rule and level: {dict(surplus)}"


def test_the_counts_by_rule_and_level_are_the_promised_ones(night: Night) -> None:
    counted = Counter((rule, level) for _, rule, level in hits(night))
    promised = {
        (row["rule"], int(row["level"])): int(row["households"])
        for row in read("counts.csv")
        if row["as_of"] == night.as_of.isoformat() and row["level"]
    }
    none = {
        row["rule"]
        for row in read("counts.csv")
        if row["as_of"] == night.as_of.isoformat() and not row["level"] and int(row["households"]) == 0
    }
    assert {key: count for key, count in counted.items() if count} == {k: n for k, n in promised.items() if n}
    assert not [rule for rule, _ in counted if rule in none]


def test_the_figures_behind_the_hits_are_right_to_the_cent(night: Night) -> None:
    rows = read(f"households_{night.as_of}.csv")
    night.open("household_profile")
    wanted = [name for name in _FIGURES if name in rows[0]]
    columns = [column for name in wanted for column in _FIGURES[name].split(", ")]
    answer = night.connection.execute(f"select household_no, {', '.join(columns)} from household_profile").fetchall()
    profile = {row[0]: dict(zip(columns, row[1:], strict=True)) for row in answer}
    assert len(profile) == len(answer), f"{len(answer) - len(profile)} households stand twice"
    assert len(profile.keys() & {row["household_no"] for row in rows}) == len(rows)
    wrong = Counter(
        name
        for row in rows
        for name in wanted
        if row[name] != "" and not _agrees(name, row[name], profile[row["household_no"]])
    )
    assert not wrong, f"households with another figure: {dict(wrong)}"


def _agrees(name: str, text: str, profile: dict[str, Any]) -> bool:
    if name == "size_changed":
        return bool(profile["members_changed"] is (text in ("yes", "是", "true")))
    if name in ("n", "n_before"):
        return bool(profile[_FIGURES[name]] == int(text))
    return bool(abs(_fen(name, profile) - Fraction(text) * 100) <= HALF_A_CENT)


def _fen(name: str, profile: dict[str, Any]) -> Fraction:
    """A figure in fen, exactly: what the profile keeps is a sum and how many months it stands for."""
    if name == "o":
        return Fraction(profile["oop_year"])
    total, months = (profile[column] for column in _FIGURES[name].split(", "))
    return Fraction(total) / months
