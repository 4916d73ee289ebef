"""The true budget of every family: in which months it no longer covers basic needs, and in which it soon will not."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from pipelines.bench.living import YEAR, Flags, Money, World
from pipelines.bench.loans import instalments
from pipelines.bench.parameters import value
from pipelines.sample.families import Living

CHILD = 14 * YEAR
NEED, STRAIN = "need", "strain"
QUARTER = 3
AID_TYPES = {(False, False): "110", (True, False): "120", (False, True): "131", (True, True): "132"}
"""By village or town, and whether the aided is alone and cannot work."""


class Spell(NamedTuple):
    household: int
    kind: str
    first: int
    last: int


def basic_needs(world: World) -> Money:
    """Food, clothing and a roof as the poorest fifth has them, by the weights of who is there; yuan a month."""
    basic = value("food_share") + value("clothing_share") + value("housing_share") * value("housing_paid_share")
    unit = {
        rural: value(f"consumption_{'rural' if rural else 'urban'}") / YEAR * basic * value("lowest_to_mean")
        * value("heads_an_equivalent")
        for rural in (False, True)
    }  # fmt: skip
    is_child = np.stack([world.ages(i) < CHILD for i in range(world.months)], axis=1)
    weights = world.sums(world.there * np.where(is_child, value("child_weight"), value("adult_weight")))
    weights += (1 - value("adult_weight")) * (weights > 0)
    units = np.array([unit[h.family.is_rural] for h in world.county.households])
    needs: Money = weights * units[:, None]
    return needs


def income(world: World) -> Money:
    """Net of employees' own contributions, assistance left out; yuan a month."""
    is_employee = np.array([p.living == Living.WORKER for p in world.county.persons])
    net = world.pay * np.where(is_employee, 1 - value("employment_cost_share"), 1.0)[:, None]
    return world.sums((net + world.pension + world.benefit) * world.there)


def assistance(world: World) -> Money:
    homes = world.county.households
    return np.repeat(
        np.array([float(h.family.aid) if h.aid_type else 0.0 for h in homes])[:, None], world.months, axis=1
    )


def spells(world: World) -> list[Spell]:
    """Need and strain of all families, in the order of household and time."""
    needs, has = basic_needs(world), income(world) + assistance(world)
    is_need, is_strain = _lived(world, has, needs)
    is_need = _bridged(is_need)
    is_strain = _bridged(is_strain & ~is_need) & ~is_need
    found = [Spell(*run) for kind, flags in ((NEED, is_need), (STRAIN, is_strain)) for run in _runs(flags, kind)]
    return sorted(found, key=lambda spell: (spell.household, spell.first))


def _lived(world: World, has: Money, needs: Money) -> tuple[Flags, Flags]:
    """Spend, save and owe through all months; savings and the help of kin are drawn in months of basic needs."""
    draws = world.county.draws(41)
    count = len(needs)
    savings, kin = (
        needs[:, 0] * value(f"{name}_months_median") * np.exp(draws.normal(0, value(f"{name}_months_sigma"), count))
        for name in ("savings", "kin")
    )
    debt, owed = np.zeros(count), instalments(world, has[:, :YEAR].mean(axis=1), needs[:, 0])
    most_kin, wanted = kin.copy(), savings.copy()  # who has what he wants to have spends the rest
    is_need, is_strain = (np.zeros(needs.shape, dtype=bool) for _ in range(2))
    taken: list[Money] = []
    before = range(YEAR)  # the first year is lived twice, so that savings are what life has left of them
    for i in [*before, *range(world.months)]:
        is_home = needs[:, i] > 0
        service = debt / value("debt_months")
        debt = debt - service
        left = has[:, i] - needs[:, i] - service - owed * is_home
        balance = left - world.outlay[:, i]
        taken = [*taken[1 - QUARTER :], np.maximum(-balance, 0)]
        saved = np.maximum(balance, 0) * value("saving_share")
        savings = np.minimum(savings + saved, wanted)
        kin = np.minimum(kin + most_kin / (2 * YEAR), most_kin)
        short = np.maximum(-balance, 0)
        from_savings = np.minimum(savings, short)
        savings, short = savings - from_savings, short - from_savings
        from_kin = np.minimum(kin, short)
        kin, short = kin - from_kin, short - from_kin
        borrowed = np.minimum(short, world.outlay[:, i])  # a hospital or a school lends; nobody lends for bread
        debt = debt + borrowed
        is_need[:, i] = is_home & ((short - borrowed > 1) | ((savings + kin < 1) & (left < 0)))
        a_month = np.mean(taken, axis=0)
        is_strain[:, i] = is_home & (left < 0) & (savings + kin < a_month * value("strain_months"))
    return is_need, is_strain


def _bridged(flags: Flags) -> Flags:
    """Gaps and spells of no more than the bridged months are none."""
    longest = int(value("bridged_months"))
    flags = flags.copy()
    for wanted in (False, True):
        for row, _, first, last in _runs(flags == wanted, ""):
            if last - first < longest and first > 0 and last < flags.shape[1] - 1:
                flags[row, first : last + 1] = not wanted
    return flags


def _runs(flags: Flags, kind: str) -> list[tuple[int, str, int, int]]:
    edges = np.diff(np.pad(flags.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, firsts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    return [(r, kind, f, e - 1) for r, f, e in zip(rows.tolist(), firsts.tolist(), ends.tolist(), strict=True)]


def aid(world: World) -> None:
    """Who is on assistance when the history begins: most of the poorest, and others of the poorest fifth."""
    draws = world.county.draws(42)
    short = (income(world)[:, :YEAR].mean(axis=1)) / np.maximum(basic_needs(world)[:, 0], 1)
    for is_rural, place in ((False, "urban"), (True, "rural")):
        homes = [p for p, h in enumerate(world.county.households) if h.family.is_rural == is_rural]
        homes.sort(key=lambda p: float(short[p]))
        many, poorest_fifth = round(len(homes) * value(f"aided_{place}")), homes[: len(homes) // 5]
        right = poorest_fifth[: round(many * value("coverage_of_poorest"))]
        others = draws.permutation(poorest_fifth[len(right) : max(len(right) + 1, 4 * many)]).tolist()
        for home in [*right, *others[: many - len(right)]]:
            household = world.county.households[home]
            people = [world.county.persons[p] for p in world.county.people_of(household)]
            is_alone = len(people) == 1 and people[0].living in (Living.OLD_AGE, Living.UNABLE)
            household.aid_type = AID_TYPES[is_rural, is_alone]
            amount = round(value(f"aid_{place}")) * len(people)
            household.family = replace(household.family, aid=amount, aid_type=household.aid_type)
