"""What every department sends and on which day it arrives: the calendar of deliveries, late ones included."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipelines.bench import statements
from pipelines.bench.living import World
from pipelines.bench.parameters import value
from pipelines.sample import (
    agriculture,
    civil_affairs,
    disability,
    education,
    emergency,
    health,
    housing,
    illness,
    pay,
    public_security,
)
from pipelines.sample.delivering import Delivery, delivery, write
from pipelines.sample.dirt import sent, soiled
from pipelines.sample.months import day_in, day_text, last_day, last_terms, month_of, month_text
from pipelines.sample.tables import Table

REGISTER_MONTHS = 12  # since when registers come every month
MONTH = 30  # days that a body is late at the worst
TENTHS = ((1, 10, 12), (11, 20, 22), (21, 31, 2))  # first day, last day, day of arrival
TERM_ARRIVES, QUARTER_ARRIVES = 12, 17
EVENT_ARRIVES = 2  # days after it happened
THINNED = ("employment_contributions", "employment_pensions", "health_settlements", "housing_fund")
SETTLEMENTS = "health_settlements"


class Monthly(NamedTuple):
    """A file of every month: the day of the next month on which it comes, and since how many months ago."""

    day: int
    since: int
    table: Callable[[World, int], Table]


MONTHLY = {
    "civil_affairs_members": Monthly(5, REGISTER_MONTHS, lambda w, m: civil_affairs.members(w.county, m)),
    "civil_affairs_assistance": Monthly(5, REGISTER_MONTHS, lambda w, m: civil_affairs.assistance(w.life, m)),
    "civil_affairs_income": Monthly(6, 24, statements.income),
    "public_security_registry": Monthly(8, REGISTER_MONTHS, lambda w, m: public_security.registry(w.life, m)),
    "employment_unemployment": Monthly(
        9, REGISTER_MONTHS, lambda w, m: pay.unemployment(w.county, w.life.registrations, m)
    ),
    "employment_pensions": Monthly(
        10, 24, lambda w, m: pay.pension_payments(w.county, w.life.pensions, w.life.index(m))
    ),
    "disability_cards": Monthly(11, REGISTER_MONTHS, lambda w, m: disability.cards(w.life, m)),
    "employment_contributions": Monthly(
        12, 24, lambda w, m: pay.contributions(w.county, w.life.wages, w.life.index(m))
    ),
    "agriculture_monitoring": Monthly(13, REGISTER_MONTHS, lambda w, m: agriculture.monitoring(w.life, m)),
    "health_records": Monthly(14, 14, lambda w, m: health.records(w.life, m)),
    "health_insurance": Monthly(15, REGISTER_MONTHS, lambda w, m: health.insurance(w.life, m)),
    "housing_fund": Monthly(16, 14, lambda w, m: housing.fund(w.life, m)),
}


class Posted(NamedTuple):
    on: date
    ago: int
    made: Delivery


def post(world: World, home: Path, first_night: date, last: date) -> None:
    """Lay what arrives by the first night into the inbox, and the rest under the day on which it arrives."""
    draws, dirt = world.county.draws(51), world.county.draws(52)
    for on, ago, made in _posted(world):
        made = _thinned(made, draws)
        made_sent = sent(made, ago, world.county)
        chance = draws.random()
        late = MONTH if chance < value("very_late_files") else 0
        late = late or (int(draws.integers(1, 7)) if chance < value("late_files") else 0)
        if made_sent.tonight and ago > 0:
            soiled(made_sent.tonight[0], ago, (), dirt)
        arrives = on + timedelta(days=late if on > first_night else 0)
        for one in made_sent.tonight:
            _lay(home, first_night, last, arrives, one)
        for days, one in made_sent.later.items():
            _lay(home, first_night, last, max(arrives, first_night) + timedelta(days=days), one)


def _lay(home: Path, first_night: date, last: date, on: date, made: Delivery) -> None:
    if on <= first_night:
        write(home / "inbox", made)
    elif on <= last:
        write(home / "later" / on.isoformat(), made)


def _thinned(made: Delivery, draws: np.random.Generator) -> Delivery:
    """Some rows are lost on the way."""
    if made.extract not in THINNED or not made.length:
        return made
    return made.only(np.flatnonzero(draws.random(made.length) >= value("missing_rows")).tolist())


def _posted(world: World) -> Iterator[Posted]:
    """Every file of every month, in the order of months."""
    county = world.county
    for month in range(county.start, county.start + world.months):
        ago = county.t - month
        for extract, monthly in MONTHLY.items():
            if ago <= monthly.since:
                table = monthly.table(world, month)
                if table["id_no"]:
                    made = delivery(extract, month_text(month), ago, table)
                    yield Posted(day_in(month + 1, monthly.day), ago, made)
        yield from _settlements(world, month, ago)
        yield from _events(world, month, ago)
        yield from _schools(world, month)
        if month % 3 == 2 and ago <= REGISTER_MONTHS:
            quarter = max(0, (ago + 2) // 3)
            made = delivery("housing_dwellings", month_text(month), quarter, housing.dwellings(world.life, month))
            yield Posted(day_in(month + 1, QUARTER_ARRIVES), quarter, made)


def _settlements(world: World, month: int, ago: int) -> Iterator[Posted]:
    """A file for every ten days; of the history a file a month, as the bureau hands over its ledger."""
    bills = [bill for bill in world.life.bills if month_of(bill.settled_on) == month]
    if ago > 0:
        table = illness.planned_settlements(world.county, bills, month)
        yield Posted(day_in(month + 1, 2), ago, delivery(SETTLEMENTS, month_text(month), ago, table))
        return
    for first, until, arrives in TENTHS:
        of_days = [bill for bill in bills if first <= bill.settled_on.day <= until]
        end = last_day(month) if until > 28 else day_in(month, until)
        table = illness.planned_settlements(world.county, of_days, month)
        on = day_in(month + (until > 28), arrives)
        if of_days:
            yield Posted(on, ago, delivery(SETTLEMENTS, day_text(end), ago, table))


def _events(world: World, month: int, ago: int) -> Iterator[Posted]:
    last, table = emergency.events(world.life, month)
    if last:
        for day in sorted(set(table["happened_on"])):
            rows = [n for n, at in enumerate(table["happened_on"]) if at == day]
            of_day = {name: [cells[n] for n in rows] for name, cells in table.items()}
            on = date.fromisoformat(day)
            yield Posted(
                on + timedelta(days=EVENT_ARRIVES), ago, delivery("emergency_events", day_text(on), ago, of_day)
            )
    for on, reported in sorted(statements.reports(world, month).items()):
        if ago <= 3:
            yield Posted(on, ago, delivery("civil_affairs_reports", day_text(on), ago, reported))


def _schools(world: World, month: int) -> Iterator[Posted]:
    """The books of a term whose second month this is."""
    term, first, year = last_terms(month + 1, 1)[0]
    terms = max(0, -(-(world.county.t - month) // 6))
    if first != month - 1 or terms > 4:
        return
    left = world.life.out_of_school
    world.life.out_of_school = {p: gone for p, gone in left.items() if gone[0] <= month}
    for extract, table in (("education_students", education.students), ("education_aid", education.aid)):
        made = delivery(extract, term, terms, table(world.life, term, first, year))
        yield Posted(day_in(month + 1, TERM_ARRIVES), terms, made)
    world.life.out_of_school = left
