"""No data is not an event: what befalls a feed opens no case, ends none, and is said; ordinary months hold nothing.

A county drawn by chance is worked out a month before and tonight, undisturbed and with each outage. `new cases` are
families whom tonight's list has because of the outage alone, `old cases dropped` those of the list before that it lost
though their rules are held. Raw hits are never thinned: `many false hits` is what would be visited without the gates.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from assets.home import Home
from tests.drawn import drawn
from tests.spec.county import County, Worked
from tests.spec.outages import (
    EVE,
    NIGHT,
    TOWNS,
    Frames,
    Outage,
    cut_at,
    drawn_by_chance,
    lay,
    share_lost,
    shifted,
    times,
    town_lost,
)

pytestmark = pytest.mark.xdist_group("outages")

SEED = 20260121
NOBODY_NOTICED = (1, 2, 3)
MANY = 50

OUTAGES = {
    "nothing": Outage("wages", share_lost(0)),
    "wages, nothing came": Outage("wages", None),
    "wages, a large town lost": Outage("wages", town_lost(1)),
    "wages, the town of thirty families lost": Outage("wages", town_lost(4)),
    "wages, cut at 80 %": Outage("wages", cut_at(0.8)),
    "wages, 5 % lost at random": Outage("wages", share_lost(0.05)),
    "wages, fen for yuan": Outage("wages", times("base", 100)),
    "wages, ten thousands for yuan": Outage("wages", times("base", 0.0001)),
    "wages, all zeros": Outage("wages", times("base", 0)),
    "wages, 10 % shifted": Outage("wages", shifted("base", 0.10), NOBODY_NOTICED),
    "wages, nothing came for three months": Outage("wages", None, NOBODY_NOTICED),
    "pensions, a town lost": Outage("pensions", town_lost(0)),
    "pensions, ten thousands for yuan": Outage("pensions", times("amount", 0.0001), NOBODY_NOTICED),
    "settlements, nothing came": Outage("settlements", None),
    "settlements, a town lost": Outage("settlements", town_lost(0)),
    "settlements, fen for yuan": Outage("settlements", times("total", 100)),
    "members, a town lost": Outage("members", town_lost(2)),
    "members, 5 % lost at random": Outage("members", share_lost(0.05)),
    "aid, nothing came": Outage("aid", None),
    "jobless, nothing came": Outage("jobless", None),
}  # fmt: skip


@dataclass
class Undisturbed:
    """The county's feeds, its night a month ago with what it remembers, and tonight as it should be."""

    frames: Frames
    eve: Home
    eve_night: Worked
    tonight: Worked

    def disturbed(self, outage: Outage, folder: Path) -> Worked:
        home = Home.at(folder)
        lay(home, outage.befall(self.frames, SEED), missing=outage)
        for remembered in (*(f"lake/{name}" for name in REMEMBERED), "outbox"):
            shutil.copytree(self.eve.root / remembered, home.root / remembered, dirs_exist_ok=True)
        return County(home, NIGHT).judge()


REMEMBERED = (
    "cases", "standing_hits", "hits", "answers", "hit_months", "lineage", "household_members", "supervision", "case_counts",
)  # fmt: skip


def remember(home: Home) -> None:
    """Eight months of hits before the eve's, each like it: the breaker has something to hold a night against."""
    import duckdb

    file = next(home.table("hit_months", EVE).glob("*.parquet"))
    rows = duckdb.sql(
        f"select * replace ((month - to_months(i::integer))::date as month) from read_parquet('{file}'), range(8) r(i)"
    ).to_arrow_table()
    import pyarrow.parquet as pq

    pq.write_table(rows, file)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    frames = drawn_by_chance(SEED)
    home = Home.at(tmp_path_factory.mktemp("undisturbed"))
    lay(home, frames)
    county = County(home, NIGHT)
    eve_night = county.judge(EVE)
    remember(home)
    return Undisturbed(frames, home, eve_night, county.judge())


def opened(night: Worked) -> set[int]:
    """Families who have a case for the first time tonight, in whatever state."""
    return {row["household_id"] for row in night.tables["cases"] if row["opened_on"] == night.as_of}


def held_by(night: Worked) -> str:
    """Gates and where they closed: for the whole county, or the towns by their last digit; the breaker where it is alone."""
    places: dict[str, set[str]] = {}
    for row in night.tables["held"]:
        if row["state"] == "held":
            places.setdefault(row["gate"], set()).add(row["area"].removeprefix("990402"))
    if len(places) > 1:
        places.pop("rate", None)
    return ", ".join(
        f"{gate} {'county' if '' in areas else ' '.join(sorted(a[-1] for a in areas))}"
        for gate, areas in sorted(places.items())
    )


