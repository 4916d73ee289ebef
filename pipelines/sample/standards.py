"""The county's own standards of assistance, as its civil affairs would lay them over the shipped ones.

The standard rises inside the window that the lists look at, and the rural one is given per year.
"""

from __future__ import annotations

from datetime import timedelta

from pipelines.sample.months import day_in
from pipelines.sample.people import AREA6, County

COLUMNS = ("name", "area_prefix", "residence", "value", "unit", "valid_from", "valid_to", "known_at", "document")
RISEN_MONTHS_AGO = 5
# residence, unit, before, after: yuan
LOW_INCOME = (("urban", "month", 912, 941), ("rural", "year", 9576, 9888))


def standards(county: County) -> list[tuple[str, ...]]:
    rises_on = day_in(county.t - RISEN_MONTHS_AGO, 1)
    told_on = (rises_on - timedelta(days=20)).isoformat()
    ended_on = (rises_on - timedelta(days=1)).isoformat()
    rows: list[tuple[str, ...]] = []
    for residence, unit, before, after in LOW_INCOME:
        scope = ("dibao", AREA6, residence)
        rows.append((*scope, str(before), unit, "2000-01-01", ended_on, "2000-01-01", "样例县原标准"))
        rows.append((*scope, str(after), unit, rises_on.isoformat(), "", told_on, "样例县提标通知"))
    return rows
