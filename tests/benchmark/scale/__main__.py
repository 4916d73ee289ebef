"""The core job on made-up counties, program by program in turns, and the page about it.

    make benchmark-scale SIZES="100000 1000000 10000000" ROUNDS=3
    python -m tests.benchmark.scale [--rounds 3] [--out docs] [--folder FOLDER] 100000 1000000 …

A county of ten million persons takes some ten gigabytes of disk; everything is deleted at the end.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path

from tests.benchmark.scale import page
from tests.benchmark.scale.county import write_county
from tests.benchmark.scale.measuring import Spent, ask_for_disk, rows_that_differ, spent_by, two_cores
from tests.benchmark.scale.programs import PROGRAMS, RAW, WARM, Program

BYTES_A_PERSON = 2_500


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.benchmark.scale", description=__doc__.partition("\n")[0])
    asked.add_argument("sizes", nargs="*", type=int, default=[100_000, 1_000_000], help="persons")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--out", type=Path, default=Path("docs"))
    asked.add_argument("--folder", type=Path, help="where the counties lie meanwhile")
    told = asked.parse_args()
    if min(told.sizes) < page.START:
        asked.error(f"a county has {page.START:,} persons or more")
    with tempfile.TemporaryDirectory(dir=told.folder, prefix="scale-") as folder:
        ask_for_disk(folder, max(told.sizes) * BYTES_A_PERSON)
        with two_cores():
            for persons in [page.START, *sorted(told.sizes)]:
                found = measure(Path(folder) / str(persons), persons, told.rounds)
                page.keep(told.out, persons, found)
                shutil.rmtree(Path(folder) / str(persons))
    print(page.write(told.out))


def measure(folder: Path, persons: int, rounds: int) -> dict[str, Spent]:
    """The median of every program's rounds, A B C A B C …; stops where two answers differ in a row."""
    programs = [program for program in PROGRAMS if _can_run(program, persons)]
    write_county(folder / "county", persons)
    rounds = rounds if persons <= 1_000_000 else 1
    spent: dict[str, list[Spent]] = {}
    for turn in range(rounds):
        for program in programs:
            target = folder / program.target
            shutil.rmtree(target, ignore_errors=True)
            target.parent.mkdir(exist_ok=True)
            took, says = spent_by(program.command(folder), folder / "log")
            if says:
                warm = Spent(says["cpu"], says["wall"], took.peak)
                spent.setdefault(WARM, []).append(warm)
                took = Spent(took.cpu - warm.cpu, took.wall - warm.wall, took.peak)
            spent.setdefault(program.name, []).append(took)
            print(
                f"{persons:>10,}  {program.name:12} {took.cpu:8.2f} CPU s {took.wall:8.2f} s {took.peak / 1e6:7.0f} MB",
                flush=True,
            )
            if program.is_answer and turn == 0:
                differ = rows_that_differ(_files(folder / f"{RAW}.parquet"), _files(target))
                if differ:
                    raise SystemExit(f"{program.name} and {RAW} differ in {differ} rows")
    return {name: _middle(times) for name, times in spent.items()}


def _can_run(program: Program, persons: int) -> bool:
    if not program.is_installed and persons == page.START:
        print(f"{program.name} is not installed: pip install '.[benchmark]'")
    return program.is_installed and persons <= program.up_to


def _files(path: Path) -> str:
    return f"{path}/*.parquet" if path.is_dir() else str(path)


def _middle(times: list[Spent]) -> Spent:
    return Spent(
        statistics.median(t.cpu for t in times),
        statistics.median(t.wall for t in times),
        int(statistics.median(t.peak for t in times)),
        len(times),
    )


if __name__ == "__main__":
    main()
