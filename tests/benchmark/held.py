"""Ratios that were written down once, which the tests hold those of today against."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

Ratios = Mapping[tuple[str, str], float]
"""By what is measured and what it is measured by: CPU by CPU, less is better."""


def last(file: Path) -> Ratios:
    return {(row["of"], row["by"]): float(row["ratio"]) for row in csv.DictReader(file.open(encoding="utf-8"))}


def write_down(file: Path, measured: Callable[[Path], Ratios]) -> None:
    with tempfile.TemporaryDirectory() as folder, file.open("w", encoding="utf-8", newline="") as text:
        table = csv.writer(text, lineterminator="\n")
        table.writerow(("of", "by", "ratio"))
        table.writerows((of, by, f"{ratio:.3f}") for (of, by), ratio in measured(Path(folder)).items())


def worse_by_half(file: Path, measured: Callable[[Path], Ratios], folder: Path) -> list[str]:
    """What got worse by half, in words. A second try, because a busy machine is no worse program."""
    worse: list[str] = []
    for turn in ("first", "second"):
        now = measured(folder / turn)
        worse = [
            f"{of} / {by}: {now[of, by]:.2f}, was {was:.2f}"
            for (of, by), was in last(file).items()
            if now[of, by] > 1.5 * was
        ]
        if not worse:
            break
    return worse
