"""What the plan's events do to households on paper: split, merged, renumbered, entered twice, born into, on aid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipelines.sample.fates import die, leave_by_death
from pipelines.sample.life import Life
from pipelines.sample.pay import ABSENT
from pipelines.sample.people import NEVER, Membership
from pipelines.sample.plan import Planned
from pipelines.sample.work import Happening

TOWN_LOW_INCOME, VILLAGE_LOW_INCOME = "110", "120"
MONTHS_TO_A_NUMBER = 4


def _new_number(life: Life, planned: Planned, beside: str = "") -> int:
    """A household number that civil affairs gives to people of the planned family."""
    county, old = life.county, life.county.households[planned.household]
    place = len(county.households)
    county.households.append(
        replace(
            old, number=f"SZ{place + 1:07d}", address=f"{old.address}{beside}", phone="", planned=planned, aid_type="",
            is_later=True,
        )
    )  # fmt: skip
    life.truth.append((place, planned))
    return place


def _splits(life: Life, planned: Planned) -> None:
    """Son and wife get a household number of their own from the planned month on."""
    new = _new_number(life, planned, "东院")
    for position, relation in ((2, "02"), (3, "10")):
        person = life.county.of(planned, position)
        life.county.memberships[person].to_month = planned.month - 1
        life.county.memberships.append(Membership(person, new, relation, planned.month))


def _merge(life: Life, planned: Planned) -> None:
    """Son and wife had a household number of their own until the planned month."""
    former = _new_number(life, planned, "东院")
    for position, relation in ((2, "02"), (3, "10")):
        membership = life.county.memberships[life.county.of(planned, position)]
        before = Membership(membership.person, former, relation, membership.from_month, planned.month - 1)
        life.county.memberships.append(before)
        membership.from_month = planned.month


def _renumbered(life: Life, planned: Planned) -> None:
    new = _new_number(life, planned)
    for person in life.county.people_of(life.county.households[planned.household]):
        membership = life.county.memberships[person]
        membership.to_month = planned.month - 1
        life.county.memberships.append(Membership(person, new, membership.relation, planned.month))


def joins_family(life: Life, planned: Planned, host: int) -> None:
    """The old parent stands in the family of another household, and in her own where nobody struck her off."""
    county = life.county
    elder = county.of(planned)
    county.households[host].planned = planned
    county.memberships.append(Membership(elder, host, "50", planned.month))
    life.truth.append((host, planned))
    if planned.event.kind == "moved_in":
        county.memberships[elder].to_month = planned.month - 1


def _number_unknown_until(months: int) -> Happening:
    def born(life: Life, planned: Planned) -> None:
        baby = life.county.persons[life.county.of(planned, 2)]
        baby.numbered_from = planned.month + months
        baby.is_quiet = True  # no bill can be settled without a number

    return born


def _aid_goes_on(life: Life, planned: Planned) -> None:
    """The head had no work before; the aid of that time was never ended."""
    life.wages.state[life.wages.row_of[life.county.of(planned)], : life.index(planned.month)] = ABSENT
    life.county.households[planned.household].aid_type = TOWN_LOW_INCOME


def _aid_and_small_wage(life: Life, planned: Planned) -> None:
    _aid_goes_on(life, planned)
    life.wages.amount[life.wages.row_of[life.county.of(planned)]] = 3_900


def _aid_goes_on_after_death(life: Life, planned: Planned) -> None:
    die(life, planned, 1)


def _aid_ends_with_death(life: Life, planned: Planned) -> None:
    leave_by_death(life, planned, 1)


def _aided_twice(life: Life, planned: Planned) -> None:
    """The wife is also the head of a household of her own on paper, and that one is aided too."""
    second = _new_number(life, planned, "西屋")
    life.county.households[second].aid_type = VILLAGE_LOW_INCOME
    life.county.memberships.append(Membership(life.county.of(planned, 1), second, "02", planned.month))


def _nothing_more(life: Life, planned: Planned) -> None:
    """The family's own composition is the event."""


HAPPENINGS: Mapping[str, Happening] = {
    "household_split": _splits,
    "households_merged": _merge,
    "renumbered": _renumbered,
    "birth": _nothing_more,
    "birth_without_number": _number_unknown_until(NEVER),
    "number_came_later": _number_unknown_until(MONTHS_TO_A_NUMBER),
    "aid_goes_on": _aid_goes_on,
    "aid_and_small_wage": _aid_and_small_wage,
    "aid_after_death": _aid_goes_on_after_death,
    "aid_ended_with_death": _aid_ends_with_death,
    "aid_twice": _aided_twice,
    "schooling_cost": _nothing_more,
    "elder_and_disabled": _nothing_more,
    "never_applied": _nothing_more,
    "edge_unaided": _nothing_more,
    "modest_farm": _nothing_more,
    "no_income_at_all": _nothing_more,
    "income_unknown": _nothing_more,
    "member_of_18": _nothing_more,
    "seasonal_wages": _nothing_more,
    "farm_lumps": _nothing_more,
}
