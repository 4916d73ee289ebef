"""Rows for an extract that nobody has simulated, made from its contract alone: valid, and about nobody's life."""

from __future__ import annotations

from collections.abc import Iterator

from expectations.case_ids import case_id, item_no
from expectations.contract import STATE, Column, Contract
from expectations.kinds import AREA12, CASE_ID, CODE, DATE, ID_NO, INTEGER, ITEM_NO, MONEY, MONTH, TERM, YEAR, YES_NO
from pipelines.sample.life import Life
from pipelines.sample.months import HISTORY, calendar_month, day_in, month_text, year_of
from pipelines.sample.people import Household, Person
from pipelines.sample.tables import Table

ONE_IN = 29  # persons that such an extract knows
BLANK_EVERY = 5  # optional cells


def is_by_term(contract: Contract) -> bool:
    return any(column.kind is TERM and column.is_required for column in contract.columns)


def table(contract: Contract, life: Life, month: int, term: str = "") -> Table:
    """A register holds all who came in by the month; other files hold those of the month alone.

    All days of a row are one day, and all its months one month, so that promises about their order hold.
    """
    rows = list(_chosen(contract, life, month))
    promised = {column.name for column in contract.columns if any(column.name in row.measure for row in contract.rows)}
    return {
        column.name: [
            _cell(column, life, number, since, term, is_optional=column.name not in promised) for number, since in rows
        ]
        for column in contract.columns
    }


def _chosen(contract: Contract, life: Life, month: int) -> Iterator[tuple[int, int]]:
    """Persons, and the month in which each came in."""
    county = life.county
    for number, person in enumerate(county.persons):
        if number % ONE_IN != 3 or person.numbered_from > county.start or number in life.deaths:
            continue
        since = county.start + number // ONE_IN % HISTORY
        if contract.delivery == STATE and since <= month:
            yield number, since
        elif contract.delivery != STATE and number // ONE_IN % 3 == month % 3:
            yield number, month


def _cell(column: Column, life: Life, number: int, month: int, term: str, is_optional: bool) -> str:
    """One cell; now and then blank, but for what is required or what a promise of the row names."""
    may_be_blank = is_optional and not column.is_required and not column.is_key
    if may_be_blank and (number + len(column.name)) % BLANK_EVERY == 0:
        return ""
    person = life.county.persons[number]
    household = life.county.households[person.household]
    match column.kind:
        case kind if kind is ID_NO:
            return person.id_no if column.name == "id_no" else life.county.persons[household.first].id_no
        case kind if kind is CODE:
            return list(column.codes)[number % len(column.codes)] if column.name != "op" else "I"
        case kind if kind is MONEY:
            return f"{200 + number % 40 * 50}.00"
        case kind if kind is INTEGER:
            return str(1 + number % 5)
        case kind if kind is CASE_ID:
            return case_id(number)
        case kind if kind is ITEM_NO:
            return item_no(number)
        case kind if kind is DATE:
            return day_in(month, 1 + number % 28).isoformat()
        case kind if kind is MONTH:
            return month_text(month)
        case kind if kind is YEAR:
            return str(year_of(month))
        case kind if kind is TERM:
            return term or f"{year_of(month)}S{1 if 2 <= calendar_month(month) < 8 else 2}"
        case kind if kind is YES_NO:
            return str(int(number % 4 == 0))
        case kind if kind is AREA12:
            return household.area12
    return _text(column, person, household, f"{month_text(month)}{number:07d}")


def _text(column: Column, person: Person, household: Household, serial: str) -> str:
    known = {
        "name": person.name, "household_no": household.number, "grid_code": household.grid_code,
        "address": household.address, "phone": household.phone or "19900000000",
    }  # fmt: skip
    return known.get(column.name) or (serial if column.is_key else f"{column.header}{serial[-2:]}")
