"""The registers of civil affairs and of the schools: members, assistance, declared and verified income, students."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from pipelines.sample.families import IN_SCHOOL, Living
from pipelines.sample.happenings import Life
from pipelines.sample.months import calendar_month, day_in, last_day, month_of, month_text
from pipelines.sample.pay import SEASON_OFF, Table
from pipelines.sample.people import County, Household, Membership, Person

MONTHS_OF_A_YEAR = 12
JUNE, OCTOBER = 6, 10
WHEAT, MAIZE = 14_000, 13_000  # yuan that two harvests of a small farm leave
LAND_RENT = 120  # yuan a month, the land of old farmers let to others
HOME_VISIT_EVERY, VERIFIED_EVERY = 7, 3  # one of so many farm incomes was seen or verified; the rest is declared

CHILD_LABOUR, OLD_LABOUR = 16, 70  # years: no work is expected before and after
PARTLY_ABLE = 60

# Fees of a school year in yuan (tuition, boarding) by stage; nothing is asked in the nine compulsory years.
FEES = {
    "1": (3600, 0), "2": (0, 0), "3": (0, 0), "4": (1600, 600), "5": (0, 700), "6": (6000, 900), "7": (5500, 900),
}  # fmt: skip
PRIVATE_COLLEGE = (18_600, 1_400)
SCHOOL_NAMES = {
    "1": "幼儿园",
    "2": "小学",
    "3": "初级中学",
    "4": "高级中学",
    "5": "职业学校",
    "6": "职业学院",
    "7": "学院",
}


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


def members(county: County, month: int) -> Table:
    """The register as it stood on the last day of the month: who had joined by then, ended rows included."""
    table = _blank(
        "id_no name household_no relation is_coliving is_supporter labour health area12 grid_code hukou_type "
        "address phone from_month to_month"
    )
    known = sorted((m for m in county.memberships if m.from_month <= month), key=lambda m: (m.household, m.person))
    for membership in known:
        _add(table, _member(county, membership, month))
    return table


def _member(county: County, membership: Membership, month: int) -> list[str]:
    person, household = county.persons[membership.person], county.households[membership.household]
    is_head_now = membership.head_from is not None and membership.head_from <= month
    has_ended = membership.to_month is not None and membership.to_month <= month
    return [
        person.id_no,
        person.name,
        household.number,
        "02" if is_head_now else membership.relation,
        "1" if membership.is_coliving else "0",
        "1" if membership.is_supporter else "0",
        _labour(person, month),
        "4" if person.living == Living.UNABLE else "1" if month - month_of(person.born) < PARTLY_ABLE * 12 else "2",
        household.area12,
        household.grid_code,
        "2" if household.family.is_rural else "1",
        household.address,
        household.phone if membership.relation == "02" else "",
        month_text(membership.from_month),
        month_text(membership.to_month) if has_ended and membership.to_month else "",
    ]


def _labour(person: Person, month: int) -> str:
    years = (month - month_of(person.born)) // 12
    if person.living == Living.UNABLE or years < CHILD_LABOUR or years >= OLD_LABOUR:
        return "3"
    return "2" if years >= PARTLY_ABLE else "1"


def assistance(life: Life, month: int) -> Table:
    """The register as it stood on the last day of the month: aid in force and applications refused."""
    table = _blank("id_no name household_no aid_type start_month end_month amount covered result result_date reason")
    county = life.county
    for household in county.households:
        if household.aid_type:
            since = county.start - 6 - household.first % 30
            day = day_in(since - 1, 25).isoformat()
            amount = f"{household.family.aid or 900}.00" if household.aid_type != "600" else ""
            for person in _persons(county, household):
                _add(table, [
                    person.id_no, person.name, household.number, household.aid_type, month_text(since), "", amount,
                    str(len(household.family.members)), "1", day, "",
                ])  # fmt: skip
    for refusal in life.refusals:
        if refusal.on <= last_day(month):
            household = county.households[refusal.household]
            head, asked = county.persons[household.first], month_text(month_of(refusal.on))
            _add(table, [
                head.id_no, head.name, household.number, "120", asked, asked, "", "", "2", refusal.on.isoformat(),
                "收入高于标准",
            ])  # fmt: skip
    return table


def income(county: County, first_month: int) -> Table:
    """What was declared and verified for the year from `first_month` on."""
    table = _blank("id_no name household_no item amount from_month to_month source op")
    for number, person in enumerate(county.persons):
        for stated in _stated(person, county.households[person.household], number, first_month):
            _add(table, _income_row(county, person, stated, NEW))
    return table


def corrected_income(county: County, first_month: int) -> Table:
    """The same, with what that year's checks found wrong in the statements of the year before."""
    table = income(county, first_month)
    for number, person in enumerate(county.persons):
        before = _stated(person, county.households[person.household], number, first_month - MONTHS_OF_A_YEAR)
        for stated in before:
            if stated.item == "E":
                _add(table, _income_row(county, person, stated, WITHDRAWN))
            elif person.living == Living.FARMER and number % CHANGED_EVERY == 0:
                _add(table, _income_row(county, person, stated._replace(yuan=stated.yuan + 60), CHANGED))
    return table


