"""What a program costs: CPU, wall and peak memory of its whole process tree; and whether two programs said the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.processes import cpu_of, tree

COLUMNS = """household_id, income_now_sum, income_now_months, income_before_doubled, income_year_sum, income_year_months,
    oop_year, has_fallen, is_burdened"""


@dataclass(frozen=True)
class Spent:
    """CPU and wall in seconds, peak in bytes; of one run, or the median of several rounds."""

    cpu: float
    wall: float
    peak: int
    rounds: int = 1


@contextmanager
def two_cores() -> Iterator[None]:
    """What runs within, and every process it starts, has two cores, however many the machine has."""
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_cores)[:2])
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_cores)


def ask_for_disk(folder: str, needed: int) -> None:
    """Ends the program where so many bytes are not free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise SystemExit(f"{needed / 1e9:.0f} GB of disk are needed, {free / 1e9:.0f} are free")


def spent_by(command: Sequence[str | Path], log: Path) -> tuple[Spent, dict[str, float]]:
    """Runs a program to its end. Second: what it says of itself, a JSON object in a line, the last of them (empty without one).

    The peak is the sum of the high-water marks of all processes that stand at one moment, asked a hundred times a second
    at first and four times where it takes minutes: to ask takes time of its own.
    CPU is that of the process and of the children that it waited for; where it leaves some to themselves, as a server of
    worker processes does, that of all processes as last seen.
    """
    with log.open("w") as told:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=told, stderr=subprocess.STDOUT)
        peak, ended = 0, 0
        seen: dict[int, float] = {}
        while not ended:
            running = list(tree(process.pid))
            peak = max(peak, sum(map(_high_water, running)))
            seen |= {pid: cpu for pid in running if (cpu := cpu_of(pid))}
            time.sleep(min(max(0.01, (time.perf_counter() - began) / 200), 0.25))
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    lines = log.read_text().splitlines()
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n" + "\n".join(lines[-15:]))
    says = next((json.loads(line) for line in reversed(lines) if line.startswith("{")), {})
    return Spent(max(usage.ru_utime + usage.ru_stime, sum(seen.values())), wall, peak), says


def _high_water(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def rows_that_differ(ours: str, theirs: str) -> int:
    """Rows of the core job that stand in one file pattern alone."""
    with duckdb.connect() as connection:
        one, other = (f"(select {COLUMNS} from read_parquet('{files}'))" for files in (ours, theirs))
        return sum(
            connection.execute(f"select count(*) from (from {a} except all from {b})").fetchall()[0][0]
            for a, b in ((one, other), (other, one))
        )
