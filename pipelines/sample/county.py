"""The made-up county from beginning to end: its people live, its departments deliver, the truth is written down."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from pipelines.sample import illness, pay, registers
from pipelines.sample.delivering import Delivery, delivery, write
from pipelines.sample.dirt import Stain, redelivered, soiled, without_contract
from pipelines.sample.happenings import Life, lived
from pipelines.sample.months import HISTORY, last_terms, month_text
from pipelines.sample.people import AREA6, settle
from pipelines.sample.places import HEADER, places

REGISTER_MONTHS = (24, 12, 1)  # months before `as_of` whose registers of civil affairs are delivered
UNEMPLOYMENT_MONTHS = (3, 2, 1)
TERMS = 4


def make_county(
    home: Path,
    households: int = 400,
    seed: int = 7,
    as_of: date = date(2026, 1, 21),
    progress: Callable[[str], None] = lambda text: None,
) -> None:
    """Write the files of a made-up county under `home/inbox` and what truly happened under `home/truth`.

    Its invented towns go to `home/reference`.

    The history is the 24 closed months before `as_of`. The same arguments give the same bytes. Raises ValueError
    for fewer than 80 households, FileExistsError where the inbox holds files that no sample put there.
    """
    inbox, truth = home / "inbox", home / "truth"
    if not truth.exists() and any(path.is_file() for path in inbox.rglob("*")):
        raise FileExistsError(f"{inbox} holds files already: a made-up county must not be mixed with real families")
    progress(f"{households} households settle")
    life = lived(settle(households, seed, as_of))
    truth.mkdir(parents=True, exist_ok=True)
    _write_table(
        truth / "events.csv", ("household_no", "event", "happened_on", "cause", "hardship", "note"), _events(life)
    )
    (home / "reference").mkdir(exist_ok=True)
    _write_table(home / "reference" / "areas.csv", HEADER, places(life.county))
    stains = [stain for found in _deliver(life, inbox, progress) for stain in found]
    _write_table(truth / "dirt.csv", Stain._fields, stains)


def _deliver(life: Life, inbox: Path, progress: Callable[[str], None]) -> Iterator[list[Stain]]:
    """Write every file; gives the dirt planted in it."""
    clean_ids = _ids_of_the_plan(life)
    draws = life.county.draws(3)
    current = ""
    for ago, made in _files(life):
        if made.extract != current:
            current = made.extract
            progress(current)
        again, more = redelivered(made, ago)
        stains = soiled(made, ago, clean_ids, draws)
        for one in again:
            write(inbox, one)
        yield stains + more
    meals, stain = without_contract(life.county)
    write(inbox, meals)
    yield [stain]


def _files(life: Life) -> Iterator[tuple[int, Delivery]]:
    """Every file that the contracts ask for, with how many months (terms, for students) ago it is."""
    county = life.county
    t = county.t

    def file(extract: str, ago: int, table: pay.Table) -> tuple[int, Delivery]:
        return ago, delivery(extract, AREA6, month_text(t - ago), ago, table)

    for ago in REGISTER_MONTHS:
        yield file("civil_affairs_members", ago, registers.members(county, t - ago))
    for ago in REGISTER_MONTHS:
        yield file("civil_affairs_assistance", ago, registers.assistance(life, t - ago))
    yield file("civil_affairs_income", 24, registers.income(county, t - 24))
    yield file("civil_affairs_income", 12, registers.corrected_income(county, t - 12))
    for ago, (term, first, school_year) in zip(range(TERMS, 0, -1), last_terms(t, TERMS), strict=True):
        table = registers.students(county, term, first, school_year)
        yield ago, delivery("education_students", AREA6, term, ago, table)
    for i in range(HISTORY):
        yield file("employment_contributions", HISTORY - i, pay.contributions(county, life.wages, i))
    for i in range(HISTORY):
        yield file("employment_pensions", HISTORY - i, pay.pension_payments(county, life.pensions, i))
    for ago in UNEMPLOYMENT_MONTHS:
        yield file("employment_unemployment", ago, pay.unemployment(county, life.registrations, t - ago))
    patients = illness.Patients.of(county)
    for i in range(HISTORY):
        yield file("health_settlements", HISTORY - i, illness.settlements(county, patients, life.bills, i))


def _ids_of_the_plan(life: Life) -> set[str]:
    county = life.county
    return {county.persons[m.person].id_no for m in county.memberships if county.households[m.household].planned}


def _events(life: Life) -> Iterable[tuple[str, ...]]:
    rows = []
    for place, planned in life.truth:
        event = planned.event
        number = life.county.households[place].number
        rows.append((number, event.kind, planned.on.isoformat(), event.cause, event.hardship, event.note))
    return sorted(rows)


def _write_table(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
