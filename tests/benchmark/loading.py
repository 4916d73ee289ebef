"""What the contract costs: load + reject + judge against a plain load of the same file, in one run.

    python tests/benchmark/loading.py [rows] [rounds]

CPU seconds of whole child processes (user + system, children included), A B A B …, median and ratio. A plain load
is DuckDB's own CSV reader with declared types into Parquet. Ours archives, hashes, decodes, accounts for every
record, reads every cell, makes pseudonyms, splits accepted from rejected, and has Great Expectations judge.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from expectations.contract import contracts
from expectations.identity import check_character

FILE = "health_settlements_370402_202512_01.csv"
NIGHT = date(2026, 1, 21)


def write_file(path: Path, rows: int) -> None:
    """Made-up settlements, one in five hundred rows dirty; a person has three settlements on average."""
    draw = random.Random(7)
    people = []
    for _ in range(max(rows // 3, 1)):
        born = date(1935, 1, 1) + timedelta(days=draw.randrange(30_000))
        first = f"990402{born:%Y%m%d}{draw.randrange(1000):03}"
        people.append((first + check_character(first), f"张{draw.randrange(10_000)}"))
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(column.header for column in contracts()["health_settlements"].columns) + "\n")
        for i in range(rows):
            number, name = people[draw.randrange(len(people))]
            total = draw.randrange(2_000, 2_000_000) / 100
            fund = round(total * draw.random(), 2)
            day = date(2025, 12, 1) + timedelta(days=draw.randrange(31))
            dirty = i % 500 == 499
            file.write(
                f"{number[:-1] + '?' if dirty else number},{name},S{i:010},V{i:010},390,11,{day},{day},{day},"
                f"{total:.2f},0.00,0.00,0.00,{fund:.2f},0.00,0.00,{fund:.2f},0.00,{total - fund:.2f},"
                f"0.00,{total - fund:.2f},J{i % 90:02},否,,I\n"
            )


PLAIN = """
import duckdb, sys
from expectations.contract import contracts
kinds = {"money": "DECIMAL(18,2)", "date": "DATE"}
columns = {c.name: kinds.get(c.kind.name, "VARCHAR") for c in contracts()["health_settlements"].columns}
duckdb.sql(f"copy (from read_csv('{sys.argv[1]}', header=true, auto_detect=false, delim=',', columns={columns})) "
           f"to '{sys.argv[2]}/plain.parquet' (format parquet, compression zstd, compression_level 1)")
"""

OURS = """
import sys
from datetime import date
from pathlib import Path
from assets import extracts
from assets.engine import engine
from assets.home import Home
from assets.intake import inbox
from expectations.contract import contracts
if __name__ == "__main__":
    home, night = Home.at(sys.argv[2]), date(2026, 1, 21)
    (home.inbox / "health").mkdir(exist_ok=True)
    (home.inbox / "health" / Path(sys.argv[1]).name).hardlink_to(sys.argv[1])
    inbox.take_in(home, night)
    with engine(home) as connection:
        extracts.take_in(home, connection, contracts()["health_settlements"], night)
"""


def cpu_of(program: str, source: Path, target: Path) -> tuple[float, float]:
    """CPU and wall seconds of one process and its children."""
    target.mkdir()
    script = target / "timed.py"
    script.write_text(program)
    before, began = os.times(), time.perf_counter()
    subprocess.run([sys.executable, script, source, target], check=True, stderr=subprocess.DEVNULL)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return cpu, time.perf_counter() - began


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    timed: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        sources = {name: Path(folder) / name / FILE for name in ("full", "tiny")}
        for name, count in (("full", rows), ("tiny", 10)):
            sources[name].parent.mkdir()
            write_file(sources[name], count)
        for turn in range(rounds):
            for size, source in sources.items():
                for name, program in (("plain", PLAIN), ("ours", OURS)):
                    spent = cpu_of(program, source, Path(folder) / f"{name}-{size}-{turn}")
                    timed.setdefault(f"{name} {size}", []).append(spent)
    middle = {name: [statistics.median(t[i] for t in times) for i in (0, 1)] for name, times in timed.items()}
    print(f"{rows:,} rows of {FILE}, {rounds} rounds; median CPU s (wall s); tiny = ten rows, the fixed cost")
    for name, (cpu, wall) in middle.items():
        print(f"  {name:12} {cpu:7.2f} ({wall:.2f})")
    rows_cost = {name: middle[f"{name} full"][0] - middle[f"{name} tiny"][0] for name in ("plain", "ours")}
    print(f"  whole processes, ours / plain          {middle['ours full'][0] / middle['plain full'][0]:.2f}")
    print(f"  less the fixed cost, ours / plain      {rows_cost['ours'] / rows_cost['plain']:.2f}")


if __name__ == "__main__":
    main()
