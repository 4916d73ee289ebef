"""Simulated counties from seeds, each in a worker process through all its nights: their measures, kept as rows."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from multiprocessing.managers import SyncManager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

from assets.home import Home, Refusal, write_json
from assets.tables import FOLDER as ASSETS
from pipelines.bench import make_world
from pipelines.evaluation.measuring import Rows, measured
from pipelines.evaluation.nights import run_nights

FIRST_NIGHT = date(2025, 1, 21)
PIPELINES = Path(__file__).parents[1]
_MAKES = (".py", ".csv")
KEPT = "kept from before"
STEPS_BESIDE_NIGHTS = 2  # the county is made before them, and measured after

Told = Callable[[int, str], None]


@dataclass(frozen=True)
class Trial:
    """What the counties have in common: their size, a night in each of so many months, and the catalogue of rules."""

    households: int = 1500
    nights: int = 8
    seeds: tuple[int, ...] = (21, 22, 23, 24, 25)

    @property
    def days(self) -> list[date]:
        months = [FIRST_NIGHT.month - 1 + place for place in range(self.nights)]
        return [FIRST_NIGHT.replace(year=FIRST_NIGHT.year + m // 12, month=m % 12 + 1) for m in months]

    @property
    def steps(self) -> int:
        return self.nights + STEPS_BESIDE_NIGHTS


def catalogue_version() -> str:
    """One hash of the rules, their parameters and the tables of a night: what the figures were made by."""
    parameters = ASSETS.parent / "data" / "reference" / "parameters.csv"
    return _hashed([parameters, *ASSETS.glob("rules/*.yaml"), *ASSETS.glob("**/*.sql"), *ASSETS.glob("cases/*.csv")])


def county_version() -> str:
    """One hash of what makes the counties, and of the staff that answers in them."""
    files = [path for part in ("bench", "sample") for path in (PIPELINES / part).rglob("*") if path.suffix in _MAKES]
    return _hashed([*files, PIPELINES / "evaluation" / "visitors.py"])


def _hashed(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def tried(trial: Trial, folder: Path, told: Told) -> dict[int, dict[str, Rows]]:
    """The measures of every seed. Nights that `folder` holds already, of the same versions, are not run again.

    Raises `Refusal`, which names the seed, where a night fails.
    """
    context = multiprocessing.get_context("forkserver")
    workers = min(len(trial.seeds), os.cpu_count() or 1)
    manager = SyncManager(ctx=context)
    manager.start(_ends_with_its_parent)
    with (
        manager,
        ProcessPoolExecutor(workers, context, initializer=_ends_with_its_parent, max_tasks_per_child=1) as pool,
    ):
        line: Queue[tuple[int, str]] = manager.Queue()
        waiting = {pool.submit(_try, trial, seed, folder / str(seed), line): seed for seed in trial.seeds}
        found = dict(_followed(waiting, line, told))
    return {seed: found[seed] for seed in trial.seeds}


def _ends_with_its_parent() -> None:
    """What serves a command that was killed would go on for minutes, or for ever."""

    def watch() -> None:
        if parent := multiprocessing.parent_process():
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()


def _followed(
    waiting: Mapping[Future[dict[str, Rows]], int], line: Queue[tuple[int, str]], told: Told
) -> Iterator[tuple[int, dict[str, Rows]]]:
    """Each seed as it is done; what the workers tell meanwhile is handed on."""
    left = set(waiting)
    while left:
        done, left = wait(left, timeout=0.5, return_when=FIRST_COMPLETED)
        with suppress(Empty):
            while True:
                told(*line.get_nowait())
        for future in done:
            try:
                yield waiting[future], future.result()
            except Exception as error:
                for other in left:
                    other.cancel()
                said = str(error) if isinstance(error, Refusal) else f"it ended with {type(error).__name__}."
                raise Refusal(f"Seed {waiting[future]}: {said}") from error


def _try(trial: Trial, seed: int, folder: Path, line: Queue[tuple[int, str]]) -> dict[str, Rows]:
    made_of = {
        "households": trial.households, "nights": trial.nights, "catalogue": catalogue_version(),
        "county": county_version(),
    }  # fmt: skip
    mark = folder / "made_of.json"
    if mark.exists() and json.loads(mark.read_bytes()) == made_of:
        line.put((seed, KEPT))
    else:
        _run(trial, seed, folder, line)
        write_json(mark, made_of)
    measures = measured(Home.at(folder / "home"))
    write_json(folder / "measures.json", measures)
    line.put((seed, "measured"))
    return measures


def _run(trial: Trial, seed: int, folder: Path, line: Queue[tuple[int, str]]) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    try:
        make_world(folder / "home", trial.households, seed, trial.days[0], trial.nights)
    except ValueError as error:
        raise Refusal(str(error)) from None
    line.put((seed, "made"))
    run_nights(Home.at(folder / "home"), trial.days, seed, lambda text: line.put((seed, text)))
