"""Who is insured and what the health bureau records: 医保's register and 卫健's records."""

from __future__ import annotations

import numpy as np

from pipelines.sample.illness import EMPLOYEES_INSURANCE
from pipelines.sample.life import Diagnosis, Life
from pipelines.sample.months import calendar_month, day_in, month_of, year_of
from pipelines.sample.tables import Table, add, blank, day_cell, who

DECEMBER = 12
IN_FORCE, ENDED = "1", "3"
BORN, DIED = "5", "4"
CHRONIC = "2"
CHRONIC_RATE = 0.04  # new registrations of a chronic illness a month, among people of 40 and more
CHRONIC_DISEASES = ("I10.x00", "E11.900", "J44.900", "I25.100", "M06.900")


def insurance(life: Life, month: int) -> Table:
    """The register at the end of the month. The premium of the next year is paid by December."""
    county = life.county
    year = year_of(month)
    insured = [p for p, person in enumerate(county.persons) if person.numbered_from <= month]
    years = {year: str(year)} | ({year + 1: str(year + 1)} if calendar_month(month) == DECEMBER else {})
    rows = [
        (p, text) for p in insured for y, text in years.items()
        if y < life.uninsured_since.get(p, y + 1) and not _is_dead_before(life, p, y)
    ]  # fmt: skip
    persons = [p for p, _ in rows]
    is_employee = [county.persons[p].living in EMPLOYEES_INSURANCE for p in persons]
    return who(county, persons) | {
        "insurance": ["310" if e else "390" for e in is_employee],
        "year": [text for _, text in rows],
        "status": [ENDED if p in life.deaths and month_of(life.deaths[p]) <= month else IN_FORCE for p in persons],
        "subsidy": ["1" if county.households[county.persons[p].household].family.aid else "0" for p in persons],
    }


def _is_dead_before(life: Life, person: int, year: int) -> bool:
    return person in life.deaths and life.deaths[person].year < year


def records(life: Life, month: int) -> Table:
    """Diagnoses, deaths and births of the month. Deaths by accident are not told by hospitals."""
    county = life.county
    table = blank("id_no name record disease_code recorded_on mother_id")
    by_accident = {person for disaster in life.disasters for person, _ in disaster.harmed}
    told = [d for d in life.diagnoses if month_of(d.on) == month] + _by_chance(life, month)
    for one in told:
        person = county.persons[one.person]
        add(table, [person.id_no, person.name, one.record, one.disease, day_cell(one.on), ""])
    for number, on in life.deaths.items():
        if month_of(on) == month and number not in by_accident:
            person = county.persons[number]
            add(table, [person.id_no, person.name, DIED, "", day_cell(on), ""])
    for person in county.persons:
        if person.numbered_from == month and month_of(person.born) == month:
            mother = county.persons[county.households[person.household].first + 1]
            add(table, [person.id_no, person.name, BORN, "", day_cell(person.born), mother.id_no])
    return table


def _by_chance(life: Life, month: int) -> list[Diagnosis]:
    """Chronic illnesses of grown people whom the plan leaves alone: they ruin nobody."""
    county = life.county
    luck = county.draws(5000 + month).random(len(county.persons))
    found = []
    for number in np.flatnonzero(luck < CHRONIC_RATE).tolist():
        person = county.persons[number]
        if month - month_of(person.born) >= 40 * 12 and not county.households[person.household].planned:
            disease = CHRONIC_DISEASES[number % len(CHRONIC_DISEASES)]
            found.append(Diagnosis(number, CHRONIC, disease, day_in(month, 1 + number % 28)))
    return found
