"""One program of the intake page, as a process of its own: `python -m tests.benchmark.intake.run NAME SOURCE TARGET` (folders)."""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

from assets.engine import PARQUET
from expectations.contract import contracts
from tests.benchmark.intake.files import EXTRACT

NIGHT = date(2026, 1, 21)
STORED = {"money": "DECIMAL(18, 2)", "date": "DATE"}


def bare(source: Path, target: Path) -> None:
    """DuckDB makes every cell a text, counts it and keeps nothing."""
    cells = ", ".join(f"count({column.name})" for column in contracts()[EXTRACT].columns)
    with _bounded() as connection:
        connection.execute(f"select {cells} from {_rows(source, {})}").fetchall()


def plain(source: Path, target: Path) -> None:
    """DuckDB makes every cell a value of its type, into Parquet."""
    with _bounded() as connection:
        connection.execute(f"copy (from {_rows(source, STORED)}) to '{target}/plain.parquet' ({PARQUET})")


def _bounded() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"memory_limit": "4GB", "preserve_insertion_order": False})


def _rows(source: Path, types: dict[str, str]) -> str:
    columns = {column.name: types.get(column.kind.name, "VARCHAR") for column in contracts()[EXTRACT].columns}
    return f"read_csv('{source}/*.csv', header = true, auto_detect = false, delim = ',', columns = {columns})"


def intake(source: Path, target: Path) -> None:
    """From the file to its records: encoding, lines, cells, accounts; as the child process of a night does it."""
    from assets.intake.reading import read

    for path in sorted(source.iterdir()):
        reading = read(path, path.suffix[1:], EXTRACT, target / f"{path.stem}.arrow")
        assert reading.records and not reading.code, reading


def load(source: Path, target: Path) -> None:
    """All that becomes of a delivery: archive, intake, types, pseudonyms, rejects, the judge, Parquet, the vault."""
    from assets import extracts
    from assets.engine import engine
    from assets.extracts import accepting
    from assets.home import Home
    from assets.intake import inbox

    judging = accepting.judge_staged
    spent = 0.0

    def judge_staged(*what: Any) -> Any:
        nonlocal spent
        began = time.process_time()
        results = judging(*what)
        spent = time.process_time() - began
        return results

    home = Home.at(target / "home")
    (home.inbox / "health").mkdir()
    for path in source.iterdir():
        (home.inbox / "health" / path.name).hardlink_to(path)
    inbox.take_in(home, NIGHT)
    with engine(home) as connection, patch.object(accepting, "judge_staged", judge_staged):
        extracts.take_in(home, connection, contracts()[EXTRACT], NIGHT)
    print(json.dumps({"judge": spent}))


PROGRAMS = {program.__name__: program for program in (bare, plain, intake, load)}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
