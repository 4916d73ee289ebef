"""The plan of shocks: what falls on whom and when, by published rates, and what it truly takes from a family."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

import numpy as np

from pipelines.bench.living import RETIRED_AT, YEAR, Flags, Shock, World
from pipelines.bench.parameters import value
from pipelines.sample.families import Living
from pipelines.sample.life import Card, Disaster
from pipelines.sample.months import calendar_month, day_in, last_day
from pipelines.sample.pay import (
    ABSENT,
    CLOSED,
    CONTRACT_ENDED,
    ENDED,
    NORMAL,
    PAID,
    SEASON_OFF,
    SUSPENDED,
    UNPAID,
    Registration,
)

CONTRIBUTIONS, UNEMPLOYMENT, PENSIONS = "employment_contributions", "employment_unemployment", "employment_pensions"
INCOME, CARDS, EVENTS = "civil_affairs_income", "disability_cards", "emergency_events"
STUDENTS, RECORDS, REGISTRY = "education_students", "health_records", "public_security_registry"
NATURAL, FIRE, TRAFFIC = "1", "2", "3"
DROPPED_OUT = "3"
Happening: TypeAlias = Callable[[World, int, int, np.random.Generator], None]
LEFT_AT = 61 * YEAR  # nobody looks for work after it


def strike(world: World) -> None:
    """Let the plan fall, person by person and month by month, in the order of time."""
    draws = world.county.draws(21)
    struck = []
    for turn, (kind, chosen) in enumerate(_plan(world)):
        chance = draws.random(world.there.shape)
        hits = np.argwhere(chosen & world.there & (chance < value(kind) / YEAR))
        struck += [(i, person, turn) for person, i in hits.tolist()]
    kinds = [kind for kind, _ in _plan(world)]
    _pass_of_time(world)
    for i, person, turn in sorted(struck):
        if world.there[person, i]:
            HAPPENINGS[kinds[turn]](world, person, i, draws)
    for shock in world.shocks:
        is_noticed = draws.random() < value("reported_share")
        if is_noticed and shock.severity > draws.random():
            world.reported.append(shock)


def _plan(world: World) -> list[tuple[str, Flags]]:
    """Every shock of a person with whom it can fall on."""
    people = world.county.persons
    living = np.array([p.living for p in people])
    ages = np.stack([world.ages(i) for i in range(world.months)], axis=1) // YEAR
    is_head = np.array([world.county.households[p.household].first == n for n, p in enumerate(people)])
    is_rural = np.array([world.county.households[h].family.is_rural for h in world.home.tolist()])
    is_pensioner = np.isin(living, (Living.PENSION, Living.OLD_AGE))
    grown = ages >= 18

    def of(*kinds: Living) -> Flags:
        return np.isin(living, kinds)[:, None] & (ages < LEFT_AT // YEAR)

    return [
        ("job_loss", of(Living.WORKER)), ("wage_cut", of(Living.WORKER)), ("arrears", of(Living.WORKER)),
        ("job_change", of(Living.WORKER)), ("bonus_end", of(Living.WORKER)), ("migrant_return", of(Living.MIGRANT)),
        ("harvest_lost", of(Living.FARMER)), ("pension_stop", is_pensioner[:, None]),
        ("accident", grown), ("disability", grown & (living != Living.UNABLE)[:, None]),
        ("drop_out", (ages >= 12) & (ages <= 17) & (living == Living.CHILD)[:, None]),
        ("fire", is_head[:, None]), ("flood", (is_head & is_rural)[:, None]),
    ]  # fmt: skip


def _tell(world: World, person: int, kind: str, i: int, day: int, severity: float, cause: str, *seen_by: str) -> Shock:
    on = day_in(world.county.start + i, day)
    shock = Shock(int(world.home[person]), kind, on, cause, round(severity, 3), tuple(seen_by))
    world.shocks.append(shock)
    return shock


def _part(world: World, person: int, i: int, lost: float) -> float:
    """What is lost as a part of all that the household lives on in a month."""
    members = world.home == world.home[person]
    have = float((world.pay + world.pension + world.benefit)[members, max(i - 1, 0)].sum())
    return min(1.0, lost / have) if have > 0 else 0.0


def _day(draws: np.random.Generator) -> int:
    return int(draws.integers(2, 28))


def _restates(world: World, person: int, i: int, draws: np.random.Generator) -> tuple[str, ...]:
    if draws.random() < value("restated_share") and i + 3 < world.months:
        world.restated.append((person, i + int(draws.integers(1, 4))))
        return (INCOME,)
    return ()


def _job_loss(world: World, person: int, i: int, draws: np.random.Generator) -> None:
    life = world.life
    row, day = life.wages.row_of[person], int(draws.integers(16, 28))
    gap, is_registered = 1 + int(draws.exponential(value("job_gap_months"))), draws.random() < value("registers_share")
    back, again = i + 1 + gap, float(np.exp(draws.normal(-0.1, 0.2)))
    if world.pay[person, i] <= 0 or life.wages.state[row, i] == ABSENT:
        return
    severity = _part(world, person, i, world.pay[person, i])
    life.wages.state[row, i + 1 : back] = ABSENT
    world.pay[person, i + 1 : back] = 0
    world.pay[person, back:] *= again
    life.wages.employer[row, back:] = _another(life.wages.employer, row, i, draws)
    world.is_reset[row, back : back + 1] = True
    seen = [CONTRIBUTIONS]
    start = world.county.start
    cause = ("employer closed", "dismissed", "contract ended")[int(draws.integers(3))]
    if is_registered:
        claim = Registration(
            person, day_in(start + i, day), CLOSED, day_in(start + back, 15) if back < world.months else None
        )
        if draws.random() < value("benefit_share"):
            paid = int(draws.integers(3, YEAR + 1))
            claim = replace(claim, benefit_from=start + i + 1, benefit_to=start + i + paid)
            world.benefit[person, i + 1 : min(back, i + 1 + paid)] = value("benefit")
            if i + 1 + paid < min(back, world.months):
                _tell(world, person, "benefit_end", i + 1 + paid, 1, severity / 3, "benefit ran out", UNEMPLOYMENT)
        life.registrations.append(claim)
        seen.append(UNEMPLOYMENT)
    _tell(world, person, "job_loss", i, day, severity, cause, *seen)


def _another(employers: np.ndarray, row: int, i: int, draws: np.random.Generator) -> int:
    """Another employer than the one before."""
    most = int(employers.max())
    return 1 + (int(employers[row, i]) + int(draws.integers(1, max(2, most - 1)))) % most


def _job_change(world: World, person: int, i: int, draws: np.random.Generator) -> None:
    """A new employer after a short gap; the pay is no worse."""
    row, gap = world.life.wages.row_of[person], int(draws.integers(0, 3))
    if world.pay[person, i] <= 0:
        return
    world.life.wages.state[row, i + 1 : i + 1 + gap] = ABSENT
    world.life.wages.employer[row, i + 1 :] = _another(world.life.wages.employer, row, i, draws)
    world.is_reset[row, i + 1 + gap : i + 2 + gap] = True
    seen = [CONTRIBUTIONS] if gap else []
    if draws.random() < 0.15:
        on = day_in(world.county.start + i, 20)
        world.life.registrations.append(Registration(person, on, CONTRACT_ENDED, on + timedelta(days=30 * (1 + gap))))
        seen.append(UNEMPLOYMENT)
    _tell(world, person, "job_change", i, 20, 0.0, "changed employer", *seen)


def _wage_falls(kind: str, least: float, most: float, told: float, cause: str) -> Happening:
    def fall(world: World, person: int, i: int, draws: np.random.Generator) -> None:
        part, lasts = float(draws.uniform(least, most)), 6 + int(draws.exponential(8))
        lost = world.pay[person, i] * (1 - part)
        if lost <= 0:
            return
        row, seen = world.life.wages.row_of[person], []
        if draws.random() < told:
            world.is_reset[row, i : i + 1] = world.is_reset[row, i + lasts : i + lasts + 1] = True
            seen.append(CONTRIBUTIONS)
        severity = _part(world, person, i, lost)
        world.pay[person, i : i + lasts] *= part
        _tell(world, person, kind, i, _day(draws), severity, cause, *seen)

    return fall


def _arrears(world: World, person: int, i: int, draws: np.random.Generator) -> None:
    lasts = int(draws.integers(2, 9))
    if world.pay[person, i] <= 0:
        return
    severity, row = _part(world, person, i, world.pay[person, i]), world.life.wages.row_of[person]
    months = world.life.wages.state[row, i : i + lasts]
    months[months == PAID] = UNPAID
    world.pay[person, i : i + lasts] = 0
    _tell(world, person, "arrears", i, _day(draws), severity, "employer in arrears", CONTRIBUTIONS)


def _undeclared_falls(kind: str, least: float, most: float, lasts: int, cause: str) -> Happening:
    def fall(world: World, person: int, i: int, draws: np.random.Generator) -> None:
        part, months = float(draws.uniform(least, most)), int(draws.integers(lasts // 2, lasts + 1))
        lost = world.pay[person, i] * (1 - part)
        if lost <= 0:
            return
        severity = _part(world, person, i, lost)
        world.pay[person, i : i + months] *= part
        _tell(world, person, kind, i, _day(draws), severity, cause, *_restates(world, person, i, draws))

    return fall


def _pension_stop(world: World, person: int, i: int, draws: np.random.Generator) -> None:
    row, lasts = world.life.pensions.row_of.get(person), int(draws.integers(2, 9))
    if row is None or world.pension[person, i] <= 0:
        return
    severity = _part(world, person, i, world.pension[person, i])
    months = world.life.pensions.state[row, i : i + lasts]
    months[months == NORMAL] = SUSPENDED
    world.pension[person, i : i + lasts] = 0
    _tell(world, person, "pension_stop", i, 3, severity, "proof of life was missed", PENSIONS)


def _accident(world: World, person: int, i: int, draws: np.random.Generator) -> None:
    day, lasts, is_told = _day(draws), int(draws.integers(2, 10)), draws.random() < 0.5
    severity = _part(world, person, i, world.pay[person, i] * 0.7)
    world.pay[person, i : i + lasts] *= 0.3
    seen = [EVENTS] if is_told else []
    shock = _tell(world, person, "accident", i, day, severity, "hurt in traffic or at work", *seen)
    world.shocks[-1] = replace(shock, seen_by=(*shock.seen_by, "health_settlements"))
    if is_told:
        world.life.disasters.append(Disaster(shock.household, TRAFFIC, shock.on, harmed=((person, "1"),)))


def _disability(world: World, person: int, i: int, draws: np.random.Generator) -> None:
    day, grade = _day(draws), str(int(draws.integers(1, 4)))
    keeps = {"1": 0.1, "2": 0.3, "3": 0.75}[grade]
    severity = _part(world, person, i, world.pay[person, i] * (1 - keeps))
    world.pay[person, i:] *= keeps
    if person in (wages := world.life.wages.row_of) and grade != "3":
        world.life.wages.state[wages[person], i + 1 :] = ABSENT
    rehabilitation = int(draws.integers(0, 6)) * 60
    world.outlay[world.home[person], i:] += rehabilitation
    kind = "4567"[int(draws.choice(4, p=(0.6, 0.1, 0.2, 0.1)))]
    issued = last_day(world.county.start + min(i + int(draws.integers(1, 4)), world.months - 1))
    card = Card(person, kind, grade, issued, is_subsidised=bool(draws.random() < 0.7), rehabilitation=rehabilitation)
    world.life.cards.setdefault(person, []).append(card)
    _tell(world, person, "disability", i, day, severity, "lasting harm of body or mind", CARDS)


def _drop_out(world: World, person: int, i: int, draws: np.random.Generator) -> None:
    world.life.out_of_school.setdefault(person, (world.county.start + i, DROPPED_OUT))
    _tell(world, person, "drop_out", i, _day(draws), 0.0, "left school for work", STUDENTS)


def _loss(kind: str, code: str, cause: str) -> Happening:
    def lose(world: World, person: int, i: int, draws: np.random.Generator) -> None:
        loss = round(value("loss_median") * float(np.exp(draws.normal(0, value("loss_sigma")))))
        is_insured, home = draws.random() < value("insured_share"), int(world.home[person])
        relief = round(loss * (0.85 if is_insured else 0.1))
        world.outlay[home, i] += loss - relief
        have = float((world.pay + world.pension)[world.home == home, i].sum())
        dwelling = str(min(3, int(loss / value("loss_median"))))
        name = f"insured_{kind}" if is_insured else kind
        shock = _tell(world, person, name, i, _day(draws), (loss - relief) / max(have, 1), cause, EVENTS)
        world.life.disasters.append(Disaster(home, code, shock.on, loss, dwelling, relief=relief))

    return lose


def _pass_of_time(world: World) -> None:
    """Old age: who retires and who dies; and the pause of every winter, of which a feed tells like of a lost job."""
    draws, life = world.county.draws(22), world.life
    hazard, luck = value("death_rate_65"), draws.random(world.there.shape)
    people = world.county.persons
    for i in range(world.months):
        ages = world.ages(i)
        rate = hazard * 2 ** ((ages / YEAR - 65) / value("death_doubling"))
        dies = np.flatnonzero(world.there[:, i] & (luck[:, i] < np.maximum(rate, value("death_rate_least")) / YEAR))
        for person in np.flatnonzero(ages == RETIRED_AT).tolist():
            if person in life.wages.row_of and person in life.pensions.row_of and world.there[person, i]:
                row = life.pensions.row_of[person]
                life.wages.state[life.wages.row_of[person], i:] = ABSENT
                life.pensions.state[row, i:] = NORMAL
                world.pay[person, i:], world.pension[person, i:] = 0, life.pensions.amount[row, i:]
                _tell(world, person, "retirement", i, 1, 0.0, "reached sixty", CONTRIBUTIONS, PENSIONS)
        for person in dies.tolist():
            _die(world, person, i, _day(draws))
        if calendar_month(world.county.start + i) == SEASON_OFF[0]:
            for person in np.flatnonzero(world.is_seasonal & (world.pay[:, i] > 0)).tolist():
                _tell(world, person, "seasonal_pause", i, 5, 0.0, "no building in winter", CONTRIBUTIONS)
    for number, one in enumerate(people):
        done = 22 * YEAR - int(world.ages(0)[number])
        if one.living in (Living.CHILD, Living.STUDENT) and 0 < done < world.months:
            life.out_of_school.setdefault(number, (world.county.start + done, "4"))


def _die(world: World, person: int, i: int, day: int) -> None:
    life, month = world.life, world.county.start + i
    severity = _part(world, person, i, float(world.pay[person, i] + world.pension[person, i]))
    world.there[person, i + 1 :] = False
    for had in (world.pay, world.pension, world.benefit):
        had[person, i + 1 :] = 0
    life.deaths[person] = day_in(month, day)
    if person in life.wages.row_of:
        life.wages.state[life.wages.row_of[person], i + 1 :] = ABSENT
    if person in life.pensions.row_of:
        row = life.pensions.row_of[person]
        life.pensions.state[row, i + 1 :] = 0
        life.pensions.state[row, i + 1 : i + 2] = ENDED
    memberships = [m for m in world.county.memberships if m.household == world.home[person]]
    for membership in memberships:
        if membership.person == person:
            membership.to_month = month
            heirs = [m for m in memberships if m.to_month is None and m.from_month < month]
            if membership.relation == "02" and heirs:
                heirs[0].becomes = (month + 1, "02")
    lives_on = world.county.persons[person].living
    is_earner = world.pay[person, i] > 0 and lives_on not in (Living.OLD_AGE, Living.UNABLE)
    kind, cause = ("earner_death", "death of an earner") if is_earner else ("death", "old age")
    _tell(world, person, kind, i, day, severity, cause, RECORDS, REGISTRY)


HAPPENINGS: dict[str, Happening] = {
    "job_loss": _job_loss,
    "job_change": _job_change,
    "wage_cut": _wage_falls("wage_cut", 0.35, 0.85, 0.35, "hours cut or lighter work"),
    "bonus_end": _wage_falls("bonus_end", 0.80, 0.95, 0.5, "bonus ended"),
    "arrears": _arrears,
    "migrant_return": _undeclared_falls("migrant_return", 0.0, 0.35, 12, "came home without work"),
    "harvest_lost": _undeclared_falls("harvest_lost", 0.1, 0.7, 12, "drought, hail or disease of animals"),
    "pension_stop": _pension_stop,
    "accident": _accident,
    "disability": _disability,
    "drop_out": _drop_out,
    "fire": _loss("fire", FIRE, "fire"),
    "flood": _loss("flood", NATURAL, "flood"),
}
"""What each shock of the plan does."""
