"""The measures as tables on a terminal."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from typing import Any

from rich.console import Console
from rich.table import Table

from assets.tables import sql_table
from pipelines.evaluation.intervals import differences, over_seeds
from pipelines.evaluation.measuring import FOLDER, Rows

WIDTH = 160


@cache
def declared(name: str) -> list[dict[str, str]]:
    """The rows of `systems.csv` or `measures.csv`: names for people."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tell(measures: Mapping[str, Rows]) -> None:
    for name, rows in measures.items():
        title = sql_table(FOLDER / "measures" / f"{name}.sql").title
        _print(title, _turned(rows) if name == "summary" else rows)


def tell_over_seeds(found: Mapping[int, Mapping[str, Rows]]) -> None:
    summaries = {seed: measures["summary"] for seed, measures in found.items()}
    measures = [row["measure"] for row in declared("measures")]
    seeds = ", ".join(str(seed) for seed in found)
    _print(f"Mean over seeds {seeds} (95 %)", _side_by_side(over_seeds(summaries, ["system"], measures)))
    _print("This system less each other one, within each seed (95 %)", _side_by_side(differences(summaries, measures)))


def cell(value: object) -> str:
    return "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _turned(rows: Rows) -> Rows:
    """A row a measure and a column a system: there are more measures than fit side by side."""
    names = [name for name in rows[0] if name != "system"]
    return [{"measure": name} | {row["system"]: row[name] for row in rows} for name in names]


def _side_by_side(rows: Rows) -> Rows:
    measures: dict[str, dict[str, Any]] = {}
    for row in rows:
        low_high = "" if row["low"] is None else f" ({cell(row['low'])} to {cell(row['high'])})"
        told = measures.setdefault(row["measure"], {"measure": row["measure"]})
        told[row["system"]] = f"{cell(row['mean'])}{low_high}"
    return list(measures.values())


def _print(title: str, rows: Rows) -> None:
    shown = Table(*(rows[0] if rows else ()), title=title)
    for row in rows:
        shown.add_row(*(cell(value) for value in row.values()))
    Console(highlight=False, width=WIDTH).print(shown)
