"""Bucketed tables held against each other, whoever worked them out."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb

from assets.home import Home

BUCKETED = ("facts", "household_months", "household_profile", "hits", "near_hits")


def tables(home: Home, night: date, aside: Path) -> dict[str, Path]:
    """The folders of all bucketed tables of a night, put aside; those of the facts by extract."""
    found = {}
    for name in BUCKETED:
        shutil.copytree(home.table(name, night), aside / name)
        parts = sorted((aside / name).iterdir()) if name == "facts" else [aside / name]
        found |= {f"{name} {part.name}" if name == "facts" else name: part for part in parts}
    return {name: folder for name, folder in found.items() if any(folder.rglob("*.parquet"))}


def differing_tables(one: dict[str, Path], other: dict[str, Path]) -> list[str]:
    """Names of the tables with a row, bucket included, or a type of a column, that the other has not."""
    with duckdb.connect() as connection:
        return [name for name in one if _differ(connection, one[name], other[name])]


def _differ(connection: duckdb.DuckDBPyConnection, one: Path, other: Path) -> bool:
    for name, folder in (("one_table", one), ("other_table", other)):
        connection.execute(
            f"create or replace view {name} as "
            f"select * replace (bucket::integer as bucket) from read_parquet('{folder}/*/*.parquet', hive_partitioning = true)"
        )
    types = [connection.execute(f"describe {name}").fetchall() for name in ("one_table", "other_table")]
    found = connection.execute(
        "select exists (from one_table except all from other_table) or exists (from other_table except all from one_table)"
    ).fetchall()
    return types[0] != types[1] or bool(found[0][0])
