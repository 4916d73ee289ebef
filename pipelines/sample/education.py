"""Who goes to school, what it costs and who is helped: the two files of 教育."""

from __future__ import annotations

from datetime import date

from pipelines.sample.families import IN_SCHOOL, Living
from pipelines.sample.life import Life
from pipelines.sample.months import day_in, years_old
from pipelines.sample.people import County, Person
from pipelines.sample.tables import Table, add, blank

# Fees of a school year in yuan (tuition, boarding) by stage; nothing is asked in the nine compulsory years.
FEES = {
    "1": (3600, 0), "2": (0, 0), "3": (0, 0), "4": (1600, 600), "5": (0, 700), "6": (6000, 900), "7": (5500, 900),
}  # fmt: skip
SEVERE = ("1", "2")  # grades
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
# What a pupil of a listed family gets in a term, by stage: kind of aid and yuan.
AID = {
    "1": ("1", 600), "2": ("3", 500), "3": ("3", 625), "4": ("2", 800), "5": ("4", 1500), "6": ("1", 1650),
    "7": ("1", 1650),
}  # fmt: skip


def students(life: Life, term: str, first_month: int, school_year: int) -> Table:
    """Everyone on the books in a term that begins in `first_month`, in the school year from `school_year`."""
    county = life.county
    table = blank("id_no name guardian1_id guardian2_id school stage ownership status tuition boarding term")
    for number, stage in _enrolled(county, first_month, school_year):
        person = county.persons[number]
        household = county.households[person.household]
        is_private = household.family.name == "two students" and stage in ("6", "7")
        tuition, boarding = PRIVATE_COLLEGE if is_private else FEES[stage]
        guardians = [county.persons[p].id_no for p in county.people_of(household) if _is_guardian(county.persons[p])][
            :2
        ]
        left_on, status = life.out_of_school.get(number, (first_month + 2, "1"))
        add(table, [
            person.id_no, person.name, *guardians, *[""] * (2 - len(guardians)),
            f"{household.address[:2]}{'第一' if number % 2 else '第二'}{SCHOOL_NAMES[stage]}", stage,
            "2" if is_private else "1", status if left_on <= first_month + 1 else "1", f"{tuition}.00",
            f"{boarding}.00", term,
        ])  # fmt: skip
    return table


def aid(life: Life, term: str, first_month: int, school_year: int) -> Table:
    """What the pupils of listed families got: on assistance, monitored, or with a severely disabled member by then."""
    county = life.county
    begins = day_in(first_month, 1)
    listed = {m.household for m in life.monitorings} | {
        county.persons[card.person].household
        for cards in life.cards.values() for card in cards if card.grade in SEVERE and card.issued_on < begins
    }  # fmt: skip
    table = blank("id_no name term aid_kind amount hardship")
    for number, stage in _enrolled(county, first_month, school_year):
        person = county.persons[number]
        household = county.households[person.household]
        is_listed = household.aid_type or person.household in listed
        if is_listed and number not in life.unaided_pupils and number not in life.out_of_school:
            kind, yuan = AID[stage]
            add(table, [person.id_no, person.name, term, kind, f"{yuan}.00", "1" if household.family.aid else "2"])
    return table


def _enrolled(county: County, first_month: int, school_year: int) -> list[tuple[int, str]]:
    born_by = day_in(school_year - 1, 31)
    found = []
    for number, person in enumerate(county.persons):
        if person.living in IN_SCHOOL and person.born < day_in(first_month, 1):
            stage = _stage(person, number, born_by)
            if stage:
                found.append((number, stage))
    return found


def _is_guardian(person: Person) -> bool:
    return person.living not in IN_SCHOOL


def _stage(person: Person, number: int, born_by: date) -> str:
    """The stage of a pupil in the school year that begins after `born_by`; blank for who is too young for school."""
    years = years_old(person.born, born_by)
    if years < 6:
        return "1" if years >= 3 else ""
    if years < 15:
        return "2" if years < 12 else "3"
    if years < 18 or person.living == Living.PUPIL:
        return "5" if number % 3 == 0 else "4"
    return "6" if number % 2 else "7"
