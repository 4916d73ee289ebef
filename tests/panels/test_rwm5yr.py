"""A real panel of incomes through whole nights: every fall, and no other, household by household. Prints counts alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from assets.home import Home
from assets.night import Night
from pipelines.running import run_night
from tests.panels import by_pandas, page, rwm5yr
from tests.panels.frames import needs_installed

pytestmark = needs_installed

RULES = ["INC-DROP", "INC-BELOW", "INC-EDGE"]
LAST = max(rwm5yr.NIGHTS)
HEADS = {
    "halved": ("INC-DROP", 2),
    "lost a quarter": ("INC-DROP", 1),
    "fell below 1,000": ("INC-BELOW", 3),
    "fell below 1,500": ("INC-EDGE", 2),
}

Hit = tuple[str, int, str, int]  # household_no, wave, rule, level


def few() -> pd.DataFrame:
    """Some three hundred of those asked."""
    asked = rwm5yr.panel()
    return asked[asked["id"] % 20 == 0]


def wanted(asked: pd.DataFrame) -> set[Hit]:
    found = by_pandas.income_hits(by_pandas.judged(asked), standard=rwm5yr.STANDARD * 100)
    return {(rwm5yr.household_no(person), wave, rule, level) for person, wave, rule, level in found}


def hits(home: Home, *nights: date) -> list[Hit]:
    found = []
    for as_of in nights:
        with Night.of(home, as_of) as night:
            night.open("hits")
            rows = night.connection.execute(
                "select household_no, rule, level from hits where rule in (select unnest($1::varchar[]))", [RULES]
            ).fetchall()
            found += [(household_no, rwm5yr.NIGHTS[as_of], rule, level) for household_no, rule, level in rows]
    return found


def figures(home: Home, as_of: date) -> dict[str, tuple[Fraction, Fraction]]:
    """Income now and before, in pfennigs, of every household of which both are known."""
    with Night.of(home, as_of) as night:
        night.open("household_profile")
        rows = night.connection.execute(
            "select household_no, income_now_sum, income_now_months, income_before_sum, income_before_months "
            "from household_profile where income_now_sum is not null and income_before_sum is not null"
        ).fetchall()
    return {name: (Fraction(now, n), Fraction(before, b)) for name, now, n, before, b in rows}


def counted(rows: Iterable[Hit]) -> dict[tuple[int, str, int], int]:
    """What a failing test may print: how many, by wave, rule and level."""
    return dict(Counter(row[1:] for row in rows))


def test_what_is_known_of_the_panel_holds_of_the_reference() -> None:
    """174 of 8,505 have less than half of what was usual; ours adds the 12 who have half to the pfennig."""
    waves = by_pandas.judged(rwm5yr.panel())
    halved, under, at = by_pandas.fallen(waves, 0.5), by_pandas.under_half(waves), by_pandas.at_half(waves)
    assert (len(waves), under.sum(), at.sum(), halved.sum()) == (8505, 174, 12, 186)
    assert int((halved != (under | at)).sum()) == 0


def test_the_page_says_what_the_panel_has() -> None:
    asked = rwm5yr.panel()
    waves = asked.groupby("id")["year"].agg(["min", "max"])
    has = {
        "persons asked": waves.shape[0],
        "answers": asked.shape[0],
        "answers of no income": (asked["income"] == 0).sum(),
        "answers of an income below nothing": (asked["income"] < 0).sum(),
        "persons not asked in a wave between two": by_pandas.silent_between(asked),
        "persons first asked after 1984": (waves["min"] > 1984).sum(),
        "persons last asked before 1988": (waves["max"] < 1988).sum(),
    }
    assert {row["of rwm5yr"]: int(row["count"]) for row in page.rows("What rwm5yr has")} == has


def test_the_page_says_what_the_reference_finds() -> None:
    waves = by_pandas.judged(rwm5yr.panel())
    found = counted(wanted(rwm5yr.panel()))
    must = [
        {"wave": str(year), "night": str(night), "judged": str((waves["year"] == year).sum())}
        | {"of these under half": str((by_pandas.under_half(waves) & (waves["year"] == year)).sum())}
        | {head: str(found[year, *rule]) for head, rule in HEADS.items()}
        for night, year in rwm5yr.NIGHTS.items()
    ]
    table = page.rows("Falls of income in rwm5yr")
    assert [{head: row[head] for head in must[0]} for row in table[:-1]] == must
    assert table[-1] == {"wave": "all", "night": ""} | {
        head: str(sum(int(row[head]) for row in must)) for head in must[0] if head not in ("wave", "night")
    }


@pytest.mark.slow
def test_some_three_hundred_persons_fall_as_they_must(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    rwm5yr.lay_reference(home)
    rwm5yr.deliver(home, few(), LAST, since=rwm5yr.FIRST)
    run_night(home, LAST)
    must, found = {hit for hit in wanted(few()) if hit[1] == rwm5yr.NIGHTS[LAST]}, hits(home, LAST)
    assert {(rule, level) for _, rule, level in counted(must)} == set(HEADS.values())
    assert counted(must - set(found)) == {}
    assert counted(Counter(found) - Counter(must)) == {}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The whole panel, each night with the waves that are new by then."""
    home = Home.at(tmp_path_factory.mktemp("rwm5yr") / "home")
    rwm5yr.lay_reference(home)
    since = rwm5yr.FIRST
    for night, wave in rwm5yr.NIGHTS.items():
        rwm5yr.deliver(home, rwm5yr.panel(), night, since)
        run_night(home, night)
        since = wave + 1
    return home


