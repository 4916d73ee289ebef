"""Staff who visit what was handed out and answer with the truth of the day: the civil affairs follow-ups of a night."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from assets.home import Home
from assets.night import Night
from expectations.contract import contracts

AWAY, DECLINED = 0.03, 0.02
"""Shares of visits that meet nobody, and of families that want nothing: assumptions."""
_BY_CAUSE = (
    (("ill", "cancer", "heart", "stroke", "medical", "hospital"), "06"),
    (("school", "tuition"), "07"),
    (("fire", "flood", "hurt", "harvest"), "05"),
)
_CONTRACT = contracts()["civil_affairs_followups"]

Spells = Mapping[str, Sequence[tuple[str, date, date, str]]]
"""By household number: kind, first day, last day and cause of each spell."""


def answer(home: Home, night: date, until: date, spells: Spells, seed: int) -> int:
    """Lay the answers to the list of `night` into the inbox, for the night `until`. Returns how many there are."""
    with Night.of(home, night) as opened:
        opened.open("cases")
        cases = opened.connection.execute(
            "select area6, case_id, household_no, main_rule from cases where state = 'handed_out' order by case_id"
        ).fetchall()
    draws = random.Random(f"{seed} {night}")  # noqa: S311
    rows: dict[str, list[tuple[str, str, str]]] = {}
    for area6, case_id, household_no, rule in cases:
        visited_on = night + timedelta(days=draws.randint(1, max(1, (until - night).days - 1)))
        outcome = _outcome(visited_on, spells.get(household_no, ()), rule, draws)
        rows.setdefault(area6, []).append((case_id, visited_on.isoformat(), outcome))
    for area6, answers in rows.items():
        _write(home.inbox / _CONTRACT.folder / f"{_CONTRACT.extract}_{area6}_{until:%Y%m%d}_01.csv", answers)
    return len(cases)


def _outcome(day: date, spells: Sequence[tuple[str, date, date, str]], rule: str, draws: random.Random) -> str:
    chance, helped = draws.random(), draws.random() < 0.5
    if chance < AWAY:
        return "14"
    if chance < AWAY + DECLINED:
        return "15"
    now = [(kind, cause) for kind, first, last, cause in spells if first <= day <= last]
    for kind, cause in sorted(now):
        if kind == "need":
            return next((code for words, code in _BY_CAUSE if any(word in cause for word in words)), "01")
        return "05" if helped else "18"
    return "11" if rule.startswith(("MED", "RIGID", "EDU", "DISEASE")) else "09"


def _write(path: Path, answers: Sequence[tuple[Any, ...]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    names = ("case_id", "visit_date", "outcome")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([_CONTRACT.column(name).header for name in names])
        writer.writerows(answers)
