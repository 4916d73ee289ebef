"""Illness and its bills: everyday visits and stays by age, the great illnesses, and what insurance leaves to pay."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from pipelines.bench.living import YEAR, Shock, World
from pipelines.bench.parameters import value
from pipelines.sample.illness import CHRONIC, EMPLOYEES_INSURANCE, INPATIENT, OUTPATIENT, Bill
from pipelines.sample.life import Diagnosis
from pipelines.sample.months import day_in

SETTLEMENTS, RECORDS = "health_settlements", "health_records"
OLD = 60
EVERYDAY = ("J18.900", "I10.x00", "K29.500", "M51.200", "E11.900", "S52.500")
GREAT = {"cancer": "C34.900", "stroke": "I63.900", "heart_attack": "I21.900"}
MAJOR = "1"
# How much likelier than the mean of all ages a great illness is, under 40, to 60, and from 60 years.
BY_AGE = (0.1, 1.0, 3.0)
TREATED_MONTHS = (2, 9)
LEAST_OF_A_PLANNED_STAY = 2000  # yuan


def fall_ill(world: World) -> None:
    """Enter every bill of every month, oldest first: what the major-illness insurance pays depends on the year."""
    draws = world.county.draws(31)
    planned = _great_illnesses(world, draws)
    for shock_person, i, total in _accidents(world, draws):
        planned[i].append((shock_person, total, "S72.000", INPATIENT))
    ledger = _Ledger(world)
    for i in range(world.months):
        found = [*_everyday(world, i, draws), *planned.get(i, [])]
        days = draws.integers(1, 29, len(found)).tolist()
        for (person, total, disease, visit), day in sorted(zip(found, days, strict=True), key=lambda pair: pair[1]):
            if world.there[person, i]:
                ledger.enter(person, i, day, total, disease, visit, draws)


class _Ledger:
    """Settles bills in the order of time and knows what a person has paid of the year."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.paid: dict[tuple[int, int], float] = defaultdict(float)

    def enter(
        self, person: int, i: int, day: int, total: int, disease: str, visit: int, draws: np.random.Generator
    ) -> None:
        world, county = self.world, self.world.county
        month, home = county.start + i, int(world.home[person])
        left = round(self._left(person, month // YEAR, total, visit))
        bill = Bill(person, day_in(month, day), total, left, visit, disease)
        is_wrong = visit == INPATIENT and i + 1 < world.months and draws.random() < value("refund_rate")
        if is_wrong:  # first nothing is reimbursed; a month later it is taken back and settled as it should be
            wrong = world.life.settle(Bill(person, bill.settled_on, total, total, visit, disease))
            back = day_in(month + 1, day)
            world.life.settle(
                Bill(person, back, total, total, visit, disease, wrong.serial, taken_back_on=bill.settled_on)
            )  # fmt: skip
            bill = Bill(person, back, total, left, visit, disease)
            world.shocks.append(
                Shock(home, "bill_refunded", wrong.settled_on, "settled under the wrong insurance", 0.0, (SETTLEMENTS,))
            )
        world.life.settle(bill)
        world.outlay[home, i] += left
        if visit == INPATIENT and disease in EVERYDAY:  # others belong to a shock that is told already
            members = world.home == home
            have = float((world.pay + world.pension + world.benefit)[members, max(i - 1, 0)].sum())
            shock = Shock(home, "stay", bill.settled_on, "a stay in hospital", round(left / max(have, 1.0), 3),
                          (SETTLEMENTS,))  # fmt: skip
            world.shocks.append(shock)

    def _left(self, person: int, year: int, total: int, visit: int) -> float:
        one = self.world.county.persons[person]
        is_employee = one.living in EMPLOYEES_INSURANCE
        kind = "outpatient" if visit == OUTPATIENT else "employee" if is_employee else "resident"
        left = total * (1 - value(f"fund_share_{kind}"))
        before = self.paid[person, year]
        if not is_employee:
            over = max(0.0, before + left - max(before, value("major_insurance_from")))
            left -= over * value("major_insurance_share")
        if self.world.county.households[one.household].aid_type:
            left *= 1 - value("medical_aid_share")
        self.paid[person, year] += left
        return left


def _everyday(world: World, i: int, draws: np.random.Generator) -> list[tuple[int, int, str, int]]:
    ages = world.ages(i) / YEAR
    ratio, old = value("inpatient_old_ratio"), ages >= OLD
    young = (1 - old.mean() * ratio) / max(1 - old.mean(), 0.01)  # so that the mean of all is the published rate
    by_age = np.where(old, ratio, max(young, 0.2))
    employee = np.array([p.living in EMPLOYEES_INSURANCE for p in world.county.persons])
    found = []
    sigma = value("stay_sigma")
    means = np.where(employee, value("stay_cost_employee"), value("stay_cost_resident")) * np.exp(-(sigma**2) / 2)
    for visit, rate, middle, spread in (
        (OUTPATIENT, value("outpatient_year"), np.full(len(ages), value("outpatient_cost")), 0.7),
        (INPATIENT, value("inpatient_rate"), means, sigma),
    ):
        luck, cost = draws.random(len(ages)), np.exp(draws.normal(0, spread, len(ages)))
        chosen = np.flatnonzero(world.there[:, i] & (luck < rate * by_age / YEAR))
        disease = draws.integers(0, len(EVERYDAY), len(ages))
        found += [(p, max(10, round(float(middle[p] * cost[p]))), EVERYDAY[disease[p]], visit) for p in chosen.tolist()]
    return found


def _great_illnesses(
    world: World, draws: np.random.Generator
) -> defaultdict[int, list[tuple[int, int, str, int]]]:  # fmt: skip
    """Months of treatment with their bills; an earner works little or not at all meanwhile."""
    planned: defaultdict[int, list[tuple[int, int, str, int]]] = defaultdict(list)
    for kind, disease in GREAT.items():
        luck = draws.random(world.there.shape)
        for i in range(world.months):
            ages = world.ages(i) / YEAR
            rate = value(kind) * np.select([ages < 40, ages < OLD], BY_AGE[:2], BY_AGE[2])
            for person in np.flatnonzero(world.there[:, i] & (luck[:, i] < rate / YEAR)).tolist():
                _great_illness(world, person, i, kind, disease, planned, draws)
    return planned


def _great_illness(
    world: World, person: int, i: int, kind: str, disease: str,
    planned: defaultdict[int, list[tuple[int, int, str, int]]], draws: np.random.Generator,
) -> None:  # fmt: skip
    total = value("big_illness_total") * float(np.exp(draws.normal(0, value("big_illness_sigma"))))
    stays, day = int(draws.integers(1, 5)), int(draws.integers(1, 29))
    lasts, keeps = int(draws.integers(*TREATED_MONTHS)), float(draws.uniform(0.0, 0.6))
    for turn in range(stays):
        planned[i + turn].append((person, max(LEAST_OF_A_PLANNED_STAY, round(total / stays)), disease, INPATIENT))
    for later in range(i + stays, world.months):
        planned[later].append((person, 300 + round(total / 300), disease, CHRONIC))
    on, home = day_in(world.county.start + i, day), int(world.home[person])
    members = world.home == home
    have = float((world.pay + world.pension)[members, i].sum())
    lost = float(world.pay[person, i]) * (1 - keeps) * lasts
    world.pay[person, i + 1 : i + 1 + lasts] *= keeps
    seen = [SETTLEMENTS]
    if draws.random() < 0.8:
        world.life.diagnoses.append(Diagnosis(person, MAJOR, disease, on))
        seen.append(RECORDS)
    severity = (total * (1 - value("fund_share_resident")) + lost) / max(have, 1.0)
    world.shocks.append(Shock(home, kind, on, kind.replace("_", " "), round(severity, 3), tuple(seen)))


def _accidents(world: World, draws: np.random.Generator) -> list[tuple[int, int, int]]:
    """Who was hurt is treated in the month of the accident: the harmed of a disaster, or the head where none told."""
    harmed = {(d.household, d.on): d.harmed[0][0] for d in world.life.disasters if d.harmed}
    found = []
    for shock in world.shocks:
        if shock.kind == "accident":
            person = harmed.get((shock.household, shock.on), world.county.households[shock.household].first)
            i = shock.on.year * 12 + shock.on.month - 1 - world.county.start
            found.append((person, i, round(18_000 * float(np.exp(draws.normal(0, 0.8))))))
    return found
