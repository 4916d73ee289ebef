"""Fires, floods and accidents: 应急's file, on event."""

from __future__ import annotations

from datetime import date

from pipelines.sample.life import Disaster, Life
from pipelines.sample.months import HISTORY, day_in, month_of
from pipelines.sample.tables import Table, add, blank, money_cell

STORM = "1"
SMALL_DAMAGE_EVERY = 61  # rural households: a storm or a short circuit does a little harm once in the history
SMALL_LOSS = 600  # yuan


def events(life: Life, month: int) -> tuple[date | None, Table]:
    """What happened in a month, and the last day of it. A household's loss stands on the first person's row."""
    county = life.county
    table = blank("id_no name event_no kind happened_on loss dwelling harm relief op")
    happened = [d for d in [*_small_ones(life), *life.disasters] if month_of(d.on) == month]
    for one in sorted(happened, key=lambda d: (d.on, d.household)):
        harmed = dict(one.harmed) or {county.households[one.household].first: "0"}
        for turn, (number, harm) in enumerate(harmed.items()):
            person = county.persons[number]
            add(table, [
                person.id_no, person.name, f"YJ{one.on:%Y%m%d}{one.household:07d}", one.kind, one.on.isoformat(),
                money_cell(one.loss) if turn == 0 else "", one.dwelling, harm,
                money_cell(one.relief) if turn == 0 else "", "I",
            ])  # fmt: skip
    return max((one.on for one in happened), default=None), table


def _small_ones(life: Life) -> list[Disaster]:
    found = []
    for place, household in enumerate(life.county.households):
        if household.family.is_rural and not household.planned and place % SMALL_DAMAGE_EVERY == 11:
            month = life.county.start + place // SMALL_DAMAGE_EVERY % HISTORY
            found.append(Disaster(place, STORM, day_in(month, 2 + place % 26), SMALL_LOSS))
    return found