def hits(night: Worked) -> set[tuple[int, str, int]]:
    return {(row["household_id"], row["rule"], row["level"]) for row in night.tables["hits"] if row["level"]}


def dropped(night: Worked, eve: Worked) -> set[int]:
    """Families of the list before, one of whose rules is held tonight where they live, and whom tonight's list has not."""
    held = [(row["area"], row["rule"]) for row in night.tables["held"] if row["state"] == "held"]
    waiting = {
        row["household_id"]
        for row in eve.tables["cases"]
        if any(row["area12"].startswith(area) and rule in row["rules"] for area, rule in held)
    }
    return waiting - {row["household_id"] for row in night.tables["cases"] if row["state"] != "closed"}


def befallen(undisturbed: Undisturbed, name: str, folder: Path) -> dict[str, str]:
    night = undisturbed.disturbed(OUTAGES[name], folder)
    return {
        "outage": name,
        "held by": held_by(night),
        "many false hits": "yes" if len(hits(night) - hits(undisturbed.tonight)) > MANY else "",
        "new cases": str(len(opened(night) - opened(undisturbed.tonight))),
        "old cases dropped": str(len(dropped(night, undisturbed.eve_night))),
    }


def test_what_befalls_a_feed_opens_no_case_and_ends_none(undisturbed: Undisturbed, tmp_path: Path, quick: None) -> None:
    holds(undisturbed, tmp_path, """
        outage                                  | held by            | many false hits | new cases | old cases dropped
        nothing                                 |                    |                 | 0         | 0
        wages, nothing came                     | delivery county    |                 | 0         | 0
        wages, 5 % lost at random               | coverage county    |                 | 0         | 0
        wages, fen for yuan                     | ratio county       |                 | 0         | 0
        settlements, fen for yuan               | rate county        | yes             | 0         | 0
        members, a town lost                    | coverage 3         |                 | 0         | 0
    """)  # fmt: skip


@pytest.mark.slow
def test_more_that_befalls_a_feed(undisturbed: Undisturbed, tmp_path: Path, quick: None) -> None:
    holds(undisturbed, tmp_path, """
        outage                                  | held by            | many false hits | new cases | old cases dropped
        wages, a large town lost                | coverage 2         |                 | 0         | 0
        wages, the town of thirty families lost | coverage 5         |                 | 0         | 0
        wages, cut at 80 %                      | coverage 1 2 3 4   |                 | 0         | 0
        wages, all zeros                        | ratio county       | yes             | 0         | 0
        wages, 10 % shifted                     | ratio county       | yes             | 0         | 0
        wages, ten thousands for yuan           | ratio county       | yes             | 0         | 0
        wages, nothing came for three months    | delivery county    |                 | 0         | 0
        pensions, a town lost                   | coverage 1         |                 | 0         | 0
        pensions, ten thousands for yuan        | ratio county       | yes             | 0         | 0
        settlements, nothing came               | delivery county    |                 | 0         | 0
        settlements, a town lost                | coverage 1         |                 | 0         | 0
        members, 5 % lost at random             | coverage 1 2 3 4 5 |                 | 0         | 0
        aid, nothing came                       | delivery county    |                 | 0         | 0
        jobless, nothing came                   | delivery county    |                 | 0         | 0
    """)  # fmt: skip


def holds(undisturbed: Undisturbed, folder: Path, table: str) -> None:
    wanted = drawn(table)
    assert [befallen(undisturbed, row["outage"], folder / str(i)) for i, row in enumerate(wanted)] == wanted


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 12))])
def test_ordinary_months_hold_nothing(seed: int, tmp_path: Path, quick: None) -> None:
    home = Home.at(tmp_path / "home")
    lay(home, drawn_by_chance(seed))
    night = County(home, NIGHT).judge()
    assert [row["reason"] for row in night.tables["held"] if row["state"] != "off"] == []


def anything_lost(seed: int) -> Outage:
    """A delivery, a town or a random share of a feed, in any of the months that the rules look at."""
    draws = np.random.default_rng(seed)
    feed = str(draws.choice(["wages", "pensions", "settlements", "members", "aid", "jobless"]))
    back = int(draws.integers(1, 13))
    lost = [None, town_lost(int(draws.integers(len(TOWNS)))), share_lost(float(draws.uniform(0.01, 1)))]
    return Outage(feed, lost[int(draws.integers(3))], (back,))


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 60))])
def test_whatever_is_lost_adds_no_case(seed: int, undisturbed: Undisturbed, tmp_path: Path, quick: None) -> None:
    night = undisturbed.disturbed(anything_lost(seed), tmp_path / "home")
    assert not opened(night) - opened(undisturbed.tonight)
