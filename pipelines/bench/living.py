"""What everyone truly lives on, month by month, before anything happens; and the panels that 人社 will tell it from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.bench.parameters import value
from pipelines.sample.disability import old_cards
from pipelines.sample.families import Living
from pipelines.sample.life import Life
from pipelines.sample.months import HISTORY, calendar_month, month_of
from pipelines.sample.pay import ABSENT, JULY, NORMAL, PAID, SEASON_OFF, WORKERS_AN_EMPLOYER, Panel, floor_base
from pipelines.sample.people import County

Money = NDArray[np.float64]
Flags = NDArray[np.bool_]
YEAR = 12
QUARTER = 3
RETIRED_AT = 60 * YEAR  # months of life
REPLACED = 0.5  # about what thirty years of contributions give of the last wage
WRONG_BY = 10  # a digit too many


@dataclass(frozen=True)
class Shock:
    """One planted event. `severity`: the part of the household's income that it takes, or a bill in months of it."""

    household: int
    kind: str
    on: date
    cause: str
    severity: float
    seen_by: tuple[str, ...] = ()


@dataclass
class World:
    """The county with what its people truly have: persons or households by months, yuan a month."""

    life: Life
    months: int
    home: NDArray[np.int64]
    pay: Money
    pension: Money
    benefit: Money
    there: Flags
    outlay: Money
    """What illness, schooling and losses take, by households."""
    is_reset: Flags
    """Months in which an employer sets a base anew, by rows of the panel of wages."""
    is_seasonal: Flags
    shocks: list[Shock] = field(default_factory=list)
    restated: list[tuple[int, int]] = field(default_factory=list)
    """Person and month of a statement to civil affairs that did not wait for its day."""
    reported: list[Shock] = field(default_factory=list)

    @property
    def county(self) -> County:
        return self.life.county

    def ages(self, i: int) -> NDArray[np.int64]:
        """In months, at the i-th month."""
        born = np.array([month_of(p.born) for p in self.county.persons], dtype=np.int64)
        return self.county.start + i - born

    def sums(self, persons: NDArray[Any]) -> Money:
        """Persons by months as households by months."""
        found = np.zeros((len(self.county.households), persons.shape[1]))
        np.add.at(found, self.home, persons)
        return found


def settled(county: County, months: int) -> World:
    """Everyone's life if nothing happens: growth, shocks of pay that stay and that pass, contributions on time."""
    draws = county.draws(11)
    people = county.persons
    count, columns = len(people), HISTORY + months + 1
    home = np.array([p.household for p in people], dtype=np.int64)
    living = np.array([p.living for p in people], dtype=np.int64)
    is_rural = np.array([county.households[h].family.is_rural for h in home.tolist()], dtype=bool)
    pay = _pay(np.array([p.pay for p in people], dtype=float), is_rural, columns, draws)
    pay[np.isin(living, (Living.PENSION, Living.AT_HOME, Living.CHILD, Living.STUDENT))] = 0
    is_seasonal = (living == Living.WORKER) & (draws.random(count) < value("seasonal_share"))
    pay[is_seasonal] *= 1 - len(SEASON_OFF) / YEAR  # what a year brings, spent over the year
    born = np.array([month_of(p.born) - county.start for p in people])
    there = np.arange(columns)[None, :] >= born[:, None]
    pensions = _pensions(county, columns, draws)
    pension = np.zeros((count, columns))
    pension[pensions.persons] = pensions.amount * (pensions.state == NORMAL)
    wages = _wages(county, is_seasonal, columns, draws)
    life = Life(county, wages, pensions, [])
    life.cards = old_cards(county)
    is_reset = np.zeros(wages.state.shape, dtype=bool)
    is_reset[:, [i for i in range(columns) if calendar_month(county.start + i) == JULY]] = True
    is_reset[:, 0] = True
    outlay = np.zeros((len(county.households), columns))
    benefit = np.zeros((count, columns))
    return World(life, columns, home, pay, pension, benefit, there, outlay, is_reset, is_seasonal)


