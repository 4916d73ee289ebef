"""Illness and what it costs: everyday bills by chance, the plan's bills by date, and the settlement file of 医保."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.families import Living
from pipelines.sample.months import calendar_month, day_in, month_of, month_text
from pipelines.sample.people import County
from pipelines.sample.tables import Numbers, Table, texts, yuan

OUTPATIENT, CHRONIC, INPATIENT = 11, 14, 21
OLD = 60  # years, from which people see a doctor more often

# Chance of a visit in a month, under and from 60 years.
OUTPATIENT_RATES = (0.06, 0.20)
INPATIENT_RATES = (0.002, 0.008)
OUTPATIENT_TOTAL = 160  # yuan, middle of a visit's cost
INPATIENT_TOTAL = 5200  # yuan, middle of an ordinary stay's cost
OUTPATIENT_FUND = 0.5  # share that the funds pay
INPATIENT_FUND = 0.7
MOST_LEFT_BY_CHANCE = 2400  # yuan of an ordinary stay that stay with the family: ordinary illness ruins nobody here
AIDED_FUND = 0.9  # share that the funds pay for families on assistance, medical aid included
HOSPITAL_BORNE_EVERY = 9  # one of so many stays: the hospital bears a little that it must not charge
HOSPITAL_BORNE = 35  # yuan

OWN_EXPENSE, OVER_LIMIT, PRE_SELF_PAY = 0.06, 0.01, 0.04  # shares of the whole cost
MAJOR_ILLNESS_SHARE = 0.3  # of what the funds pay for the plan's stays of residents
ACCOUNT_SHARE = 0.4  # of what stays with employees and pensioners, paid from the personal account

DISEASES = ("J18.900", "I10.x00", "K29.500", "M51.200", "E11.900", "S52.500")
EMPLOYEES_INSURANCE = (Living.WORKER, Living.SEASONAL, Living.RETIRING, Living.SELF_EMPLOYED, Living.PENSION)
FIRST_PLANNED_SERIAL = 9_000_000


@dataclass(frozen=True)
class Bill:
    """A settlement of the plan, amounts in yuan. A refund takes back the bill of the same serial in `taken_back_on`."""

    person: int
    settled_on: date
    total: int
    left: int
    visit: int = INPATIENT
    disease: str = "I21.900"
    serial: int = 0
    taken_back_on: date | None = None


@dataclass(frozen=True)
class Patients:
    """What chance must know of every person."""

    born: Numbers
    is_quiet: NDArray[np.bool_]
    is_aided: NDArray[np.bool_]

    @staticmethod
    def of(county: County) -> Patients:
        people = county.persons
        return Patients(
            np.array([month_of(person.born) for person in people], dtype=np.int64),
            np.array([person.is_quiet for person in people], dtype=bool),
            np.array([bool(county.households[person.household].family.aid) for person in people], dtype=bool),
        )


def settlements(county: County, patients: Patients, bills: list[Bill], i: int) -> Table:
    """The file of the i-th month, in order of day and number."""
    month = county.start + i
    chance = _by_chance(patients, county.draws(1000 + month), month)
    planned = [bill for bill in bills if month_of(bill.settled_on) == month]
    return _file(county, month, chance, planned)


def planned_settlements(county: County, bills: list[Bill], month: int) -> Table:
    """A file of the plan's bills alone."""
    return _file(county, month, {name: values[:0] for name, values in _by_plan(county, bills).items()}, bills)


def _file(county: County, month: int, chance: dict[str, Numbers], planned: list[Bill]) -> Table:
    columns = {name: np.concatenate((chance[name], values)) for name, values in _by_plan(county, planned).items()}
    diseases = [DISEASES[d] for d in chance.get("disease", chance["person"]).tolist()] + [b.disease for b in planned]
    taken_back = [""] * len(chance["person"])
    taken_back += [_settlement_id(b.taken_back_on, b.serial) if b.taken_back_on else "" for b in planned]
    order = np.lexsort((columns["serial"], columns["day"]))
    table = _written(county, month, {name: values[order] for name, values in columns.items()})
    table["disease_code"] = [diseases[place] for place in order.tolist()]
    table["refunded_settlement_id"] = [taken_back[place] for place in order.tolist()]
    return table


