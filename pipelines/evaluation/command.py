"""`lowincome evaluate`: lists against truth, printed as tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from assets.home import Home
from pipelines.options import HOME, one_sentence


@click.command()
@HOME
@one_sentence
def evaluate(home: Path | None) -> None:
    """清单与真实情况对照 / lists against truth: precision, recall, delay, visits, by rule; baselines beside.

    For a home that holds the truth (truth/need.csv of a simulated county, or truth/events.csv of a sample) and nights.

    \b
    lowincome sample --out /tmp/county --households 1000
    lowincome run --home /tmp/county --as-of 2026-01-21
    lowincome evaluate --home /tmp/county
    """
    from rich.console import Console

    from pipelines.evaluation.measuring import measured

    console = Console(highlight=False, width=160)
    for name, rows in measured(Home.at(home)).items():
        console.print(_table(name, _turned(rows) if name == "summary" else rows))


def _turned(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row a measure and a column a system: there are more measures than fit side by side."""
    names = [name for name in rows[0] if name != "system"]
    return [{"measure": name} | {row["system"]: row[name] for row in rows} for name in names]


def _table(name: str, rows: list[dict[str, Any]]) -> Any:
    from rich.table import Table

    from assets.tables import sql_table
    from pipelines.evaluation.measuring import FOLDER

    shown = Table(*(rows[0] if rows else ()), title=sql_table(FOLDER / "measures" / f"{name}.sql").title)
    for row in rows:
        shown.add_row(*(_cell(value) for value in row.values()))
    return shown


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
