"""When each department delivers and what: the files of every extract, in order of their periods."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple, TypeAlias

from expectations.contract import Contract, contracts
from pipelines.sample import (
    agriculture,
    civil_affairs,
    declared,
    disability,
    education,
    emergency,
    health,
    housing,
    illness,
    income,
    pay,
    public_security,
)
from pipelines.sample.life import Life
from pipelines.sample.months import HISTORY, day_text, last_day, last_quarters, last_terms, month_text
from pipelines.sample.tables import Table

REGISTER_MONTHS = 10  # since when registers come every month: enough to tell a short one from a usual one
FLOW_MONTHS = 14
EVENT_MONTHS = 15
REPORT_MONTHS = 3
TERMS = QUARTERS = 4


class File(NamedTuple):
    """A file before it is written. `ago` counts months before `as_of`, terms or quarters."""

    ago: int
    period: str
    table: Table


Feed: TypeAlias = Callable[[Life], Iterator[File]]


def _monthly(months: int, table: Callable[[Life, int], Table]) -> Feed:
    def files(life: Life) -> Iterator[File]:
        for ago in range(months, 0, -1):
            month = life.county.t - ago
            yield File(ago, month_text(month), table(life, month))

    return files


def _by_term(table: Callable[[Life, str, int, int], Table]) -> Feed:
    def files(life: Life) -> Iterator[File]:
        for ago, term in zip(range(TERMS, 0, -1), last_terms(life.county.t, TERMS), strict=True):
            yield File(ago, term[0], table(life, *term))

    return files


def _quarterly(table: Callable[[Life, int], Table]) -> Feed:
    def files(life: Life) -> Iterator[File]:
        for ago, month in zip(range(QUARTERS, 0, -1), last_quarters(life.county.t, QUARTERS), strict=True):
            yield File(ago, month_text(month), table(life, month))

    return files


def _on_event(months: int, table: Callable[[Life, int], tuple[date | None, Table]]) -> Feed:
    """A file for each month in which anything happened, named by its last day."""

    def files(life: Life) -> Iterator[File]:
        for ago in range(months, 0, -1):
            last, happened = table(life, life.county.t - ago)
            if last:
                yield File(ago, day_text(last), happened)

    return files


def _statements(life: Life) -> Iterator[File]:
    county = life.county
    yield File(24, month_text(county.t - 24), income.income(county, county.t - 24))
    yield File(12, month_text(county.t - 12), income.corrected_income(county, county.t - 12))


def _trial(life: Life) -> Iterator[File]:
    month = life.county.t - 2
    yield File(2, day_text(last_day(month)), civil_affairs.followups(month))


def _supervised_trial(life: Life) -> Iterator[File]:
    month = life.county.t - 2
    yield File(2, day_text(last_day(month)), civil_affairs.rectifications(month))


def _settlements(life: Life) -> Iterator[File]:
    patients = illness.Patients.of(life.county)
    for i in range(HISTORY):
        table = illness.settlements(life.county, patients, life.bills, i)
        yield File(HISTORY - i, month_text(life.county.start + i), table)


FEEDS: Mapping[str, Feed] = {
    "civil_affairs_members": _monthly(REGISTER_MONTHS, lambda life, month: civil_affairs.members(life.county, month)),
    "civil_affairs_assistance": _monthly(REGISTER_MONTHS, civil_affairs.assistance),
    "civil_affairs_income": _statements,
    "civil_affairs_followups": _trial,
    "civil_affairs_rectifications": _supervised_trial,
    "civil_affairs_reports": _on_event(REPORT_MONTHS, civil_affairs.reports),
    "education_students": _by_term(education.students),
    "education_aid": _by_term(education.aid),
    "employment_contributions": _monthly(
        HISTORY, lambda life, month: pay.contributions(life.county, life.wages, life.index(month))
    ),
    "employment_pensions": _monthly(
        HISTORY, lambda life, month: pay.pension_payments(life.county, life.pensions, life.index(month))
    ),
    "employment_unemployment": _monthly(
        REGISTER_MONTHS, lambda life, month: pay.unemployment(life.county, life.registrations, month)
    ),
    "health_settlements": _settlements,
    "health_insurance": _monthly(REGISTER_MONTHS, health.insurance),
    "health_records": _monthly(FLOW_MONTHS, health.records),
    "public_security_registry": _monthly(REGISTER_MONTHS, public_security.registry),
    "disability_cards": _monthly(REGISTER_MONTHS, disability.cards),
    "agriculture_monitoring": _monthly(REGISTER_MONTHS, agriculture.monitoring),
    "emergency_events": _on_event(EVENT_MONTHS, emergency.events),
    "housing_dwellings": _quarterly(housing.dwellings),
    "housing_fund": _monthly(FLOW_MONTHS, housing.fund),
}


def feed_of(contract: Contract) -> Feed:
    """The feed of an extract; where nobody has written one, rows made from the contract's declaration alone."""
    if contract.extract in FEEDS:
        return FEEDS[contract.extract]
    if declared.is_by_term(contract):
        return _by_term(lambda life, term, first, year: declared.table(contract, life, first + 1, term))
    months = REGISTER_MONTHS if contract.is_awaited else REPORT_MONTHS
    return _monthly(months, lambda life, month: declared.table(contract, life, month))


def extracts() -> list[str]:
    """Every extract that has a contract, the simulated ones first."""
    return [*FEEDS, *(name for name in contracts() if name not in FEEDS)]
