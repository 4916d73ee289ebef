"""Wages, pensions and unemployment: what everyone is paid month by month, and the three files of 人社."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.families import OBSERVED_WAGE, Living
from pipelines.sample.months import HISTORY, calendar_month, day_in, last_day, month_text
from pipelines.sample.people import County
from pipelines.sample.tables import Numbers, Table, texts, who, yuan

ABSENT, PAID, UNPAID = 0, 1, 2  # a wage in a month
CONTRACT_ENDED, DISMISSED, CLOSED = "1", "2", "4"  # why a job ended
NORMAL, SUSPENDED, ENDED = 1, 2, 3  # a pension in a month; 0 where there is none

JULY = 7
WAGE_RISE = 1.04  # a year, from July, when the new contribution bases begin
PENSION_RISE = 1.02  # a year, from July
FLOOR_BASE = 4400
"""Yuan: about 60 % of the average wage, the lowest base that may be declared; rises with wages. Employers of this
county declare what they pay, even below it, save in the plan's `wage_fall_hidden`."""
FULL_UNEMPLOYMENT_BENEFIT = 1890  # yuan a month: about nine tenths of the local minimum wage
SEASON_OFF = (1, 2)  # months around the Spring Festival, when seasonal workers are at home
WORKERS_AN_EMPLOYER = 25
OLD_REGISTRATIONS = 60  # one of so many workers was unemployed once, before the history begins


@dataclass
class Panel:
    """What some persons are paid: one row a person, one column a month of the history, amounts in yuan."""

    persons: Numbers
    amount: Numbers
    state: Numbers
    employer: Numbers
    """0 where persons pay for themselves."""
    is_late: NDArray[np.bool_]
    """The payment stands in the file of the month after."""

    def __post_init__(self) -> None:
        self.row_of = {person: row for row, person in enumerate(self.persons.tolist())}


@dataclass(frozen=True)
class Registration:
    person: int
    unemployed_on: date
    cause: str
    cancelled_on: date | None = None
    benefit_from: int | None = None
    benefit_to: int | None = None

    @property
    def registered_on(self) -> date:
        return self.unemployed_on + timedelta(days=12)


def wages(county: County) -> Panel:
    """Everyone's wage if nothing happened. Families of the plan get no rise, so that its percentages are exact."""
    panel = _panel(county, OBSERVED_WAGE, WAGE_RISE)
    employers = 2 + len(panel.persons) // WORKERS_AN_EMPLOYER
    drawn = county.draws(2).integers(1, employers, len(panel.persons))
    for row, number in enumerate(panel.persons.tolist()):
        living = county.persons[number].living
        panel.employer[row] = 0 if living == Living.SELF_EMPLOYED else drawn[row]
        if living == Living.SEASONAL:
            panel.state[row, _months_off(county)] = ABSENT
    panel.state[panel.state > 0] = PAID
    return panel


def pensions(county: County) -> Panel:
    panel = _panel(county, (Living.PENSION, Living.OLD_AGE, Living.RETIRING), PENSION_RISE)
    for row, number in enumerate(panel.persons.tolist()):
        person = county.persons[number]
        if person.living == Living.RETIRING:
            panel.state[row] = 0
            panel.amount[row] = round(person.pay * 0.55)  # about what thirty years of contributions give
        elif person.living == Living.OLD_AGE:
            panel.amount[row] = panel.amount[row] // 20 + 160  # 200 to 240 yuan: the residents' basic pension
    return panel


def _months_off(county: County) -> list[int]:
    return [i for i in range(HISTORY) if calendar_month(county.start + i) in SEASON_OFF]


def _panel(county: County, livings: tuple[Living, ...], rise: float) -> Panel:
    chosen = [number for number, person in enumerate(county.persons) if person.living in livings]
    pay = np.array([county.persons[n].pay or FLOOR_BASE for n in chosen], dtype=np.int64)
    is_planned = np.array(
        [county.households[county.persons[n].household].planned is not None for n in chosen], dtype=bool
    )
    rises = [_risen(county, rise, i) for i in range(HISTORY)]
    amount = np.round(pay[:, None] * np.where(is_planned[:, None], 1.0, rises)).astype(np.int32)
    shape = amount.shape
    return Panel(
        np.array(chosen, dtype=np.int64), amount, np.full(shape, NORMAL, np.int8), np.zeros(shape, np.int32),
        np.zeros(shape, bool),
    )  # fmt: skip