def _income_row(county: County, person: Person, stated: Stated, op: str) -> list[str]:
    to_month = month_text(stated.to_month) if stated.to_month is not None else ""
    return [
        person.id_no, person.name, county.households[person.household].number, stated.item, f"{stated.yuan}.00",
        month_text(stated.from_month), to_month, stated.source, op,
    ]  # fmt: skip


def _stated(person: Person, household: Household, number: int, start: int) -> list[Stated]:
    year = range(start, start + MONTHS_OF_A_YEAR)
    must_prove = bool(household.aid_type) or household.family.name == "poor and unaided"
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


def students(county: County, term: str, first_month: int, school_year: int) -> Table:
    """Everyone enrolled in a term that begins in `first_month`, in the school year from `school_year` (a September)."""
    table = _blank("id_no name guardian1_id guardian2_id school stage ownership status tuition boarding term")
    born_by = day_in(school_year - 1, 31)
    for number, person in enumerate(county.persons):
        stage = _stage(person, number, born_by)
        if stage and person.born < day_in(first_month, 1):
            household = county.households[person.household]
            is_private = household.family.name == "two students" and stage in ("6", "7")
            tuition, boarding = PRIVATE_COLLEGE if is_private else FEES[stage]
            guardians = [p.id_no for p in _persons(county, household) if p.living not in IN_SCHOOL][:2]
            _add(table, [
                person.id_no, person.name, *guardians, *[""] * (2 - len(guardians)),
                f"{household.address[:2]}{'第一' if number % 2 else '第二'}{SCHOOL_NAMES[stage]}", stage,
                "2" if is_private else "1", "1", f"{tuition}.00", f"{boarding}.00", term,
            ])  # fmt: skip
    return table


def _stage(person: Person, number: int, born_by: date) -> str:
    """The stage of a pupil in the school year that begins after `born_by`; blank for who does not go to school."""
    if person.living not in IN_SCHOOL:
        return ""
    years = born_by.year - person.born.year - ((born_by.month, born_by.day) < (person.born.month, person.born.day))
    if years < 6:
        return "1" if years >= 3 else ""
    if years < 15:
        return "2" if years < 12 else "3"
    if years < 18 or person.living == Living.PUPIL:
        return "5" if number % 3 == 0 else "4"
    return "6" if number % 2 else "7"


def _persons(county: County, household: Household) -> list[Person]:
    return county.persons[household.first : household.first + len(household.family.members)]


def _blank(columns: str) -> Table:
    return {name: [] for name in columns.split()}


def _add(table: Table, cells: list[str]) -> None:
    for column, cell in zip(table.values(), cells, strict=True):
        column.append(cell)
