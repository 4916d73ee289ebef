"""How a table is opened that is no file of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from assets.home import Home


@dataclass(frozen=True)
class Opener:
    """How a table is made readable for one night, and which tables must be open before it."""

    open: Callable[[Home, date, duckdb.DuckDBPyConnection], None]
    reads: tuple[str, ...] = ()


def given(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """A small table that is declared in Python."""
    connection.register("given_rows", table)
    connection.execute(f"create or replace temp table {name} as select * from given_rows")
    connection.unregister("given_rows")


def nothing(columns: str) -> str:
    return ", ".join(f"null::{kind} as {column}" for column, kind in (pair.split() for pair in columns.split(", ")))
