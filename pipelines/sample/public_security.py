"""The household registers (户口簿) of everyone: 公安's file. A register is not a household of civil affairs."""

from __future__ import annotations

from pipelines.sample.families import PARENT
from pipelines.sample.life import Life
from pipelines.sample.months import last_day
from pipelines.sample.people import County
from pipelines.sample.tables import Table, day_cell, who

PRESENT, DIED, MOVED_IN = "1", "2", "4"
FREE, IN_PRISON = "0", "1"
ABOLISHED_COUNTY = "371202"  # 莱芜市莱城区, abolished in 2019: some people's register still stands under it
ABOLISHED_EVERY, MOVED_IN_EVERY = 211, 83  # persons


def registry(life: Life, month: int) -> Table:
    """The register as it stood on the last day of the month."""
    county, end = life.county, last_day(month)
    known = [p for p, person in enumerate(county.persons) if person.numbered_from <= month]
    died = {p: on for p, on in life.deaths.items() if on <= end}
    status = [DIED if p in died else MOVED_IN if p % MOVED_IN_EVERY == 7 else PRESENT for p in known]
    return who(county, known) | {
        "registry_no": [_register_of(county, p) for p in known],
        "relation": ["02" if county.persons[p].relation == PARENT else county.persons[p].relation for p in known],
        "area12": [_area12(county, p) for p in known],
        "status": status,
        "changed_on": [
            day_cell(died.get(p) if s == DIED else last_day(county.start - p % 50) if s == MOVED_IN else None)
            for p, s in zip(known, status, strict=True)
        ],
        "custody": [IN_PRISON if p in life.in_prison and life.in_prison[p] <= end else FREE for p in known],
        "missing": ["1" if p in life.missing and life.missing[p] <= end else "0" for p in known],
    }


def _register_of(county: County, person: int) -> str:
    """Old parents keep a register of their own, though they live with their children."""
    home = county.households[county.persons[person].household]
    return f"H{person if county.persons[person].relation == PARENT else home.first:08d}"


def _area12(county: County, person: int) -> str:
    if person % ABOLISHED_EVERY == 5:
        return f"{ABOLISHED_COUNTY}001001"
    return county.households[county.persons[person].household].area12
