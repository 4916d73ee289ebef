"""Truth and lists side by side, and the measures of `measures/*.sql` over them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from assets.home import Home, Refusal
from assets.intake import ledger
from assets.night import Night
from assets.tables import sql_table

FOLDER = Path(__file__).parent
MACROS = (FOLDER / "macros.sql").read_text(encoding="utf-8")
OURS, STANDING, KNOWN, ANSWERED = (
    FOLDER / "gathered" / f"{name}.sql" for name in ("lowincome", "standing", "known", "answered")
)
IN_ORDER = ("alerts", "visits", "spells")
TOLD = ("summary", "by_rule", "by_reason", "by_group", "missed", "delays", "thresholds", "equal_visits")
_SCHEMA = pa.schema([
    ("system", pa.string()), ("night", pa.date32()), ("household_no", pa.string()), ("level", pa.int32()),
    ("rules", pa.list_(pa.string())), ("dimensions", pa.list_(pa.string())), ("score", pa.float64()),
])  # fmt: skip
_NIGHTS = pa.schema([("night", pa.date32()), ("households", pa.int64())])
_STANDING = pa.schema([("night", pa.date32()), ("household_no", pa.string()), ("score", pa.float64())])
_KNOWN = pa.schema([("night", pa.date32()), ("household_no", pa.string())])
_ANSWERED = pa.schema([("household_no", pa.string()), ("visited_on", pa.date32()), ("is_met", pa.bool_())])

Rows = list[dict[str, Any]]


def measured(home: Home) -> dict[str, Rows]:
    """Every measure over the nights of a home that holds the truth. Raises `Refusal` where either is missing."""
    nights = ledger.nights(home)
    if not nights:
        raise Refusal("No night has run in this home yet: run `lowincome run --as-of …` first.")
    listed: Rows = []
    households: list[int] = []
    standing: Rows = []
    known: Rows = []
    answered: Rows = []
    for night in nights:
        with Night.of(home, night) as opened:
            opened.open("cases", "answers", "household_profile", "household_months", "hits")
            opened.connection.execute(MACROS)
            for path in (OURS, *_baselines()):
                listed += [{"system": path.stem, "night": night} | row for row in _rows(opened.connection, path)]
            standing += [{"night": night} | row for row in _rows(opened.connection, STANDING)]
            known += [{"night": night} | row for row in _rows(opened.connection, KNOWN)]
            households.append(opened.rows("household_profile"))
            if night == nights[-1]:
                answered = _rows(opened.connection, ANSWERED)
    with duckdb.connect() as connection:
        open_truth(connection, home.root / "truth")
        return measure(connection, list(zip(nights, households, strict=True)), listed, known, answered, standing)


def measure(
    connection: duckdb.DuckDBPyConnection, nights: Sequence[tuple[date, int]], listed: Rows, known: Rows,
    answered: Rows, standing: Rows,
) -> dict[str, Rows]:  # fmt: skip
    """The measures of `TOLD`, where `families` and `needs` are open; a night comes with its number of households."""
    connection.execute(MACROS)
    tables = {
        "nights": pa.Table.from_pylist([{"night": n, "households": count} for n, count in nights], schema=_NIGHTS),
        "listed": pa.Table.from_pylist(listed, schema=_SCHEMA),
        "standing": pa.Table.from_pylist(standing, schema=_STANDING),
        "known": pa.Table.from_pylist(known, schema=_KNOWN),
        "answered": pa.Table.from_pylist(answered, schema=_ANSWERED),
    }
    for name, table in tables.items():
        connection.register("given_rows", table)
        connection.execute(f"create or replace temp table {name} as from given_rows")
        connection.unregister("given_rows")
    for name, file, columns in (
        ("systems", "systems", "*"),
        ("cuts", "thresholds", "system, threshold::double as threshold"),
    ):
        connection.execute(
            f"create or replace temp table {name} as select {columns}, row_number() over () as place "
            f"from read_csv('{FOLDER / file}.csv', header = true, all_varchar = true)"
        )
    for name in IN_ORDER:
        connection.execute(f"create or replace temp table {name} as {_sql(name)}")
    connection.execute(
        "create or replace temp table chosen (budget varchar, system varchar, night date, household_no varchar)"
    )
    for night, _ in nights:
        connection.execute("set variable night = $1", [night])
        connection.execute(f"insert into chosen {_sql('chosen')}")
    return {name: _rows(connection, FOLDER / "measures" / f"{name}.sql") for name in TOLD}


def open_truth(connection: duckdb.DuckDBPyConnection, truth: Path) -> None:
    """`families` and `needs`, of a simulated world or of a sample county's events."""
    for name in ("families", "needs"):
        of_world = (truth / "need.csv").exists()
        if not of_world and not (truth / "events.csv").exists():
            raise Refusal("This home holds no truth (truth/need.csv or truth/events.csv): nothing can be measured.")
        source = FOLDER / "truth" / f"{name}_of_{'world' if of_world else 'sample'}.sql"
        connection.execute("set variable truth = $1", [str(truth)])
        connection.execute(f"create or replace temp table {name} as {source.read_text(encoding='utf-8')}")


def _rows(connection: duckdb.DuckDBPyConnection, path: Path) -> Rows:
    rows: Rows = connection.sql(sql_table(path).sql).to_arrow_table().to_pylist()
    return rows


def _baselines() -> list[Path]:
    return sorted((FOLDER / "baselines").glob("*.sql"))


def _sql(name: str) -> str:
    return sql_table(FOLDER / "measures" / f"{name}.sql").sql
