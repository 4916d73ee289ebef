"""What the plan's events do to a family: to its wages, pensions, bills, memberships, schooling and assistance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from pipelines.sample.illness import CHRONIC, FIRST_PLANNED_SERIAL, Bill
from pipelines.sample.months import day_in
from pipelines.sample.pay import (
    ABSENT,
    CLOSED,
    CONTRACT_ENDED,
    DISMISSED,
    ENDED,
    NORMAL,
    PAID,
    SUSPENDED,
    UNPAID,
    Panel,
    Registration,
    floor_base,
    past_registrations,
    pensions,
    wages,
)
from pipelines.sample.people import County, Membership
from pipelines.sample.plan import Planned

TOWN_LOW_INCOME = "110"


@dataclass
class Refusal:
    """An application for assistance that was refused."""

    household: int
    on: date


@dataclass
class Life:
    """The county and all that its people lived through."""

    county: County
    wages: Panel
    pensions: Panel
    registrations: list[Registration]
    bills: list[Bill] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    truth: list[tuple[int, Planned]] = field(default_factory=list)
    """Households that an event touches; an event of two households stands here twice."""

    def settle(self, bill: Bill) -> Bill:
        """Enter a bill under the next free number; a refund keeps the number of what it takes back."""
        serial = bill.serial or FIRST_PLANNED_SERIAL + 10 * len(self.bills)
        self.bills.append(replace(bill, serial=serial))
        return self.bills[-1]


def lived(county: County) -> Life:
    """The history of the county: everyone's steady life, and the plan's events on it."""
    wage = wages(county)
    life = Life(county, wage, pensions(county), past_registrations(county, wage))
    hosts = iter([p for p, h in enumerate(county.households) if not h.planned and h.family.name == "farm and factory"])
    for planned in [household.planned for household in county.households if household.planned]:
        life.truth.append((planned.household, planned))
        if planned.event.family == "old parent alone":
            _joins_family(life, planned, next(hosts))
        else:
            _HAPPENS[planned.event.kind](life, planned)
    _supporters(county)
    return life


def _index(life: Life, month: int) -> int:
    return month - life.county.start


def _lose_job(life: Life, planned: Planned, cause: str) -> tuple[int, Registration]:
    """The head's job ends, in the second half of a month with that month's wage; gives the wage row and the claim."""
    head = life.county.of(planned)
    row = life.wages.row_of[head]
    works_this_month = planned.day > 15
    life.wages.state[row, _index(life, planned.month) + works_this_month :] = ABSENT
    return row, Registration(head, planned.on, cause)


def _job_lost_with_benefit(life: Life, planned: Planned) -> None:
    _, claim = _lose_job(life, planned, CLOSED)
    life.registrations.append(replace(claim, benefit_from=planned.month + 1, benefit_to=planned.month + 12))


def _job_lost_without_benefit(life: Life, planned: Planned) -> None:
    row, claim = _lose_job(life, planned, DISMISSED)
    life.wages.state[row, : _index(life, planned.month) - 10] = ABSENT
    life.registrations.append(claim)


def _benefit_ends(life: Life, planned: Planned) -> None:
    _, claim = _lose_job(life, planned, CLOSED)
    life.registrations.append(replace(claim, benefit_from=planned.month + 1, benefit_to=life.county.t))


def _wage_unpaid(life: Life, planned: Planned) -> None:
    life.wages.state[life.wages.row_of[life.county.of(planned)], _index(life, planned.month) :] = UNPAID


def _new_job(life: Life, planned: Planned) -> None:
    row, claim = _lose_job(life, planned, CONTRACT_ENDED)
    life.registrations.append(replace(claim, cancelled_on=day_in(planned.month + 1, 28)))
    after = _index(life, planned.month) + 1
    life.wages.state[row, after:] = PAID
    life.wages.employer[row, after:] += 1


def _wage_falls_to(percent: int) -> Callable[[Life, Planned], None]:
    def fall(life: Life, planned: Planned) -> None:
        row, i = life.wages.row_of[life.county.of(planned)], _index(life, planned.month)
        life.wages.amount[row, i:] = life.wages.amount[row, i:] * percent // 100

    return fall


def _wage_hidden_by_floor(life: Life, planned: Planned) -> None:
    row, i = life.wages.row_of[life.county.of(planned)], _index(life, planned.month)
    life.wages.amount[row, i:] = floor_base(life.county, i)


def _late_payment(life: Life, planned: Planned) -> None:
    life.wages.is_late[life.wages.row_of[life.county.of(planned)], _index(life, planned.month)] = True


def _earner_dies(life: Life, planned: Planned) -> None:
    head = life.county.of(planned)
    life.wages.state[life.wages.row_of[head], _index(life, planned.month) + 1 :] = ABSENT
    life.county.memberships[head].to_month = planned.month
    life.county.memberships[life.county.of(planned, 1)].head_from = planned.month
    life.county.persons[head].is_quiet = True


def _elder_dies(life: Life, planned: Planned) -> None:
    elder = life.county.of(planned, 3)
    row, after = life.pensions.row_of[elder], _index(life, planned.month) + 1
    life.pensions.state[row, after:] = 0
    life.pensions.state[row, after] = ENDED
    life.county.memberships[elder].to_month = planned.month
    life.county.persons[elder].is_quiet = True


def _pension_suspended(life: Life, planned: Planned) -> None:
    life.pensions.state[life.pensions.row_of[life.county.of(planned)], _index(life, planned.month) :] = SUSPENDED


def _retires(life: Life, planned: Planned) -> None:
    head, after = life.county.of(planned), _index(life, planned.month) + 1
    life.wages.state[life.wages.row_of[head], after:] = ABSENT
    life.pensions.state[life.pensions.row_of[head], after:] = NORMAL


def _no_other_bills(life: Life, planned: Planned) -> None:
    for position in range(len(life.county.households[planned.household].family.members)):
        life.county.persons[life.county.of(planned, position)].is_quiet = True


def _one_bill(person: int, total: int, left: int, disease: str) -> Callable[[Life, Planned], None]:
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


def _chronic_costs(life: Life, planned: Planned) -> None:
    _no_other_bills(life, planned)
    for month in range(planned.month, life.county.t):
        left = 960 + 20 * (month % 5)
        life.settle(Bill(life.county.of(planned), day_in(month, 12), 4_300, left, CHRONIC, "N18.900"))


def _refused_then_ill(life: Life, planned: Planned) -> None:
    _one_bill(0, 62_000, 21_000, "I63.900")(life, planned)
    life.refusals.append(Refusal(planned.household, day_in(planned.month - 5, 14)))


def _aid_goes_on(life: Life, planned: Planned) -> None:
    """The head had no work before; the aid of that time was never ended."""
    life.wages.state[life.wages.row_of[life.county.of(planned)], : _index(life, planned.month)] = ABSENT
    life.county.households[planned.household].aid_type = TOWN_LOW_INCOME


def _splits(life: Life, planned: Planned) -> None:
    """Son and wife get a household number of their own from the planned month on."""
    county = life.county
    old = county.households[planned.household]
    new = len(county.households)
    county.households.append(
        replace(old, number=f"SZ{new + 1:07d}", address=f"{old.address}东院", phone="", planned=planned)
    )
    for position, relation in ((2, "02"), (3, "10")):
        person = county.of(planned, position)
        county.memberships[person].to_month = planned.month - 1
        county.memberships.append(Membership(person, new, relation, planned.month))
    life.truth.append((new, planned))


def _joins_family(life: Life, planned: Planned, host: int) -> None:
    """The old parent stands in the family of another household, and in her own where nobody struck her off."""
    county = life.county
    elder = county.of(planned)
    county.households[host].planned = planned
    county.memberships.append(Membership(elder, host, "50", planned.month))
    life.truth.append((host, planned))
    if planned.event.kind == "moved_in":
        county.memberships[elder].to_month = planned.month - 1


def _born_without_number(life: Life, planned: Planned) -> None:
    baby = life.county.persons[life.county.of(planned, 2)]
    baby.id_no = ""
    baby.is_quiet = True  # no bill can be settled without a number


def _nothing_more(life: Life, planned: Planned) -> None:
    """The family's own composition is the event."""