def _pay(level: Money, is_rural: Flags, columns: int, draws: np.random.Generator) -> Money:
    shape = (len(level), columns)
    stays = np.cumsum(draws.normal(0, (value("permanent_variance") / YEAR) ** 0.5, shape), axis=1)
    quarters = -(-columns // QUARTER)
    passes = np.repeat(draws.normal(0, value("transitory_variance") ** 0.5, (len(level), quarters)), QUARTER, axis=1)
    growth = np.where(is_rural, value("growth_rural"), value("growth_urban"))[:, None]
    years = (np.arange(columns) - HISTORY / 2) / YEAR
    risen: Money = level[:, None] * (1 + growth) ** years[None, :] * np.exp(stays + passes[:, :columns])
    return risen


def _wages(county: County, is_seasonal: Flags, columns: int, draws: np.random.Generator) -> Panel:
    chosen = [n for n, p in enumerate(county.persons) if p.living in (Living.WORKER, Living.SELF_EMPLOYED)]
    persons = np.array(chosen, dtype=np.int64)
    shape = (len(chosen), columns)
    state = np.full(shape, PAID, np.int8)
    off = [i for i in range(columns) if calendar_month(county.start + i) in SEASON_OFF]
    for i in off:
        state[is_seasonal[persons], i] = ABSENT
    is_own = np.array([county.persons[n].living == Living.SELF_EMPLOYED for n in chosen])
    employer = draws.integers(1, 2 + len(chosen) // WORKERS_AN_EMPLOYER, len(chosen)) * ~is_own
    return Panel(
        persons, np.zeros(shape, np.int64), state, np.repeat(employer[:, None], columns, axis=1).astype(np.int32),
        draws.random(shape) < value("late_payment"),
    )  # fmt: skip


def _pensions(county: County, columns: int, draws: np.random.Generator) -> Panel:
    """Who has a pension, and who will have one by retiring in these months."""
    chosen = [
        n for n, p in enumerate(county.persons)
        if p.living in (Living.PENSION, Living.OLD_AGE)
        or (p.living == Living.WORKER and month_of(p.born) + RETIRED_AT < county.start + columns)
    ]  # fmt: skip
    persons = np.array(chosen, dtype=np.int64)
    living = np.array([county.persons[n].living for n in chosen])
    own = np.array([county.persons[n].pay for n in chosen], dtype=float)
    resident = value("pension_resident") * np.exp(draws.normal(0, 0.1, len(chosen)))
    level = np.select([living == Living.OLD_AGE, living == Living.WORKER], [resident, own * REPLACED], own)
    rises = np.array(
        [sum(calendar_month(county.start + past) == JULY for past in range(i + 1)) for i in range(columns)]
    )
    amount = np.round(level[:, None] * (1 + value("growth_urban") / 2) ** rises[None, :]).astype(np.int64)
    state = np.where(living == Living.WORKER, 0, NORMAL)[:, None] * np.ones((1, columns), np.int8)
    shape = amount.shape
    return Panel(persons, amount, state.astype(np.int8), np.zeros(shape, np.int32), np.zeros(shape, dtype=bool))


def bases(world: World) -> None:
    """What employers report of the pay: set once a year or with a new job, in full, in part, or the legal floor."""
    wages, county = world.life.wages, world.county
    draws = county.draws(12)
    employers = int(wages.employer.max()) + 2
    chance = draws.random(employers)
    part = draws.uniform(value("base_part_low"), value("base_part_high"), employers)
    in_full, at_floor = value("bases_in_full"), value("bases_at_floor")
    part = np.where(chance < in_full, 1.0, np.where(chance < in_full + at_floor, 0.0, part))
    part[0] = 0.0  # who pays for himself pays the least
    pay = world.pay[wages.persons]
    base = np.zeros(len(wages.persons))
    for i in range(world.months):
        past = pay[:, max(0, i - YEAR) : i + 1]
        usual = past.sum(axis=1) / np.maximum((past > 0).sum(axis=1), 1)
        told = np.where(world.is_reset[:, i] & (calendar_month(county.start + i) != JULY), pay[:, i], usual)
        fresh = np.maximum(told * part[wages.employer[:, i]], floor_base(county, i))
        base = np.where(world.is_reset[:, i], fresh, base)
        wages.amount[:, i] = np.round(base)
    wrong = draws.random(wages.amount.shape) < value("wrong_amounts")
    wages.amount[wrong] *= WRONG_BY
