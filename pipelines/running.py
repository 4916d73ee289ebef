"""One night from the command line: the very job that the schedule runs, with a bar or plain lines."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

from assets.engine import kept_engine
from assets.home import Home, Refusal

SETTINGS = Path(__file__).with_name("dagster.yaml")
LITTLE_SPACE = 50_000_000


def settle(home: Home) -> None:
    """Point Dagster at this home and give it the shipped instance settings where it has none."""
    os.environ["LOWINCOME_HOME"] = str(home.root)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    if not (home.dagster / "dagster.yaml").exists():
        shutil.copyfile(SETTINGS, home.dagster / "dagster.yaml")


def run_night(home: Home, as_of: date) -> None:
    """Run the job `nightly` for one night. Raises `Refusal` with one clear sentence when it fails."""
    settle(home)
    with home.owned(), kept_engine(home):
        try:
            _run_owned(home, as_of)
        except Refusal:
            raise
        except Exception as error:  # Dagster cannot keep its own records
            raise Refusal(_sentence(home, f"outside its steps with {type(error).__name__}", "no run")) from error


def _run_owned(home: Home, as_of: date) -> None:
    import dagster as dg

    from assets.definitions import NIGHTS
    from pipelines.definitions import defs

    if not NIGHTS.has_partition_key(as_of.isoformat()):
        raise Refusal(
            f"{as_of} is not a night that can run yet: nights go from {NIGHTS.start:%Y-%m-%d} to today in Shanghai."
        )
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    job = defs.resolve_job_def("nightly")
    with dg.DagsterInstance.get() as instance, progress(len(job.graph.nodes)) as FOLLOWER.follow:
        result = job.execute_in_process(
            partition_key=as_of.isoformat(), instance=instance, raise_on_error=False,
            run_config={"loggers": {"follower": {}}}, resources={"home": home},
        )  # fmt: skip
    FOLLOWER.follow = None
    if not result.success:
        failed = [event for event in result.all_events if event.is_step_failure]
        where = f"at {failed[0].step_key}: {_description(failed[0].step_failure_data)}" if failed else "at its start"
        raise Refusal(_sentence(home, where, f"run {result.run_id}"))


def _description(failure: Any) -> str:
    """What a step says of its failure; of an exception that it did not foresee, only the kind."""
    told = failure.user_failure_data
    return str(told.description if told else failure.error.cls_name).rstrip(".")


def _sentence(home: Home, where: str, run: str) -> str:
    left = shutil.disk_usage(home.root).free
    space = f" Its disk has only {left / 1e6:.1f} MB left: make room and run again." if left < LITTLE_SPACE else ""
    return f"The night failed {where} ({run}).{space} The last good list stays current; `lowincome ui` shows the run."


@contextmanager
def progress(steps: int) -> Iterator[Bar | Lines]:
    """A bar on a terminal, plain lines elsewhere."""
    console = Console(stderr=True)
    if console.is_terminal:
        columns = (
            TextColumn("[progress.description]{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
        )
        with RichProgress(*columns, console=console, transient=True) as bar:
            yield Bar(bar, bar.add_task("starting", total=steps))
    else:
        yield Lines(steps)


class Bar:
    def __init__(self, bar: RichProgress, task: Any) -> None:
        self.bar, self.task = bar, task

    def started(self, step: str) -> None:
        self.bar.update(self.task, description=step)

    def ended(self, step: str) -> None:
        self.bar.advance(self.task)


class Lines:
    def __init__(self, steps: int) -> None:
        self.steps, self.done, self.began = steps, 0, time.monotonic()

    def started(self, step: str) -> None:
        pass

    def ended(self, step: str) -> None:
        self.done += 1
        print(
            f"[{time.monotonic() - self.began:6.1f} s] {self.done:2}/{self.steps} {step}", file=sys.stderr, flush=True
        )


class Follower(logging.Handler):
    """A log handler that turns the start and end of a step into progress; it prints no message of the run."""

    follow: Bar | Lines | None = None

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "dagster_event", None)
        if self.follow is None or event is None:
            return
        if event.event_type_value == "STEP_START":
            self.follow.started(event.step_key)
        elif event.event_type_value in ("STEP_SUCCESS", "STEP_FAILURE"):
            self.follow.ended(event.step_key)


FOLLOWER = Follower()
