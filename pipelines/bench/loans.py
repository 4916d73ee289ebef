"""What families pay for the roof over their heads every month: instalments do not wait for a better month."""

from __future__ import annotations

import numpy as np

from pipelines.bench.living import YEAR, Money, World
from pipelines.bench.parameters import value

OLDEST_BORROWER = 55 * YEAR


def instalments(world: World, usual: Money, needs: Money) -> Money:
    """By households, the same every month: a part of the usual income of those who have borrowed.

    Nobody lends to the old, nor to a family that the instalment would leave less than it needs.
    """
    draws, ages = world.county.draws(43), world.ages(0)
    part = np.clip(draws.normal(value("loan_service"), value("loan_service_sigma"), len(usual)), 0.05, 0.6)
    luck, owed = draws.random(len(usual)), np.zeros(len(usual))
    homes = world.county.households
    for is_rural, place in ((False, "urban"), (True, "rural")):
        all_there = [p for p, home in enumerate(homes) if home.family.is_rural == is_rural]
        able = [p for p in all_there if ages[homes[p].first] < OLDEST_BORROWER and usual[p] * (1 - part[p]) > needs[p]]
        many = round(len(all_there) * value(f"loan_share_{place}"))
        for p in sorted(able, key=lambda p: float(luck[p]))[:many]:
            owed[p] = usual[p] * part[p]
    return owed
