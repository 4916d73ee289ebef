"""Counts of several seeds added up: the SQL of `across/` over the kept measures, each row with its seed."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from assets.tables import sql_table
from pipelines.evaluation.measuring import FOLDER, MACROS, Rows

Found = Mapping[int, Mapping[str, Rows]]
"""By seed: its measures by name."""


def pooled(found: Found) -> dict[str, Rows]:
    """Every table of `across/`, by the name of the measure that it adds up; of no rows there are none."""
    added: dict[str, Rows] = {}
    with duckdb.connect() as connection:
        connection.execute(MACROS)
        for table in (sql_table(path) for path in sorted((FOLDER / "across").glob("*.sql"))):
            rows = [{"seed": seed} | row for seed, measures in found.items() for row in measures[table.name]]
            if rows:
                connection.register(table.name, pa.Table.from_pylist(rows))
            added[table.name] = connection.sql(table.sql).to_arrow_table().to_pylist() if rows else []
    return added


def of_seeds(found: Found, name: str) -> dict[int, Rows]:
    return {seed: measures[name] for seed, measures in found.items()}
