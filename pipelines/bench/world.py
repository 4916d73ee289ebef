"""The simulated county from beginning to end: people live, shocks fall, departments deliver, the truth is kept."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path

from pipelines.bench import budget
from pipelines.bench.budget import Spell
from pipelines.bench.families import families
from pipelines.bench.illness import fall_ill
from pipelines.bench.living import YEAR, Shock, World, bases, settled
from pipelines.bench.parameters import value
from pipelines.bench.posting import post
from pipelines.bench.schooling import pay_for_school
from pipelines.bench.shocks import strike
from pipelines.sample import standards
from pipelines.sample.families import Living
from pipelines.sample.months import HISTORY, day_in, last_day, month_of
from pipelines.sample.people import FEWEST_HOUSEHOLDS, County, populate
from pipelines.sample.places import HEADER, places

SHOCK_WORKS = 18  # months after which a spell is no longer told as the work of a shock
RUINOUS = (
    "job_loss", "benefit_end", "wage_cut", "arrears", "migrant_return", "harvest_lost", "pension_stop", "accident",
    "disability", "fire", "flood", "cancer", "stroke", "heart_attack", "stay", "earner_death", "death", "insured_fire",
    "insured_flood", "retirement",
)  # fmt: skip
PAID_ONCE = ("stay", "cancer", "stroke", "heart_attack", "fire", "flood", "insured_fire", "insured_flood")
LASTS = 6  # months, by which a lasting loss is set beside a bill
OLD, CHILD = 60 * YEAR, 16 * YEAR


def make_world(
    home: Path,
    households: int,
    seed: int,
    first_night: date,
    months: int,
    progress: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> None:
    """Write two years of files under `home/inbox`, those of `months` more under `home/later/<day>`, and the truth.

    The same arguments give the same bytes. Raises ValueError for too few households, FileExistsError where the inbox
    holds files that no simulation put there.
    """
    if households < FEWEST_HOUSEHOLDS:
        raise ValueError(f"A simulated county needs at least {FEWEST_HOUSEHOLDS} households, not {households}")
    inbox, truth = home / "inbox", home / "truth"
    if not truth.exists() and any(path.is_file() for path in inbox.rglob("*")):
        raise FileExistsError(f"{inbox} holds files already: a simulated county must not be mixed with real families")
    with progress("life"):
        world = lived(households, seed, first_night, months)
        found = budget.spells(world)
    with progress("truth"):
        _write(truth / "families.csv", ("household_no", "town", "residence", "size", "kinds"), _families(world))
        _write(
            truth / "shocks.csv", ("household_no", "shock", "happened_on", "cause", "severity", "seen_by"),
            _shocks(world),
        )  # fmt: skip
        _write(
            truth / "need.csv", ("household_no", "kind", "from_day", "to_day", "cause", "shock_on"),
            _needs(world, found),
        )  # fmt: skip
        _write(home / "reference" / "standards.csv", standards.COLUMNS, standards.standards(world.county))
        _write(home / "reference" / "areas.csv", HEADER, places(world.county))
    with progress("files"):
        last = day_in(month_of(first_night) + months, min(first_night.day, 28))
        post(world, home, first_night, last)


def lived(households: int, seed: int, first_night: date, months: int) -> World:
    """The county with all that happened to it in its 24 months of history and the months after the first night."""
    county = County(first_night, seed)
    draws = county.draws(1)
    populate(county, families(households, draws), {}, draws)
    world = settled(county, months)
    budget.aid(world)
    strike(world)
    fall_ill(world)
    pay_for_school(world)
    bases(world)
    county.memberships.sort(key=lambda m: (m.household, m.person, m.from_month))
    return world


def _families(world: World) -> Iterable[tuple[object, ...]]:
    ages = world.ages(HISTORY)
    for household in world.county.households:
        there = [p for p in world.county.people_of(household) if world.there[p, HISTORY]]
        living = [world.county.persons[p].living for p in there]
        is_kind = {
            "elders": bool(there) and all(ages[p] >= OLD for p in there),
            "children": any(ages[p] < CHILD for p in there),
            "disabled": any(p in world.life.cards and world.life.cards[p][0].grade in "12" for p in there),
            "migrant": Living.MIGRANT in living,
            "aided": bool(household.aid_type),
            "single": len(there) == 1,
        }
        kinds = ";".join(kind for kind, is_so in is_kind.items() if is_so)
        residence = "rural" if household.family.is_rural else "urban"
        yield household.number, household.area12[:9], residence, len(there), kinds


def _shocks(world: World) -> Iterable[tuple[object, ...]]:
    for shock in sorted(world.shocks, key=lambda s: (s.household, s.on, s.kind, s.severity)):
        number = world.county.households[shock.household].number
        yield number, shock.kind, shock.on.isoformat(), shock.cause, f"{shock.severity:.3f}", ";".join(shock.seen_by)


def _needs(world: World, found: Iterable[Spell]) -> Iterable[tuple[object, ...]]:
    of_home: dict[int, list[Shock]] = {}
    for shock in world.shocks:
        if shock.kind in RUINOUS:
            of_home.setdefault(shock.household, []).append(shock)
    start = world.county.start
    for spell in found:
        behind = _behind(of_home.get(spell.household, []), start + spell.first)
        from_day = day_in(start + spell.first, 1)
        if behind and month_of(behind.on) == start + spell.first:
            from_day = behind.on
        to_day = "" if spell.last == world.months - 1 else last_day(start + spell.last).isoformat()
        cause, on = (behind.cause, behind.on.isoformat()) if behind else ("low income", "")
        yield world.county.households[spell.household].number, spell.kind, from_day.isoformat(), to_day, cause, on


def _behind(shocks: Iterable[Shock], month: int) -> Shock | None:
    """The gravest shock of the time before, which weighs less the longer it is past."""
    near = [
        s for s in shocks
        if 0 <= month - month_of(s.on) <= SHOCK_WORKS
        and s.severity >= value("weighty_bill" if s.kind in PAID_ONCE else "weighty_loss")
    ]  # fmt: skip
    return max(
        near, key=lambda s: (_weight(s) * (1 - (month - month_of(s.on)) / (2 * SHOCK_WORKS)), s.on), default=None
    )


def _weight(shock: Shock) -> float:
    return shock.severity * (1 if shock.kind in PAID_ONCE else LASTS)


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
