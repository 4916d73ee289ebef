"""What it costs to take deliveries in, beside a bare read and a plain load of the same files, and the page about it.

    make benchmark-intake ROWS="100000 1000000 4000000" ROUNDS=3
    python -m tests.benchmark.intake [--rounds 3] [--out docs] [--folder FOLDER] 100000 1000000 …

A million rows take about a gigabyte of disk meanwhile; everything is deleted at the end.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.benchmark.intake import files, page
from tests.benchmark.intake.page import Took
from tests.benchmark.scale.measuring import ask_for_disk, spent_by, two_cores

BYTES_A_ROW = 1_100
MEDIAN_UP_TO = 4_000_000
"""Rows; more than that are measured once, and by the programs alone whose ratio is asked for."""


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.benchmark.intake", description=__doc__.partition("\n")[0])
    asked.add_argument("rows", nargs="*", type=int, default=[100_000, 1_000_000])
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--out", type=Path, default=Path("docs"))
    asked.add_argument("--folder", type=Path, help="where the files lie meanwhile")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=told.folder, prefix="intake-") as folder:
        ask_for_disk(folder, max(told.rows) * BYTES_A_ROW)
        with two_cores():
            for rows in [page.START, *sorted(told.rows)]:
                page.keep(told.out, measure(Path(folder) / str(rows), rows, told.rounds))
                shutil.rmtree(Path(folder) / str(rows))
    print(page.write(told.out))


def measure(folder: Path, rows: int, rounds: int) -> list[Took]:
    """The median of every program's rounds, A B C A B C …"""
    is_large = rows > MEDIAN_UP_TO
    files.write_text(folder / "utf-8", rows)
    if not is_large:
        files.write_gb18030(folder / "utf-8", folder / "gb18030")
        files.write_workbook(folder / "utf-8", folder / "xlsx")
    taken: dict[tuple[str, str], list[Took]] = {}
    for _ in range(1 if is_large else rounds):
        for program, source in page.PROGRAMS:
            if not (folder / source).exists():
                continue
            target = folder / "target"
            target.mkdir()
            command = [sys.executable, "-m", "tests.benchmark.intake.run", program, folder / source, target]
            spent, says = spent_by(command, folder / "log")
            shutil.rmtree(target)
            took = Took(rows, program, source, spent.cpu, spent.wall, spent.peak, says.get("judge", 0.0), 1)
            taken.setdefault((program, source), []).append(took)
            print(
                f"{rows:>10,}  {program:7} {source:8} {took.cpu:8.2f} CPU s {took.wall:8.2f} s {took.peak / 1e6:7.0f} MB"
            )
    return [_middle(times) for times in taken.values()]


def _middle(times: Sequence[Took]) -> Took:
    def middle(name: str) -> float:
        return statistics.median(getattr(took, name) for took in times)

    return replace(
        times[0], cpu=middle("cpu"), wall=middle("wall"), peak=int(middle("peak")), judge=middle("judge"),
        rounds=len(times),
    )  # fmt: skip


if __name__ == "__main__":
    main()
