"""What families state of their income, late and less than it is; and what grid workers report of their own."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from pipelines.bench.living import YEAR, World
from pipelines.bench.parameters import value
from pipelines.sample.families import Living
from pipelines.sample.months import calendar_month, month_text
from pipelines.sample.tables import Table, add, blank

ITEMS = {Living.MIGRANT: "A", Living.FARMER: "B", Living.OLD_AGE: "D", Living.UNABLE: "D", Living.SELF_EMPLOYED: "B"}
DECLARED, VERIFIED, VISITED = "1", "2", "3"
MATTERS = {
    "job_loss": "1", "wage_cut": "1", "arrears": "1", "migrant_return": "1", "harvest_lost": "1", "benefit_end": "1",
    "pension_stop": "1", "cancer": "2", "stroke": "2", "heart_attack": "2", "stay": "2", "accident": "3",
    "earner_death": "3", "fire": "4", "flood": "4", "drop_out": "5", "disability": "6",
}  # fmt: skip
GRID_WORKERS = 9


def income(world: World, month: int) -> Table:
    """The statements of a month: every family has its month of the year, and some do not wait for it."""
    table = blank("id_no name household_no item amount from_month to_month source op")
    i, county = month - world.county.start, world.county
    draws = county.draws(5100 + month)
    error = np.exp(draws.normal(0, value("declared_sigma"), len(county.persons)))
    is_lapsed = draws.random(len(county.persons)) < value("statement_lapses")
    early = {person for person, at in world.restated if at == i}
    for number, person in enumerate(county.persons):
        household = county.households[person.household]
        is_due = (household.first * 7 + 3) % YEAR == calendar_month(month) - 1
        if person.living not in ITEMS or not world.there[number, i] or not (is_due or number in early):
            continue
        is_aided = bool(household.aid_type)
        if is_due and is_lapsed[number] and not is_aided and i >= YEAR:
            continue
        source = VERIFIED if is_aided or number % 9 == 0 else VISITED if number % 7 == 0 else DECLARED
        past = world.pay[number, i : i + 1] if number in early else world.pay[number, max(0, i - YEAR) : i + 1]
        told = 1.0 if source == VERIFIED else value("declared_part") * float(error[number])
        until = "" if number % 2 else month_text(month + YEAR - 1)
        add(table, [
            person.id_no, person.name, household.number, ITEMS[person.living],
            f"{round(float(past.mean()) * told / 10) * 10}.00", month_text(month), until, source, "I",
        ])  # fmt: skip
    return table


def reports(world: World, month: int) -> dict[date, Table]:
    """By the day on which grid workers wrote them, some days after the shock."""
    found: dict[date, Table] = {}
    for turn, shock in enumerate(sorted(world.reported, key=lambda s: (s.on, s.household, s.kind))):
        on = shock.on + timedelta(days=3 + turn % 12)
        if on.year * YEAR + on.month - 1 != month or shock.kind not in MATTERS:
            continue
        household = world.county.households[shock.household]
        head, matter = world.county.persons[household.first], MATTERS[shock.kind]
        table = found.setdefault(
            on, blank("report_no reported_on reporter grid_code household_no id_no name address matter urgency note op")
        )
        knows_family, knows_person = turn % 3 != 1, turn % 3 == 0 and household.first not in world.life.deaths
        add(table, [
            f"BG{on:%Y%m}{turn + 1:05d}", on.isoformat(), f"网格员{turn % GRID_WORKERS + 1}", household.grid_code,
            household.number if knows_family else "", head.id_no if knows_person else "",
            head.name if knows_person else "", household.address, matter, "1" if matter in "34" else "2", "", "I",
        ])  # fmt: skip
    return found
