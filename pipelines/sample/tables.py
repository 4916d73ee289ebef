"""A file before it is written: per column of the contract its cells, codes as codes, days as YYYY-MM-DD."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.people import County

Table: TypeAlias = dict[str, list[str]]
Numbers: TypeAlias = NDArray[np.integer[Any]]


def blank(columns: str) -> Table:
    return {name: [] for name in columns.split()}


def add(table: Table, cells: Iterable[str]) -> None:
    for column, cell in zip(table.values(), cells, strict=True):
        column.append(cell)


def who(county: County, persons: Sequence[int]) -> Table:
    return {"id_no": [county.persons[p].id_no for p in persons], "name": [county.persons[p].name for p in persons]}


def day_cell(day: date | None) -> str:
    return day.isoformat() if day else ""


def money_cell(yuan: int) -> str:
    """Whole yuan; nothing is blank."""
    return f"{yuan}.00" if yuan else ""


def yuan(fen: Numbers) -> list[str]:
    """Fen as yuan with two decimals; each different amount is written once."""
    different, places = np.unique(fen, return_inverse=True)
    written = [f"{'-' if f < 0 else ''}{abs(f) // 100}.{abs(f) % 100:02d}" for f in different.tolist()]
    return [written[p] for p in places.tolist()]


def texts(numbers: Numbers) -> list[str]:
    """Each different number is written once."""
    written = {n: str(n) for n in np.unique(numbers).tolist()}
    return [written[n] for n in numbers.tolist()]