@pytest.mark.slow
def test_every_household_falls_as_it_must_and_no_other(home: Home) -> None:
    must, found = wanted(rwm5yr.panel()), hits(home, *rwm5yr.NIGHTS)
    assert counted(must - set(found)) == {}
    assert counted(Counter(found) - Counter(must)) == {}


@pytest.mark.slow
def test_the_nights_come_to_174_of_8505_and_the_12_at_half(home: Home) -> None:
    judged = [pair for night in rwm5yr.NIGHTS for pair in figures(home, night).values()]
    under = sum(2 * now < before for now, before in judged)
    at = sum(2 * now == before for now, before in judged)
    assert (len(judged), under, at) == (8505, 174, 12)
    assert sum(hit[2:] == ("INC-DROP", 2) for hit in hits(home, *rwm5yr.NIGHTS)) == under + at


@pytest.mark.slow
@pytest.mark.parametrize("night", rwm5yr.NIGHTS, ids=str)
def test_the_figures_behind_the_hits_are_right_to_the_pfennig(home: Home, night: date) -> None:
    waves = by_pandas.judged(rwm5yr.panel())
    rows = waves.loc[waves["year"] == rwm5yr.NIGHTS[night], ["id", "income", "before"]].itertuples(index=False)
    must = {rwm5yr.household_no(person): (Fraction(income), Fraction(before)) for person, income, before in rows}
    found = figures(home, night)
    assert len(found.keys() ^ must.keys()) == 0, "households judged"
    assert sum(found[name] != pair for name, pair in must.items()) == 0, "households with another figure"


@pytest.mark.slow
@pytest.mark.parametrize("night", rwm5yr.NIGHTS, ids=str)
def test_who_was_not_asked_is_unknown_and_never_poor(home: Home, night: date) -> None:
    asked, wave = rwm5yr.panel(), rwm5yr.NIGHTS[night]
    silent = {rwm5yr.household_no(one) for one in set(asked["id"]) - set(asked.loc[asked["year"] == wave, "id"])}
    assert len(silent) > 1000
    assert len(silent & figures(home, night).keys()) == 0
    assert counted(hit for hit in hits(home, night) if hit[0] in silent) == {}
