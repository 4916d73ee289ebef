"""A measure over several seeds: the mean with Student's interval, and the difference to another system, seed by seed.

Seeds are independent counties, so that the mean of a measure over them has Student's distribution with one degree of
freedom less than there are seeds (Student, 1908, Biometrika 6, 1-25; `scipy.stats`). Two systems see the same county:
their difference is taken within each seed first, which is Student's test of paired samples.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any, NamedTuple

from scipy import stats

from pipelines.evaluation.measuring import OURS, Rows

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """`low` and `high` are None where one seed says nothing of the others; all is None where no seed has a figure."""

    mean: float | None
    low: float | None
    high: float | None


def interval(values: Sequence[float]) -> Interval:
    if not values:
        return Interval(None, None, None)
    mean = fmean(values)
    if len(values) == 1:
        return Interval(mean, None, None)
    error = stats.sem(values)
    if error == 0:
        return Interval(mean, mean, mean)
    low, high = stats.t.interval(CONFIDENCE, len(values) - 1, loc=mean, scale=error)
    return Interval(mean, float(low), float(high))


def over_seeds(tables: Mapping[int, Rows], keys: Sequence[str], measures: Sequence[str]) -> Rows:
    """A row for each value of the keys and each measure; `seeds` have a figure: who found none has no visits to a find.

    No measure is below nothing, and an interval is cut there.
    """
    grouped: dict[tuple[Any, ...], Rows] = {}
    for rows in tables.values():
        for row in rows:
            grouped.setdefault(tuple(row[key] for key in keys), []).append(row)
    return [
        dict(zip(keys, group, strict=True)) | {"measure": measure} | _from_zero(_told([row[measure] for row in rows]))
        for group, rows in grouped.items()
        for measure in measures
    ]


def differences(tables: Mapping[int, Rows], measures: Sequence[str]) -> Rows:
    """This system less each other one, seed by seed; a seed in which one of the two has no figure is left out."""
    by_system = {seed: {row["system"]: row for row in rows} for seed, rows in tables.items()}
    others = dict.fromkeys(system for rows in by_system.values() for system in rows if system != OURS.stem)
    return [
        {"system": system, "measure": measure}
        | _told([_less(rows.get(OURS.stem), rows.get(system), measure) for rows in by_system.values()])
        for system in others
        for measure in measures
    ]


def _less(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None, measure: str) -> float | None:
    if one is None or other is None or one[measure] is None or other[measure] is None:
        return None
    return float(one[measure] - other[measure])


def _from_zero(told: dict[str, Any]) -> dict[str, Any]:
    return told | {"low": None if told["low"] is None else max(told["low"], 0.0)}


def _told(values: Sequence[float | None]) -> dict[str, Any]:
    known = [value for value in values if value is not None]
    return {"seeds": len(known)} | interval(known)._asdict()
