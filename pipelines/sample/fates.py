"""What the plan's events do to persons: death, prison, disappearance, illness and its bills, disability, schooling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipelines.sample.families import GRANDCHILD, HEAD
from pipelines.sample.illness import CHRONIC, Bill
from pipelines.sample.life import Card, Diagnosis, Disaster, Dwelling, Life, Monitoring, Refusal
from pipelines.sample.months import day_in, year_of
from pipelines.sample.pay import ABSENT, ENDED
from pipelines.sample.plan import Planned
from pipelines.sample.work import Happening

MAJOR_ILLNESS, CHRONIC_ILLNESS = "1", "2"
NATURAL, FIRE, TRAFFIC = "1", "2", "3"
DEAD = "2"
SLIGHT, SEVERE, COLLAPSED = "1", "2", "3"
LIMBS, SIGHT, MENTAL = "4", "1", "6"
DROPPED_OUT, MOVED_AWAY = "3", "5"
NEAR_POVERTY = "1"


def die(life: Life, planned: Planned, position: int) -> None:
    """The person at this position of the family dies on the planned day, and every payment ends."""
    person, after = life.county.of(planned, position), life.index(planned.month) + 1
    life.deaths[person] = planned.on
    life.county.persons[person].is_quiet = True
    if person in life.wages.row_of:
        life.wages.state[life.wages.row_of[person], after:] = ABSENT
    if person in life.pensions.row_of:
        row = life.pensions.row_of[person]
        life.pensions.state[row, after:] = 0
        life.pensions.state[row, after : after + 1] = ENDED


def leave_by_death(life: Life, planned: Planned, position: int) -> None:
    """The same, and civil affairs hears of it."""
    die(life, planned, position)
    life.county.memberships[life.county.of(planned, position)].to_month = planned.month


def _earner_dies(life: Life, planned: Planned) -> None:
    leave_by_death(life, planned, 0)
    life.county.memberships[life.county.of(planned, 1)].becomes = planned.month, HEAD


def _elder_dies(life: Life, planned: Planned) -> None:
    leave_by_death(life, planned, 3)


def _both_parents_die(life: Life, planned: Planned) -> None:
    parents = life.county.of(planned, 0), life.county.of(planned, 1)
    for position in (0, 1):
        leave_by_death(life, planned, position)
    for position, relation in ((2, GRANDCHILD), (3, HEAD)):
        life.county.memberships[life.county.of(planned, position)].becomes = planned.month, relation
    harmed = tuple((parent, DEAD) for parent in parents)
    life.disasters.append(Disaster(planned.household, TRAFFIC, planned.on, harmed=harmed))


def _goes_to_prison(life: Life, planned: Planned) -> None:
    father = life.county.of(planned)
    life.in_prison[father] = planned.on
    life.wages.state[life.wages.row_of[father], life.index(planned.month) + 1 :] = ABSENT


def _no_parent_left(life: Life, planned: Planned) -> None:
    """The father went to prison nine months before the mother disappeared."""
    _goes_to_prison(life, replace(planned, month=planned.month - 9))
    mother = life.county.of(planned, 1)
    life.missing[mother] = planned.on
    life.wages.state[life.wages.row_of[mother], life.index(planned.month) + 1 :] = ABSENT


# Illness ------------------------------------------------------------------------------------------------------------


def _no_other_bills(life: Life, planned: Planned) -> None:
    for person in life.county.people_of(life.county.households[planned.household]):
        life.county.persons[person].is_quiet = True


def _one_bill(person: int, total: int, left: int, disease: str) -> Happening:
    """One stay of the person at this position of the family, and no other bill."""

    def bill(life: Life, planned: Planned) -> None:
        _no_other_bills(life, planned)
        life.settle(Bill(life.county.of(planned, person), planned.on, total, left, disease=disease))

    return bill


def _two_big_bills(life: Life, planned: Planned) -> None:
    _no_other_bills(life, planned)
    wife = life.county.of(planned, 1)
    life.settle(Bill(wife, planned.on, 128_000, 52_000, disease="C50.900"))
    life.settle(Bill(wife, day_in(planned.month + 1, 16), 91_000, 38_000, disease="C50.900"))


def _bill_refunded(life: Life, planned: Planned) -> None:
    _no_other_bills(life, planned)
    head = life.county.of(planned)
    month_after = day_in(planned.month + 1, 9)
    wrong = life.settle(Bill(head, planned.on, 34_000, 30_000, disease="S72.000"))
    life.settle(replace(wrong, settled_on=month_after, taken_back_on=wrong.settled_on))
    life.settle(Bill(head, month_after, 34_000, 2_100, disease="S72.000"))


def _bill_refunded_later(life: Life, planned: Planned) -> None:
    _no_other_bills(life, planned)
    head, later = life.county.of(planned), life.county.as_of
    wrong = life.settle(Bill(head, planned.on, 35_000, 31_000, disease="S72.000"))
    life.settle_later(replace(wrong, settled_on=later, taken_back_on=wrong.settled_on))
    life.settle_later(Bill(head, later, 35_000, 2_200, disease="S72.000"))


def _chronic_costs(life: Life, planned: Planned) -> None:
    _no_other_bills(life, planned)
    for month in range(planned.month, life.county.t):
        left = 960 + 20 * (month % 5)
        life.settle(Bill(life.county.of(planned), day_in(month, 12), 4_300, left, CHRONIC, "N18.900"))


def _refused_then_ill(life: Life, planned: Planned) -> None:
    _one_bill(0, 62_000, 21_000, "I63.900")(life, planned)
    life.refusals.append(Refusal(planned.household, day_in(planned.month - 5, 14)))


def _monitored_bill(total: int, left: int) -> Happening:
    def bill(life: Life, planned: Planned) -> None:
        _one_bill(1, total, left, "I63.900")(life, planned)
        since = day_in(planned.month - 14, 8)
        life.monitorings.append(Monitoring(planned.household, NEAR_POVERTY, since, "1", 11_800))

    return bill


def _diagnosed(record: str, disease: str) -> Happening:
    def diagnosed(life: Life, planned: Planned) -> None:
        life.diagnoses.append(Diagnosis(life.county.of(planned, 1), record, disease, planned.on))

    return diagnosed


def _uninsured(position: int) -> Happening:
    def uninsured(life: Life, planned: Planned) -> None:
        life.uninsured_since[life.county.of(planned, position)] = year_of(planned.month)

    return uninsured


# Disability -----------------------------------------------------------------------------------------------------------


def _new_card(position: int, kind: str, grade: str) -> Happening:
    def card(life: Life, planned: Planned) -> None:
        person = life.county.of(planned, position)
        life.cards[person] = [Card(person, kind, grade, planned.on, is_subsidised=True)]

    return card


def _raised(life: Life, planned: Planned) -> None:
    person, long_ago = life.county.of(planned), day_in(planned.month - 40, 9)
    life.cards[person] = [
        Card(person, SIGHT, "4", long_ago, cancelled_on=planned.on),
        Card(person, SIGHT, "2", planned.on, is_subsidised=True),
    ]


def _renewed(life: Life, planned: Planned) -> None:
    person, ten_years_ago = life.county.of(planned), day_in(planned.month - 120, 9)
    life.cards[person] = [Card(person, LIMBS, "2", ten_years_ago, renewed_on=planned.on, is_subsidised=True)]


def _without_subsidies(life: Life, planned: Planned) -> None:
    wife = life.county.of(planned, 1)
    life.cards[wife] = [replace(card, is_subsidised=False) for card in life.cards[wife]]


# School, house, disaster --------------------------------------------------------------------------------------------


def _leaves_school(status: str) -> Happening:
    def leaves(life: Life, planned: Planned) -> None:
        life.out_of_school[life.county.of(planned, 2)] = planned.month, status

    return leaves


def _no_aid_at_school(life: Life, planned: Planned) -> None:
    life.unaided_pupils.add(life.county.of(planned, 1))


def _house_of(danger: str) -> Happening:
    def house(life: Life, planned: Planned) -> None:
        life.dwellings[planned.household] = Dwelling(danger, planned.on)

    return house


def _struck(kind: str, loss: int, dwelling: str, relief: int) -> Happening:
    def struck(life: Life, planned: Planned) -> None:
        life.disasters.append(Disaster(planned.household, kind, planned.on, loss, dwelling, relief=relief))

    return struck


HAPPENINGS: Mapping[str, Happening] = {
    "earner_died": _earner_dies,
    "elder_died": _elder_dies,
    "orphaned": _both_parents_die,
    "unattended_child": _no_parent_left,
    "father_in_prison": _goes_to_prison,
    "big_hospital_bill": _two_big_bills,
    "bill_just_over": _one_bill(0, 71_000, 26_300, "I25.100"),
    "bill_just_under": _one_bill(0, 70_000, 25_700, "I25.100"),
    "stay_just_over": _one_bill(1, 41_000, 10_200, "K80.200"),
    "stay_just_under": _one_bill(1, 40_000, 9_800, "K80.200"),
    "aided_bill_over": _one_bill(0, 48_000, 10_300, "N18.900"),
    "aided_bill_under": _one_bill(0, 46_000, 9_700, "N18.900"),
    "monitored_bill_over": _monitored_bill(47_000, 11_900),
    "monitored_bill_under": _monitored_bill(45_000, 11_200),
    "bill_refunded": _bill_refunded,
    "bill_refunded_later": _bill_refunded_later,
    "chronic_costs": _chronic_costs,
    "refused_then_ill": _refused_then_ill,
    "major_illness": _diagnosed(MAJOR_ILLNESS, "C34.900"),
    "illness_long_known": _diagnosed(MAJOR_ILLNESS, "C50.900"),
    "chronic_illness": _diagnosed(CHRONIC_ILLNESS, "I10.x00"),
    "not_insured": _uninsured(1),
    "not_insured_by_choice": _uninsured(2),
    "severe_disability": _new_card(1, LIMBS, "1"),
    "mental_disability": _new_card(1, MENTAL, "3"),
    "disability_grade_3": _new_card(0, LIMBS, "3"),
    "disability_raised": _raised,
    "disability_renewed": _renewed,
    "subsidies_missing": _without_subsidies,
    "student_without_aid": _no_aid_at_school,
    "dropped_out": _leaves_school(DROPPED_OUT),
    "left_after_junior": _leaves_school(DROPPED_OUT),
    "moved_school": _leaves_school(MOVED_AWAY),
    "dangerous_dwelling": _house_of("D"),
    "dwelling_to_repair": _house_of("B"),
    "dangerous_and_empty": _house_of("D"),
    "fire_loss": _struck(FIRE, 86_000, SEVERE, 3_000),
    "flood_loss": _struck(NATURAL, 42_000, COLLAPSED, 2_000),
    "small_loss": _struck(NATURAL, 1_800, SLIGHT, 0),
}