def _risen(county: County, rise: float, i: int) -> float:
    """By how much pay is above that of the first month, in the i-th."""
    return float(rise ** sum(calendar_month(county.start + past) == JULY for past in range(i + 1)))


def floor_base(county: County, i: int) -> int:
    return round(FLOOR_BASE * _risen(county, WAGE_RISE, i))


def past_registrations(county: County, panel: Panel) -> list[Registration]:
    """Registrations that were over before the history begins, as any register holds them."""
    found = []
    for turn, person in enumerate(panel.persons[::OLD_REGISTRATIONS].tolist()):
        lost = day_in(county.start - 8 - turn % 12, 2 + turn % 25)
        found.append(Registration(person, lost, CONTRACT_ENDED, cancelled_on=lost + timedelta(days=150)))
    return found


def contributions(county: County, panel: Panel, i: int) -> Table:
    """The file of the i-th month: pension and medical insurance for employees, pension alone for the self-employed."""
    on_time = np.flatnonzero((panel.state[:, i] != ABSENT) & ~panel.is_late[:, i])
    delayed = np.flatnonzero(panel.is_late[:, i - 1]) if i else np.empty(0, np.int64)
    rows = np.concatenate((on_time, delayed))
    months = np.concatenate((np.full(len(on_time), i), np.full(len(delayed), i - 1)))
    is_employee = panel.employer[rows, months] > 0
    scheme = np.repeat(np.array([110, 310]), (len(rows), is_employee.sum()))
    rows, months = np.concatenate((rows, rows[is_employee])), np.concatenate((months, months[is_employee]))
    order = np.lexsort((scheme, rows, -months))
    rows, months, scheme = rows[order], months[order], scheme[order]
    employer = panel.employer[rows, months]
    return who(county, panel.persons[rows].tolist()) | {
        "insurance": texts(scheme),
        "pay_month": [month_text(county.start + m) for m in months.tolist()],
        "payer": ["101" if e else "102" for e in employer.tolist()],
        "base": yuan(panel.amount[rows, months] * 100),
        "is_paid": ["1" if s == PAID else "0" for s in panel.state[rows, months].tolist()],
        "employer_code": employer_codes(employer),
    }


def employer_codes(employers: Numbers) -> list[str]:
    """Unified social credit codes of nobody; each different one is written once."""
    written = {e: f"91990402MA{e:07d}X" if e else "" for e in np.unique(employers).tolist()}
    return [written[e] for e in employers.tolist()]


def pension_payments(county: County, panel: Panel, i: int) -> Table:
    """The file of the i-th month."""
    rows = np.flatnonzero(panel.state[:, i])
    persons = panel.persons[rows].tolist()
    return who(county, persons) | {
        "kind": ["120" if county.persons[p].living == Living.OLD_AGE else "110" for p in persons],
        "pay_month": [month_text(county.start + i)] * len(rows),
        "amount": yuan(np.where(panel.state[rows, i] == NORMAL, panel.amount[rows, i], 0) * 100),
        "status": texts(panel.state[rows, i]),
    }


def unemployment(county: County, registrations: Iterable[Registration], month: int) -> Table:
    """The register as it stood on the last day of the month."""
    end = last_day(month)
    known = sorted((r for r in registrations if r.registered_on <= end), key=lambda r: (r.registered_on, r.person))
    return who(county, [r.person for r in known]) | {
        "unemployed_on": [r.unemployed_on.isoformat() for r in known],
        "cause": [r.cause for r in known],
        "registered_on": [r.registered_on.isoformat() for r in known],
        "cancelled_on": [r.cancelled_on.isoformat() if r.cancelled_on and r.cancelled_on <= end else "" for r in known],
        "benefit_from": [month_text(r.benefit_from) if r.benefit_from else "" for r in known],
        "benefit_to": [month_text(r.benefit_to) if r.benefit_to else "" for r in known],
        "benefit": [f"{FULL_UNEMPLOYMENT_BENEFIT}.00" if r.benefit_from else "" for r in known],
    }