_HAPPENS: dict[str, Callable[[Life, Planned], None]] = {
    "job_loss_registered": _job_lost_with_benefit,
    "job_loss_no_benefit": _job_lost_without_benefit,
    "job_loss_unpaid": _wage_unpaid,
    "benefit_ends": _benefit_ends,
    "new_job_at_once": _new_job,
    "wage_fall_60": _wage_falls_to(40),
    "wage_fall_50": _wage_falls_to(50),
    "wage_fall_26": _wage_falls_to(74),
    "wage_fall_25": _wage_falls_to(75),
    "wage_fall_24": _wage_falls_to(76),
    "wage_fall_hidden": _wage_hidden_by_floor,
    "earner_died": _earner_dies,
    "pension_stop": _pension_suspended,
    "big_hospital_bill": _two_big_bills,
    "bill_just_over": _one_bill(0, 71_000, 26_300, "I25.100"),
    "bill_just_under": _one_bill(0, 70_000, 25_700, "I25.100"),
    "aided_bill_over": _one_bill(0, 48_000, 10_300, "N18.900"),
    "aided_bill_under": _one_bill(0, 46_000, 9_700, "N18.900"),
    "bill_refunded": _bill_refunded,
    "chronic_costs": _chronic_costs,
    "refused_then_ill": _refused_then_ill,
    "schooling_cost": _nothing_more,
    "never_applied": _nothing_more,
    "aid_goes_on": _aid_goes_on,
    "elder_died": _elder_dies,
    "retired": _retires,
    "household_split": _splits,
    "birth": _nothing_more,
    "birth_without_number": _born_without_number,
    "member_of_18": _nothing_more,
    "seasonal_wages": _nothing_more,
    "farm_lumps": _nothing_more,
    "late_payment": _late_payment,
}


def _supporters(county: County) -> None:
    """Every third pair of old farmers names a grown child elsewhere who must support them: listed, not a member."""
    children = [h for h in county.households if h.family.name == "two wages" and not h.planned]
    parents = [p for p, h in enumerate(county.households) if h.family.name == "old farmers" and not h.planned]
    for parent, child in zip(parents[::3], children, strict=False):
        since = county.memberships[county.households[parent].first].from_month
        county.memberships.append(Membership(child.first, parent, "20", since, is_coliving=False, is_supporter=True))
