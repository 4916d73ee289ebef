"""What families declared and civil affairs verified: 民政's file of income."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pipelines.sample.families import MUST_PROVE, Living
from pipelines.sample.months import calendar_month, month_text
from pipelines.sample.pay import SEASON_OFF
from pipelines.sample.people import County, Household, Person
from pipelines.sample.tables import Table, add, blank

MONTHS_OF_A_YEAR = 12
JUNE, OCTOBER = 6, 10
WHEAT, MAIZE = 14_000, 13_000  # yuan that two harvests of a small farm leave
LAND_RENT = 120  # yuan a month, the land of old farmers let to others
HOME_VISIT_EVERY, VERIFIED_EVERY = 7, 3  # one of so many farm incomes was seen or verified; the rest is declared

NEW, CHANGED, WITHDRAWN = "I", "U", "D"
CHANGED_EVERY = 40  # one of so many farm incomes is put right a year later
SUBSIDY_EVERY = 45  # one of so many farmers expects a subsidy that is not paid in the end


class Stated(NamedTuple):
    """One amount that a family declared or civil affairs verified."""

    item: str
    yuan: int
    from_month: int
    to_month: int | None
    source: str


def income(county: County, first_month: int) -> Table:
    """What was declared and verified for the year from `first_month` on."""
    table = blank("id_no name household_no item amount from_month to_month source op")
    for number, person in enumerate(county.persons):
        for stated in _stated(person, county.households[person.household], number, first_month):
            add(table, _income_row(county, person, stated, NEW))
    return table


def corrected_income(county: County, first_month: int) -> Table:
    """The same, with what that year's checks found wrong in the statements of the year before."""
    table = income(county, first_month)
    for number, person in enumerate(county.persons):
        before = _stated(person, county.households[person.household], number, first_month - MONTHS_OF_A_YEAR)
        for stated in before:
            if stated.item == "E":
                add(table, _income_row(county, person, stated, WITHDRAWN))
            elif person.living == Living.FARMER and number % CHANGED_EVERY == 0:
                add(table, _income_row(county, person, stated._replace(yuan=stated.yuan + 60), CHANGED))
    return table


def _income_row(county: County, person: Person, stated: Stated, op: str) -> list[str]:
    to_month = month_text(stated.to_month) if stated.to_month is not None else ""
    return [
        person.id_no, person.name, county.households[person.household].number, stated.item, f"{stated.yuan}.00",
        month_text(stated.from_month), to_month, stated.source, op,
    ]  # fmt: skip


def _stated(person: Person, household: Household, number: int, start: int) -> list[Stated]:
    year = range(start, start + MONTHS_OF_A_YEAR)
    must_prove = bool(household.aid_type) or household.family.name in MUST_PROVE
    source = "2" if must_prove or number % VERIFIED_EVERY == 0 else "3" if number % HOME_VISIT_EVERY == 0 else "1"
    match person.living:
        case Living.FARMER:
            # half of the offices close a year's amount, half leave it open until the next
            farm = Stated("B", person.pay, start, year[-1] if number % 2 else None, source)
            subsidy = Stated("E", 50, start, year[-1], "1")
            return [farm, subsidy] if number % SUBSIDY_EVERY == 0 else [farm]
        case Living.HARVEST:
            sums = [{JUNE: WHEAT, OCTOBER: MAIZE}.get(calendar_month(m), person.pay) for m in year]
            return [Stated("B", amount, first, last, "2") for amount, first, last in _spells(start, sums)]
        case Living.MIGRANT:
            sums = [0 if calendar_month(m) in SEASON_OFF else person.pay for m in year]
            wages = [Stated("A", amount, first, last, "1") for amount, first, last in _spells(start, sums)]
            return [*wages, Stated("F", 200, start, year[-1], "1")] if number % 2 else wages
        case Living.OLD_AGE:
            return [Stated("C", LAND_RENT, start, None, source), Stated("D", person.pay, start, None, source)]
        case Living.UNABLE:
            return [Stated("D", person.pay, start, year[-1], "2"), Stated("X", 80, start, year[-1], "1")]
    return []


def _spells(start: int, sums: list[int]) -> Iterable[tuple[int, int, int]]:
    """Runs of equal months: amount, first month, last month."""
    first = 0
    for i in range(1, len(sums) + 1):
        if i == len(sums) or sums[i] != sums[first]:
            yield sums[first], start + first, start + i - 1
            first = i
