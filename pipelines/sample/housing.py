"""Dwellings and the housing fund: the two files of 住建."""

from __future__ import annotations

import numpy as np

from pipelines.sample.life import Life
from pipelines.sample.months import day_in, last_day, month_text
from pipelines.sample.pay import ABSENT, PAID, employer_codes
from pipelines.sample.tables import Table, add, blank, day_cell, texts, who, yuan

PUBLIC_RENT_EVERY = 23  # town households
RENT = 260  # yuan a month
CHECKED_EVERY = 3  # rural houses that were ever looked at
IN_FORCE, SEALED = 1, 2
FUND_EVERY = 2  # one of so many employees has an account


def dwellings(life: Life, month: int) -> Table:
    """Rural houses, public flats, and houses found dangerous, as they stood at the end of the quarter."""
    county = life.county
    table = blank("id_no name address danger checked_on public_rent rent")
    for place, household in county.households_lived_in():
        found = life.dwellings.get(place)
        is_public = not household.family.is_rural and place % PUBLIC_RENT_EVERY == 4
        if not (found or household.family.is_rural or is_public):
            continue
        danger, checked_on = ("A", day_in(county.start - 5 - place % 20, 15)) if place % CHECKED_EVERY else ("", None)
        if found and found.checked_on <= last_day(month):
            danger, checked_on = found.danger, found.checked_on
        head = county.persons[household.first]
        add(table, [
            head.id_no, head.name, household.address, danger, day_cell(checked_on), "1" if is_public else "0",
            f"{RENT}.00" if is_public else "",
        ])  # fmt: skip
    return table


def fund(life: Life, month: int) -> Table:
    """Payments of a month; an account is sealed in the first month without a wage."""
    wages, i = life.wages, life.index(month)
    has_account = (wages.employer[:, i] > 0) & (wages.persons % FUND_EVERY == 0)
    is_paid = wages.state[:, i] == PAID
    is_sealed = (wages.state[:, i] == ABSENT) & (wages.state[:, i - 1] == PAID)
    rows = np.flatnonzero(has_account & (is_paid | is_sealed))
    return who(life.county, wages.persons[rows].tolist()) | {
        "pay_month": [month_text(month)] * len(rows),
        "base": yuan(wages.amount[rows, i] * 100),
        "status": texts(np.where(is_paid[rows], IN_FORCE, SEALED)),
        "employer_code": employer_codes(wages.employer[rows, i]),
    }
