"""The made-up county from beginning to end: its people live, its departments deliver, the truth is written down."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

from expectations.contract import contracts
from pipelines.sample import civil_affairs, illness, standards
from pipelines.sample.delivering import Delivery, delivery, write
from pipelines.sample.dirt import Stain, sent, soiled, without_contract
from pipelines.sample.feeds import extracts, feed_of
from pipelines.sample.happenings import lived
from pipelines.sample.life import Life
from pipelines.sample.months import day_text, month_text
from pipelines.sample.people import NEVER, settle
from pipelines.sample.places import HEADER, places

NUMBER_COMES, REFUND_COMES = 2, 1  # nights after `as_of`


Progress: TypeAlias = Callable[[str], AbstractContextManager[object]]
"""Opened with the name of a step, and left when the step is done."""


def steps() -> int:
    """How many steps `make_county` tells its progress: the people, and every extract."""
    return 1 + len(extracts())


def make_county(
    home: Path,
    households: int = 400,
    seed: int = 7,
    as_of: date = date(2026, 1, 21),
    nights: int = 1,
    progress: Progress = nullcontext,
) -> None:
    """Write the files of a made-up county under `home/inbox` and what truly happened under `home/truth`.

    The history is the 24 closed months before `as_of`. What departments send only on the nights after it, up to
    `nights` in all, lies under `home/later/<day>`. `home/reference` gets the county's own standards and towns where it
    has none. The same arguments give the same bytes. Raises ValueError for fewer than 150 households, FileExistsError
    where the inbox holds files that no sample put there.
    """
    inbox, truth = home / "inbox", home / "truth"
    if not truth.exists() and any(path.is_file() for path in inbox.rglob("*")):
        raise FileExistsError(f"{inbox} holds files already: a made-up county must not be mixed with real families")
    with progress("people"):
        life = lived(settle(households, seed, as_of))
    truth.mkdir(parents=True, exist_ok=True)
    _write_table(
        truth / "events.csv", ("household_no", "event", "happened_on", "cause", "hardship", "note"), _events(life)
    )
    if not (own := home / "reference" / "standards.csv").exists():
        _write_table(own, standards.COLUMNS, standards.standards(life.county))
    if not (towns := home / "reference" / "areas.csv").exists():
        _write_table(towns, HEADER, places(life.county))
    later = _Later(home / "later", as_of, nights)
    _write_table(truth / "dirt.csv", Stain._fields, _deliver(life, inbox, later, progress))
    _deliver_later(life, later)


class _Later:
    """The inboxes of the nights after the first."""

    def __init__(self, folder: Path, as_of: date, nights: int) -> None:
        self.folder, self.as_of, self.nights = folder, as_of, nights

    def write(self, days: int, made: Delivery) -> None:
        if days < self.nights:
            write(self.folder / (self.as_of + timedelta(days=days)).isoformat(), made)


def _deliver(life: Life, inbox: Path, later: _Later, progress: Progress) -> list[Stain]:
    """Write every file of the first night; gives the dirt planted in it."""
    clean_ids = _ids_of_the_plan(life)
    draws = life.county.draws(3)
    stains = []
    for extract in extracts():
        with progress(extract):
            for file in feed_of(contracts()[extract])(life):
                made = sent(delivery(extract, file.period, file.ago, file.table), file.ago, life.county)
                if made.tonight:
                    stains += soiled(made.tonight[0], file.ago, clean_ids, draws)
                stains += made.stains
                for one in made.tonight:
                    write(inbox, one)
                for days, one in made.later.items():
                    later.write(days, one)
    meals, stain = without_contract(life.county)
    write(inbox, meals)
    return [*stains, stain]


def _deliver_later(life: Life, later: _Later) -> None:
    """A bill is taken back after the list, and children without a number get one."""
    county = life.county
    month = county.t
    refunds = illness.planned_settlements(county, life.later_bills, month)
    later.write(REFUND_COMES, delivery("health_settlements", day_text(county.as_of), 0, refunds))
    if later.nights > NUMBER_COMES:
        for person in county.persons:
            if person.numbered_from >= NEVER:
                person.numbered_from = month - 1
        members = delivery("civil_affairs_members", month_text(month - 1), 1, civil_affairs.members(county, month - 1))
        later.write(NUMBER_COMES, members.again())


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
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
