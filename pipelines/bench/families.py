"""Who lives together: families by the sizes of the census, and what each grown member lives on."""

from __future__ import annotations

import math

import numpy as np

from pipelines.bench.parameters import value
from pipelines.sample.families import CHILD_OF_HEAD, HEAD, PARENT, SPOUSE, Family, Living, Member

LARGEST = 6
COUPLE = ((HEAD, "m"), (SPOUSE, "f"))
# How families of a size are made up: share, ages of the couple or head, grown and old and young members beside them.
# (share, heads, youngest head, oldest head, children, old parents)
MAKE_UP: dict[int, tuple[tuple[float, int, int, int, int, int], ...]] = {
    1: ((0.52, 1, 22, 59, 0, 0), (0.48, 1, 63, 88, 0, 0)),
    2: ((0.42, 2, 45, 59, 0, 0), (0.42, 2, 63, 84, 0, 0), (0.10, 1, 28, 48, 1, 0), (0.06, 1, 42, 58, 0, 1)),
    3: ((0.78, 2, 27, 50, 1, 0), (0.16, 2, 38, 58, 0, 1), (0.06, 1, 30, 46, 2, 0)),
    4: ((0.60, 2, 28, 48, 2, 0), (0.40, 2, 30, 50, 1, 1)),
    5: ((0.55, 2, 30, 48, 2, 1), (0.45, 2, 32, 50, 1, 2)),
    6: ((1.00, 2, 32, 48, 2, 2),),
}
MONTHS_OF_A_YEAR = 12
YOUNGEST_MOTHER = 23


def families(households: int, draws: np.random.Generator) -> list[Family]:
    """So many families, in the census's sizes and the published share of town and village."""
    shares = np.array([value(f"size_{size}") for size in range(1, LARGEST + 1)])
    sizes = 1 + draws.choice(LARGEST, households, p=shares / shares.sum())
    is_rural = draws.random(households) < value("rural_share")
    return [_family(size, rural, draws) for size, rural in zip(sizes.tolist(), is_rural.tolist(), strict=True)]


def _family(size: int, is_rural: bool, draws: np.random.Generator) -> Family:
    kinds = MAKE_UP[size]
    ends = np.cumsum([kind[0] for kind in kinds])
    _, heads, youngest, oldest, children, parents = kinds[int(np.searchsorted(ends, draws.random() * ends[-1]))]
    age = int(draws.integers(youngest, oldest + 1))
    shared = float(draws.normal(0, value("household_sigma")))
    couple = COUPLE if heads == 2 else ((HEAD, "f" if age > 75 else ""),)
    members: list[Member] = []
    while all(m.living == Living.AT_HOME for m in members):  # somebody keeps a family
        members = [
            _grown(relation, sex, max(21, age - 2 * turn), is_rural, shared, draws)
            for turn, (relation, sex) in enumerate(couple)
        ]
    members += [_child(max(0, age - int(draws.integers(YOUNGEST_MOTHER + 1, 35)) - 3 * n)) for n in range(children)]
    members += [
        _grown(PARENT, "fm"[n], min(90, max(63, age + int(draws.integers(22, 31)))), is_rural, shared, draws)
        for n in range(parents)
    ]
    is_fertile = heads == 2 and age < 40
    if is_fertile and draws.random() < 3 * value("births") / 0.3:  # three in ten households have such a couple
        members.append(Member(CHILD_OF_HEAD, "", (years := -int(draws.integers(0, 2)), years), Living.CHILD))
    return Family("simulated", 0, is_rural, tuple(members))


def _child(age: int) -> Member:
    return Member(CHILD_OF_HEAD, "", (age, age), Living.STUDENT if age >= 18 else Living.CHILD)


def _grown(relation: str, sex: str, age: int, is_rural: bool, shared: float, draws: np.random.Generator) -> Member:
    living = _living(age, is_rural, draws)
    middle = {
        Living.WORKER: value("wage_rural" if is_rural else "wage_urban"),
        Living.MIGRANT: value("wage_migrant") * value("migrant_months") / MONTHS_OF_A_YEAR,
        Living.SELF_EMPLOYED: value("wage_self_employed"),
        Living.FARMER: value("farm_income"),
        Living.PENSION: value("pension_employee"),
        Living.OLD_AGE: value("elder_other_income_rural" if is_rural else "elder_other_income_urban"),
        Living.UNABLE: value("unable_income"),
    }.get(living, 0.0)
    sigma = value("level_sigma")
    own = math.exp(float(draws.normal(0, sigma)) - sigma**2 / 2 + shared)
    return Member(relation, sex, (age, age), living, round(middle * own))


def _living(age: int, is_rural: bool, draws: np.random.Generator) -> Living:
    place, chance = ("rural" if is_rural else "urban"), float(draws.random())
    if draws.random() < value("severely_disabled_share") * (2 if is_rural else 1):
        return Living.UNABLE
    if age >= 60:
        return Living.PENSION if chance < value(f"pensioner_share_{place}") else Living.OLD_AGE
    kinds = {
        Living.WORKER: value(f"worker_share_{place}"),
        Living.MIGRANT: value(f"migrant_share_{place}"),
        Living.FARMER: value("farmer_share_rural") if is_rural else 0.0,
        Living.SELF_EMPLOYED: value("self_employed_share") * (0.5 if is_rural else 1),
    }
    for living, share in kinds.items():
        if chance < share:
            return living
        chance -= share
    return Living.AT_HOME
