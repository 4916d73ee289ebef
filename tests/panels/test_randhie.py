"""Medical costs of a real experiment through whole nights: every hit, and no other, by person. Prints counts alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

import pandas as pd
import pytest

from assets.home import Home
from assets.night import Night
from pipelines.running import run_night
from tests.panels import by_pandas, page, randhie
from tests.panels.frames import needs_downloaded

pytestmark = needs_downloaded

HEADS = {
    "a tenth": ("MED-SHARE", 0),
    "a quarter": ("MED-SHARE", 1),
    "two fifths": ("MED-SHARE", 2),
    "catastrophic": ("MED-CHE40", 2),
    "impoverished": ("MED-IMPOVERISH", 3),
    "from 500": ("MED-ABS", 2),
    "from 1,000": ("MED-ABS", 3),
}

Hit = tuple[str, int, str, int]  # household_no, year, rule, level


def years() -> pd.DataFrame:
    """Income and own cost of each person and year, in cents."""
    seen = randhie.panel()
    own = seen[[f"own_{kind}" for kind in randhie.KINDS]].sum(axis=1)
    return seen[["id", "year"]].assign(income=12 * seen["income"], own=own)


def wanted() -> set[Hit]:
    found = by_pandas.medical_hits(
        years(), randhie.STANDARD * 1200, floor=randhie.CHE_FLOOR * 100, line=randhie.ABS_LINE * 100
    )
    return {(randhie.household_no(person), year, rule, level) for person, year, rule, level in found}


def hits(home: Home, as_of: date) -> list[Hit]:
    rules = sorted({rule for rule, _ in HEADS.values()})
    with Night.of(home, as_of) as night:
        night.open("hits")
        rows = night.connection.execute(
            "select household_no, rule, level from hits where rule in (select unnest($1::varchar[]))", [rules]
        ).fetchall()
    return [(household_no, randhie.NIGHTS[as_of], rule, level) for household_no, rule, level in rows]


def counted(rows: Iterable[Hit]) -> dict[tuple[int, str, int], int]:
    """What a failing test may print: how many, by year, rule and level."""
    return dict(Counter(row[1:] for row in rows))


def test_the_page_says_what_the_experiment_has() -> None:
    seen, costs = randhie.panel(), years()
    span = seen.groupby("id")["year"].agg(["min", "max"])
    has = {
        "persons": len(span),
        "person-years": len(seen),
        "person-years of no income": (seen["income"] == 0).sum(),
        "person-years of no own cost": (costs["own"] == 0).sum(),
        "persons not seen in a year between two": by_pandas.silent_between(seen),
        "persons first seen after year 1": (span["min"] > 1).sum(),
        "persons last seen before year 5": (span["max"] < 5).sum(),
    }
    assert {row["of RandHIE"]: int(row["count"]) for row in page.rows("What RandHIE has")} == has


def test_the_page_says_what_the_reference_finds() -> None:
    found, size = counted(wanted()), years()["year"].value_counts()
    must = [
        {"year": str(year), "night": str(night), "persons": str(size[year])}
        | {head: str(found.get((year, *rule), 0)) for head, rule in HEADS.items()}
        for night, year in randhie.NIGHTS.items()
    ]
    assert page.rows("Medical cost in RandHIE") == must


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.at(tmp_path_factory.mktemp("randhie") / "home")
    randhie.lay_reference(home)
    for night in randhie.NIGHTS:
        randhie.deliver(home, randhie.panel(), night)
        run_night(home, night)
    return home


@pytest.mark.slow
@pytest.mark.parametrize("night", randhie.NIGHTS, ids=str)
def test_every_person_hits_what_they_must_and_nothing_else(home: Home, night: date) -> None:
    must = {hit for hit in wanted() if hit[1] == randhie.NIGHTS[night]}
    found = hits(home, night)
    assert counted(must)
    assert counted(must - set(found)) == {}
    assert counted(Counter(found) - Counter(must)) == {}


@pytest.mark.slow
@pytest.mark.parametrize("night", randhie.NIGHTS, ids=str)
def test_the_figures_behind_the_hits_are_right_to_the_cent(home: Home, night: date) -> None:
    rows = years()
    rows = rows[rows["year"] == randhie.NIGHTS[night]]
    must = {randhie.household_no(person): (income, own) for person, _, income, own in rows.itertuples(index=False)}
    with Night.of(home, night) as opened:
        opened.open("household_profile")
        found = {
            name: (total // months, own)
            for name, total, months, own in opened.connection.execute(
                "select household_no, income_year_sum, income_year_months, oop_year from household_profile "
                "where income_year_sum is not null"
            ).fetchall()
        }
    assert len(found.keys() ^ must.keys()) == 0, "persons whose income is known"
    assert sum(found[name] != pair for name, pair in must.items()) == 0, "persons with another figure"
