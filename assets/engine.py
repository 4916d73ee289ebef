"""DuckDB as this project uses it: in memory, bounded, offline, with the macros that all SQL files share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from assets.home import Home
from expectations import verdict

MACROS = Path(__file__).with_name("macros.sql")

PARQUET = "format parquet, parquet_version v2, compression zstd, compression_level 1"
"""How every table is stored. Version 2 of the format writes a third faster and a fifth smaller than version 1."""


_KEPT: dict[Path, duckdb.DuckDBPyConnection] = {}


@contextmanager
def engine(home: Home, spill: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own: temporary tables, views and variables are seen by no other.

    Within `kept_engine` it is a further one to the database that is open, else that database ends with it.
    It spills into the home's staging folder, or into the new folder `spill`.
    """
    if home.root in _KEPT:
        with _KEPT[home.root].cursor() as connection:
            yield connection
    else:
        with _database(spill or _own_spill(home)) as database:
            yield database


@contextmanager
def kept_engine(home: Home) -> Iterator[None]:
    """Every engine of this home shares one database: a night opens some sixty, and the macros cost 50 ms each time."""
    with _database(_own_spill(home)) as _KEPT[home.root]:
        try:
            yield
        finally:
            del _KEPT[home.root]


@contextmanager
def joined_as_written(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Every join holds its right side in memory and reads the left one through, as the SQL says.

    Where rows of an extract are asked for by month, the engine takes them for far fewer than they are and holds these.
    """
    connection.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
    try:
        yield
    finally:
        connection.execute("reset disabled_optimizers")


def _own_spill(home: Home) -> Path:
    return home.staging / f"spill-{os.getpid()}"


@contextmanager
def _database(spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """In memory; it spills into a folder of its own, which is wiped before and after.

    `LOWINCOME_MEMORY` (default 4GB), `LOWINCOME_SPILL` (default 20GB) and `LOWINCOME_THREADS` bound it.
    """
    shutil.rmtree(spill, ignore_errors=True)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "memory_limit": os.environ.get("LOWINCOME_MEMORY", "4GB"),
        "temp_directory": str(spill),
        "max_temp_directory_size": os.environ.get("LOWINCOME_SPILL", "20GB"),
        "preserve_insertion_order": False,
        "partitioned_write_flush_threshold": 122_880,  # rows a bucket that wait to be written; 524,288 take 1.8 GB more
    }
    if threads := os.environ.get("LOWINCOME_THREADS"):
        settings["threads"] = int(threads)
    connection = duckdb.connect(":memory:", config=settings)
    try:
        verdict.teach(connection)
        connection.execute(MACROS.read_text(encoding="utf-8"))
        yield connection
    finally:
        connection.close()
        shutil.rmtree(spill, ignore_errors=True)
