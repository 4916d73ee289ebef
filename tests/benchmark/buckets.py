"""What it costs to let Spark schedule the household buckets, beside the plain loop: CPU and wall time, step by step.

    python -m tests.benchmark.buckets [persons ...] [--buckets 4] [--turns 3] [--master local[2]]

The bucketed tables of one night on made-up counties (see growing.py), first by the plain loop so many times, then by Spark in
one session: its first turn is cold, the last one is told. CPU is that of the process and of all that it started, the Java
machine included. Rows are compared. Needs `pip install '.[spark]'` and Java 17.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from assets import extracts
from assets.home import Home
from assets.linkage import linking
from assets.night import Night, panel_tables
from assets.scheduling import InTurn, Scheduler
from assets.spark import Spark
from tests.benchmark.growing import grow
from tests.benchmark.night import NIGHT, share_key, take_in_small
from tests.bucketed import BUCKETED, differing_tables, tables
from tests.processes import cpu_of, tree

Spent = dict[str, tuple[float, float]]


def cpu() -> float:
    """Seconds of this process and of all that it started and that still run."""
    return sum(map(cpu_of, tree(os.getpid())))


def prepare(base: Home, home: Home, persons: int) -> int:
    """A county grown to a size, worked out up to its households."""
    share_key(base.root, home.root)
    found = grow(base, home, NIGHT, persons)
    for write in (linking.write, *(lambda night, table=table: night.write_panel(table) for table in panel_tables())):
        with Night.of(home, NIGHT) as night:
            extracts.unlock(night.connection, home.pseudonym_key())
            write(night)
    return found


def turn(home: Home, scheduler: Scheduler) -> Spent:
    spent = {}
    for name in BUCKETED:
        before, began = cpu(), time.perf_counter()
        with Night.of(home, NIGHT, scheduler) as night:
            getattr(night, f"write_{name}")()
        spent[name] = (cpu() - before, time.perf_counter() - began)
    return spent | {"all": (sum(c for c, _ in spent.values()), sum(w for _, w in spent.values()))}


def compare(home: Home, aside: Path, turns: int, master: str) -> tuple[Spent, Spent, Spent]:
    """The last turn of the plain loop; the first and the last of Spark."""
    plain = [turn(home, InTurn()) for _ in range(turns)][-1]
    rows = tables(home, NIGHT, aside / "plain")
    spark = [turn(home, Spark(master)) for _ in range(turns)]
    if wrong := differing_tables(rows, tables(home, NIGHT, aside / "spark")):
        raise SystemExit(f"not the same rows: {', '.join(wrong)}")
    return plain, spark[0], spark[-1]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("persons", nargs="*", type=int, default=[200_000])
    options.add_argument("--buckets", type=int, default=4)
    options.add_argument("--turns", type=int, default=3)
    options.add_argument("--master", default="local[2]")
    given = options.parse_args()
    os.environ["LOWINCOME_BUCKETS"] = str(given.buckets)
    with tempfile.TemporaryDirectory() as folder:
        take_in_small(Path(folder) / "small")
        for persons in given.persons:
            home = Home.at(Path(folder) / f"of_{persons}")
            found = prepare(Home.at(Path(folder) / "small"), home, persons)
            plain, cold, warm = compare(home, Path(folder) / f"tables_of_{persons}", given.turns, given.master)
            print(f"{found:,} persons in {given.buckets} buckets, {given.master}; CPU s, wall s")
            print(f"{'':20}{'plain loop':>18}{'Spark, cold':>18}{'Spark, warm':>18}{'warm / plain':>18}")
            for name in plain:
                ratios = (w / p for w, p in zip(warm[name], plain[name], strict=True))
                shown = ("{:9.2f}{:9.2f}".format(*pair) for pair in (plain[name], cold[name], warm[name], ratios))
                print(f"{name:20}{''.join(shown)}", flush=True)


if __name__ == "__main__":
    main()