def _by_chance(patients: Patients, draws: np.random.Generator, month: int) -> dict[str, Numbers]:
    """Everyday visits and stays of all but the persons whose bills the plan names."""
    is_aided = patients.is_aided
    is_old = month - patients.born >= OLD * 12
    luck = draws.random((2, len(is_old)))
    is_there = ~patients.is_quiet & (patients.born <= month)
    found = {}
    kinds = (
        (OUTPATIENT, OUTPATIENT_RATES, OUTPATIENT_TOTAL, OUTPATIENT_FUND),
        (INPATIENT, INPATIENT_RATES, INPATIENT_TOTAL, INPATIENT_FUND),
    )
    for row, (visit, rates, middle, share) in enumerate(kinds):
        person = np.flatnonzero(is_there & (luck[row] < np.where(is_old, rates[1], rates[0])))
        spread = draws.random((3, len(person)))
        total = np.round(middle * 100 * np.exp(1.2 * spread[0] - 0.6)).astype(np.int64)
        fund = np.round(total * np.where(is_aided[person], AIDED_FUND, share * (0.9 + 0.2 * spread[1]))).astype(
            np.int64
        )
        hospital = np.where((visit == INPATIENT) & (person % HOSPITAL_BORNE_EVERY == 0), HOSPITAL_BORNE * 100, 0)
        fund = np.maximum(fund, total - hospital - MOST_LEFT_BY_CHANCE * 100)
        aid = np.where(is_aided[person], fund // 4, 0)
        found[visit] = {
            "person": person, "day": (1 + 27 * spread[2]).astype(np.int64), "visit": np.full(len(person), visit),
            "total": total, "pooled": fund - aid, "major": np.zeros(len(person), np.int64), "aid": aid,
            "hospital": hospital, "sign": np.ones(len(person), np.int64),
        }  # fmt: skip
    both = {name: np.concatenate([found[visit][name] for visit in found]) for name in found[OUTPATIENT]}
    both["serial"] = np.arange(1, len(both["person"]) + 1)
    both["disease"] = draws.integers(0, len(DISEASES), len(both["person"]))
    return both


def _by_plan(county: County, bills: list[Bill]) -> dict[str, Numbers]:
    fund = np.array([bill.total - bill.left for bill in bills], dtype=np.int64) * 100
    is_resident = [county.persons[bill.person].living not in EMPLOYEES_INSURANCE for bill in bills]
    is_large = np.array([r and b.visit == INPATIENT for r, b in zip(is_resident, bills, strict=True)], dtype=bool)
    major = np.where(is_large, np.round(fund * MAJOR_ILLNESS_SHARE).astype(np.int64), 0)

    def numbers(values: list[int]) -> Numbers:
        return np.array(values, dtype=np.int64)

    return {
        "person": numbers([bill.person for bill in bills]),
        "day": numbers([bill.settled_on.day for bill in bills]),
        "visit": numbers([bill.visit for bill in bills]),
        "total": numbers([bill.total * 100 for bill in bills]),
        "pooled": fund - major,
        "major": major,
        "aid": numbers([0] * len(bills)),
        "hospital": numbers([0] * len(bills)),
        "sign": numbers([-1 if bill.taken_back_on else 1 for bill in bills]),
        "serial": numbers([bill.serial + (bill.taken_back_on is not None) for bill in bills]),
    }


def _settlement_id(day: date, serial: int) -> str:
    return f"S{month_text(month_of(day))}{serial:07d}"


def _written(county: County, month: int, bill: dict[str, Numbers]) -> Table:
    sign, total = bill["sign"], bill["total"]
    fund = bill["pooled"] + bill["major"] + bill["aid"]
    left = total - fund - bill["hospital"]
    people = [county.persons[p] for p in bill["person"].tolist()]
    is_employee = np.array([person.living in EMPLOYEES_INSURANCE for person in people], dtype=bool)
    account = np.where(is_employee, np.round(left * ACCOUNT_SHARE).astype(np.int64), 0)
    stay = np.where(bill["visit"] == INPATIENT, 4 + bill["person"] % 9, 0)
    days = [day_in(month, day) for day in bill["day"].tolist()]
    serials = [f"{month_text(month)}{serial:07d}" for serial in bill["serial"].tolist()]

    def share(part: float) -> list[str]:
        return yuan(np.round(np.minimum(total * part, left / 3)).astype(np.int64) * sign)

    return {
        "id_no": [person.id_no for person in people],
        "name": [person.name for person in people],
        "settlement_id": [f"S{serial}" for serial in serials],
        "visit_id": [f"V{serial}" for serial in serials],
        "insurance": ["310" if is_one else "390" for is_one in is_employee.tolist()],
        "visit_type": texts(bill["visit"]),
        "admitted": [(d - timedelta(days=n)).isoformat() for d, n in zip(days, stay.tolist(), strict=True)],
        "discharged": [d.isoformat() for d in days],
        "settled_at": [d.isoformat() for d in days],
        "total": yuan(total * sign),
        "own_expense": share(OWN_EXPENSE),
        "over_limit": share(OVER_LIMIT),
        "pre_self_pay": share(PRE_SELF_PAY),
        "pooled": yuan(bill["pooled"] * sign),
        "major_illness": yuan(bill["major"] * sign),
        "medical_aid": yuan(bill["aid"] * sign),
        "fund_total": yuan(fund * sign),
        "hospital_borne": _hospital_borne(month, bill["hospital"] * sign),
        "personal_total": yuan(left * sign),
        "account_pay": yuan(account * sign),
        "cash": yuan((left - account) * sign),
        "is_refund": ["1" if s < 0 else "0" for s in sign.tolist()],
    }


def _hospital_borne(month: int, fen: Numbers) -> list[str]:
    """Some months say 0.00 and others leave the cell blank: both balance."""
    blank = "" if calendar_month(month) % 2 else "0.00"
    return [text if text != "0.00" else blank for text in yuan(fen)]
