"""The registers of civil affairs and what its own people write: 民政's members, assistance, visits and reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from expectations.case_ids import case_id, item_no
from pipelines.sample.families import Living
from pipelines.sample.life import Life
from pipelines.sample.months import day_in, last_day, month_of, month_text
from pipelines.sample.people import AREA6, FORMER_CODE_OF_TOWN, County, Household, Person
from pipelines.sample.plan import YES
from pipelines.sample.tables import Table, add, blank, money_cell

CHILD_LABOUR, OLD_LABOUR = 16, 70  # years: no work is expected before and after
PARTLY_ABLE = 60
FORMER_CODES_UNTIL = 9  # months before `as_of`: from then on a merged town stands under its new code

VISITS_OF_THE_TRIAL = 9
OUTCOMES = ("01", "09", "18", "05", "14", "08", "12", "03", "06")
REPORTED_EVERY = 3  # one of so many families in need is seen by the grid's own worker
DAYS_TO_A_REPORT = 6
MATTERS = {
    "job": "1", "wage": "1", "benefit": "1", "pension": "1", "big": "2", "chronic": "2", "refused": "2",
    "earner": "3", "fire": "4", "flood": "4", "dropped": "5", "orphaned": "6", "unattended": "6",
}  # fmt: skip


def members(county: County, month: int) -> Table:
    """The register as it stood on the last day of the month: who had joined by then, ended rows included."""
    known = [m for m in county.memberships if m.from_month <= month and county.households[m.household].is_listed]
    people = [county.persons[m.person] for m in known]
    homes = [county.households[m.household] for m in known]
    town_codes = FORMER_CODE_OF_TOWN if county.t - month >= FORMER_CODES_UNTIL else {}
    areas = [_area12(home, town_codes) for home in homes]
    return {
        "id_no": [p.id_no if p.numbered_from <= month else "" for p in people],
        "name": [p.name for p in people],
        "household_no": [home.number for home in homes],
        "relation": [m.becomes[1] if m.becomes and m.becomes[0] <= month else m.relation for m in known],
        "is_coliving": ["1" if m.is_coliving else "0" for m in known],
        "is_supporter": ["1" if m.is_supporter else "0" for m in known],
        "labour": [_labour(p, month) for p in people],
        "health": [_health(p, month) for p in people],
        "area12": areas,
        "grid_code": [_grid_code(area12, home) for area12, home in zip(areas, homes, strict=True)],
        "hukou_type": ["2" if home.family.is_rural else "1" for home in homes],
        "address": [home.address for home in homes],
        "phone": [home.phone if m.relation == "02" else "" for m, home in zip(known, homes, strict=True)],
        "from_month": [month_text(m.from_month) for m in known],
        "to_month": [month_text(m.to_month) if m.to_month is not None and m.to_month <= month else "" for m in known],
    }


def _area12(household: Household, town_codes: Mapping[str, str]) -> str:
    town = household.area12[6:9]
    return f"{AREA6}{town_codes[town]}{household.area12[9:]}" if town in town_codes else household.area12


def _grid_code(area12: str, household: Household) -> str:
    return household.grid_code if area12 == household.area12 else f"{area12}{household.grid_code[12:]}"


def _labour(person: Person, month: int) -> str:
    years = (month - month_of(person.born)) // 12
    if person.living == Living.UNABLE or years < CHILD_LABOUR or years >= OLD_LABOUR:
        return "3"
    return "2" if years >= PARTLY_ABLE else "1"


def _health(person: Person, month: int) -> str:
    if person.living == Living.UNABLE:
        return "4"
    return "1" if month - month_of(person.born) < PARTLY_ABLE * 12 else "2"


def assistance(life: Life, month: int) -> Table:
    """The register as it stood on the last day of the month: aid in force and applications refused."""
    table = blank("id_no name household_no aid_type start_month end_month amount covered result result_date reason")
    county = life.county
    aided = [m for m in county.memberships if county.households[m.household].aid_type and m.from_month <= month]
    for membership in aided:
        person, household = county.persons[membership.person], county.households[membership.household]
        since = max(county.start - 6 - household.first % 30, membership.from_month)
        has_ended = membership.to_month is not None and membership.to_month <= month
        add(table, [
            person.id_no, person.name, household.number, household.aid_type, month_text(since),
            month_text(membership.to_month) if has_ended and membership.to_month else "",
            f"{household.family.aid or 900}.00" if household.aid_type != "600" else "",
            str(len(household.family.members)), "1", day_in(since - 1, 25).isoformat(), "",
        ])  # fmt: skip
    for refusal in life.refusals:
        if refusal.on <= last_day(month):
            household = county.households[refusal.household]
            head, asked = county.persons[household.first], month_text(month_of(refusal.on))
            add(table, [
                head.id_no, head.name, household.number, "120", asked, asked, "", "", "2", refusal.on.isoformat(),
                "收入高于标准",
            ])  # fmt: skip
    return table


def followups(month: int) -> Table:
    """Visits of a trial that had case numbers of its own: none of them is a case of ours."""
    table = blank(
        "case_id visit_date visitor outcome verified_income verified_oop verified_size action note op"
    )  # fmt: skip
    for turn in range(VISITS_OF_THE_TRIAL):
        income = money_cell(800 * (turn % 4 + 1))
        add(table, [
            case_id(month * 1000 + turn), day_in(month, 4 + 2 * turn).isoformat(), f"网格员{turn % 3 + 1}",
            OUTCOMES[turn % len(OUTCOMES)], income, "", str(turn % 4 + 1), "入户核实", "", "I",
        ])  # fmt: skip
    return table


def rectifications(month: int) -> Table:
    """Answers to the supervision of a trial that had numbers of its own: none of them is an item of ours."""
    table = blank("item_no handling handled_on planned_until note op")
    for turn in range(VISITS_OF_THE_TRIAL):
        handling = str(turn % 3 + 1)
        until = day_in(month + 1, 15).isoformat() if handling == "2" else ""
        add(table, [item_no(1000 * month + turn), handling, day_in(month, 4 + 2 * turn).isoformat(), until, "", "I"])
    return table


def reports(life: Life, month: int) -> tuple[date | None, Table]:
    """What grid workers reported of their own in a month, and the last day of it; they know a family or a place."""
    table = blank("report_no reported_on reporter grid_code household_no id_no name address matter urgency note op")
    last = None
    needy = [pair for pair in life.truth if pair[1].event.hardship == YES]
    for turn, (place, planned) in enumerate(needy[::REPORTED_EVERY]):
        if planned.month == month:
            household = life.county.households[place]
            head = life.county.persons[household.first]
            on = planned.on + timedelta(days=DAYS_TO_A_REPORT)
            knows_family, knows_person = turn % 3 != 1, turn % 3 == 0
            matter = MATTERS.get(planned.event.kind.partition("_")[0], "9")
            add(table, [
                f"BG{month_text(month)}{turn + 1:05d}", on.isoformat(), f"网格员{turn % 5 + 1}", household.grid_code,
                household.number if knows_family else "", head.id_no if knows_person else "",
                head.name if knows_person else "", household.address, matter, "1" if matter in "346" else "2", "", "I",
            ])  # fmt: skip
            last = max(last or on, on)
    return last, table
