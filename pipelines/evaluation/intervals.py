"""A measure over several seeds: the mean with Student's interval, and the difference to another system, seed by seed.

Seeds are independent counties, so that the mean of a measure over them has Student's distribution with one degree of
freedom less than there are seeds (Student, 1908, Biometrika 6, 1-25; `scipy.stats`). Two systems see the same county:
their difference is taken within each seed first, which is Student's test of paired samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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


def over_seeds(summaries: Mapping[int, Rows], measures: Sequence[str]) -> Rows:
    """One row a system and measure, and how many seeds have a figure: who found no family has no visits to a find."""
    return [
        {"system": system, "measure": measure, "seeds": len(values)} | interval(values)._asdict()
        for system in _systems(summaries)
        for measure in measures
        for values in [[one for one in _figures(summaries, system, measure).values() if one is not None]]
    ]


def differences(summaries: Mapping[int, Rows], measures: Sequence[str]) -> Rows:
    """This system less each other one, seed by seed; a seed in which one of the two has no figure is left out."""
    return list(_differences(summaries, measures))


def _differences(summaries: Mapping[int, Rows], measures: Sequence[str]) -> Iterator[dict[str, Any]]:
    for system in _systems(summaries):
        for measure in measures if system != OURS.stem else ():
            ours, theirs = (_figures(summaries, one, measure) for one in (OURS.stem, system))
            both = [one - other for one, other in zip(ours.values(), theirs.values(), strict=True)
                    if one is not None and other is not None]  # fmt: skip
            yield {"system": system, "measure": measure, "seeds": len(both)} | interval(both)._asdict()


def _systems(summaries: Mapping[int, Rows]) -> list[str]:
    return [row["system"] for row in next(iter(summaries.values()))]


def _figures(summaries: Mapping[int, Rows], system: str, measure: str) -> dict[int, float | None]:
    return {
        seed: next(row[measure] for row in rows if row["system"] == system) for seed, rows in sorted(summaries.items())
    }
