"""The tables of one night that the reference files give: values, areas, grids, calendar."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa

from assets.home import Home
from assets.reference.standing import Stamp, shipped_names, stamps, standing

_FOLDER = Path(__file__).parent

WARNINGS: dict[str, str] = {
    path.stem: path.read_text(encoding="utf-8").splitlines()[0].removeprefix("--").strip()
    for path in sorted((_FOLDER / "warnings").glob("*.sql"))
}
"""What is no fault, but should be looked at: name and what it says."""


def warnings(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many rows each warning finds, over the opened tables of a night."""
    return {
        name: len(connection.execute((_FOLDER / "warnings" / f"{name}.sql").read_text(encoding="utf-8")).fetchall())
        for name in WARNINGS
    }


def open_areas(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    """Tables `areas` (one row a code, as of the night) and `area_changes`, macro `current_area(code)`.

    A code that has a successor and has ended before the night leads to the code of today.
    """
    areas, changes = _areas(home, stamps(home, "standing_areas"), night)
    connection.register("areas", areas)
    connection.register("area_changes", changes)
    connection.execute(_sql("current_area"))


@lru_cache(maxsize=16)
def _areas(home: Home, stamped: tuple[Stamp, ...], night: date) -> tuple[pa.Table, pa.Table]:
    """Kept, because every step of a night needs them."""
    with duckdb.connect() as connection:
        connection.execute("set variable night = $1", [night])
        _given(home, connection, "standing_areas")
        for name in ("areas", "area_changes"):
            connection.execute(f"create table {name} as {_sql(name)}")
        return connection.table("areas").to_arrow_table(), connection.table("area_changes").to_arrow_table()


def open_values(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    """Table `given_values`: all dated rows; a prefix that was renamed stands under today's code."""
    open_areas(home, night, connection)
    _given(home, connection, "standing_values")
    connection.register("shipped_names", shipped_names(home))
    connection.execute(f"create or replace temp table given_values as {_sql('given_values')}")


def open_grids(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    """Table `grids`, empty where nobody has written the file; codes are those of today."""
    open_areas(home, night, connection)
    _given(home, connection, "standing_grids")
    connection.execute(f"create or replace temp table grids as {_sql('grids')}")


def open_calendar(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    """Table `calendar` and macro `workday_after(day, n)`: the n-th working day after a day.

    The years that no calendar knows, to two years after the night, are there as Monday to Friday, `is_known` false.
    """
    _given(home, connection, "standing_calendar")
    connection.execute("set variable night = $1", [night])
    connection.execute(f"create or replace temp table calendar as {_sql('calendar')}")
    connection.execute(_sql("workday_after"))


def _given(home: Home, connection: duckdb.DuckDBPyConnection, table: str) -> None:
    connection.register("given_rows", standing(home, table))
    connection.execute(f"create or replace temp table {table} as from given_rows")
    connection.unregister("given_rows")


def _sql(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
