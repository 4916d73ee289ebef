"""The numbers of the simulated county, each with its source."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("parameters.csv")


class Parameter(NamedTuple):
    name: str
    value: float
    unit: str
    source: str
    note: str


@cache
def parameters() -> dict[str, Parameter]:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return {name: Parameter(name, float(number), *told) for name, number, *told in rows}


def value(name: str) -> float:
    """Raises KeyError for a name that the file does not hold."""
    return parameters()[name].value
