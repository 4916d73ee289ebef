"""Night after night over a home that holds the truth: deliveries come, staff answer, the very job runs."""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import duckdb

from assets.home import Home, Refusal
from pipelines.evaluation.measuring import open_truth
from pipelines.evaluation.visitors import Spells, answer
from pipelines.running import run_night


def run_nights(home: Home, nights: Sequence[date], seed: int, told: Callable[[str], None]) -> None:
    """Run these nights in their order, each with what departments have sent by then and the answers of staff."""
    spells, before = _spells(home), None
    for night in nights:
        _deliver(home, before, night)
        answers = answer(home, before, night, spells, seed) if before else 0
        with contextlib.redirect_stderr(io.StringIO()):
            run_night(home, night)
        told(f"{night}: {answers} 条核查结果 / answers")
        before = night


def _deliver(home: Home, before: date | None, night: date) -> None:
    """Copy into the inbox what departments sent since the night before, up to this one."""
    since = before.isoformat() if before else ""
    for folder in sorted((home.root / "later").glob("[0-9]*")):
        if since < folder.name <= night.isoformat():
            shutil.copytree(folder, home.inbox, dirs_exist_ok=True, copy_function=_copy)


def _copy(source: str, target: str) -> str:
    """A copy that never takes the place of a file that still waits."""
    if Path(target).exists():
        raise Refusal(
            f"{Path(target).name} still waits in the inbox: the file of that name that came later is not laid over it."
        )
    return str(shutil.copy2(source, target))


def _spells(home: Home) -> Spells:
    with duckdb.connect() as connection:
        open_truth(connection, home.root / "truth")
        rows = connection.execute(
            "select household_no, kind, from_day, to_day, cause from needs order by all"
        ).fetchall()
    found: dict[str, list[tuple[str, date, date, str]]] = {}
    for household_no, *spell in rows:
        found.setdefault(household_no, []).append(tuple(spell))
    return found
