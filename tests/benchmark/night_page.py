"""What a whole night costs, for docs/scale.md: what was measured, and what is reckoned of it for a province and the country."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Told = Mapping[str, Any]
"""What was measured of one night: persons, what the whole cost, what each stage cost, and its bytes on disk."""

HOURS = 5
"""From two in the morning until an hour before the lists are opened."""
PLACES = {"a county": 500_000, "a city": 5_000_000, "a province": 100_000_000, "the country": 1_410_000_000}
BY_BUCKET = ("facts to their bucket", "household_months", "household_profile", "rules")


def section(nights: Sequence[Told]) -> str:
    return "\n".join([*_measured(nights), *_on_paper(nights[-1])])


def _measured(nights: Sequence[Told]) -> Iterator[str]:
    yield "## The whole night"
    yield ""
    sizes = " ".join(str(round(night["persons"], -4)) for night in nights)
    yield (
        "The job `nightly` from typed extracts to lists, in a process of its own, on made-up counties that are taken in already and have"
        " no night before: every family on the books is listed at once, so that lists cost more than on any later night."
        f" `python -m tests.benchmark.night {sizes} --page docs/scale.md` writes this section."
    )
    yield ""
    yield (
        "| CPU s | " + " | ".join(f"{night['persons']:,} persons" for night in nights) + " | a thousand persons more |"
    )
    yield "|---|" + "---:|" * (len(nights) + 1)
    for stage in nights[0]["stages"]:
        yield _row(stage, [night["stages"][stage]["cpu"] for night in nights], nights)
    yield _row("**all**", [night["whole"]["cpu"] for night in nights], nights)
    yield "| peak of the process, MB | " + " | ".join(f"{n['whole']['peak'] / 1e6:,.0f}" for n in nights) + " | |"
    yield "| Dagster, s an asset | " + " | ".join(f"{night['dagster_an_asset']:.3f}" for night in nights) + " | |"
    yield (
        "| checks and Dagster, share | "
        + " | ".join(f"{night['orchestration'] / night['whole']['cpu']:.0%}" for night in nights)
        + " | |"
    )
    yield "| extracts on disk, MB | " + " | ".join(f"{n['disk']['extracts'] / 1e6:,.0f}" for n in nights) + " | |"
    yield (
        "| tables of a night on disk, MB | " + " | ".join(f"{n['disk']['tables'] / 1e6:,.0f}" for n in nights) + " | |"
    )
    yield ""


def _row(name: str, seconds: Sequence[float], nights: Sequence[Told]) -> str:
    more = _slope(nights, seconds)
    told = f"{1000 * more:.2f}" if more is not None else ""
    return f"| {name} | " + " | ".join(f"{one:,.1f}" for one in seconds) + f" | {told} |"


def _slope(nights: Sequence[Told], seconds: Sequence[float]) -> float | None:
    if len(nights) < 2:
        return None
    return (seconds[-1] - seconds[-2]) / (nights[-1]["persons"] - nights[-2]["persons"])


def _on_paper(night: Told) -> Iterator[str]:
    """Everything by the number of persons alone, from the largest night that was measured."""
    persons, whole = night["persons"], night["whole"]["cpu"]
    by_bucket = sum(night["stages"][stage]["cpu"] for stage in BY_BUCKET)
    yield "### On paper: a province and the country"
    yield ""
    yield (
        f"Measured is the night of {persons:,} persons above; everything in this table is reckoned from it, each part in proportion to the number of"
        f" persons (how the core job grows with them stands above). Cores are those that end it within {HOURS} hours if work"
        " spreads evenly. Spread over machines are the stages that work by household bucket; all others run on one."
    )
    yield ""
    yield "| | persons | CPU hours | of these by bucket | cores | extracts, GB | a night's tables, GB |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for name, size in PLACES.items():
        times = size / persons
        hours = whole * times / 3600
        yield (
            f"| {name} | {size:,} | {hours:,.2f} | {by_bucket * times / 3600:,.2f} | {max(1, -(-hours // HOURS)):,.0f} "
            f"| {night['disk']['extracts'] * times / 1e9:,.1f} | {night['disk']['tables'] * times / 1e9:,.1f} |"
        )
    yield ""
    one_machine = (whole - by_bucket) / persons
    most = HOURS * 3600 / one_machine
    yield (
        f"**The first wall is what does not work by bucket**: households, feeds, drift and lists take {1 - by_bucket / whole:.0%} of the night, in one process that mostly"
        f" keeps one core busy. At {HOURS} hours that is some {most / 1e6:,.0f} M persons, whatever stands behind it. The second is memory: those stages hold a row a"
        f" person, and the process took {night['whole']['peak'] / 1e9:.1f} GB at {persons / 1e6:.1f} M persons; beyond `LOWINCOME_MEMORY` DuckDB spills, what Python holds of the lists does not."
        " Both fall where the work is cut as the administration is: a county is judged by its own files alone, so a province is so many homes, one a city, each"
        " with its own night, and only people who move between them are seen by neither. Cut like that a city of five million is the unit that has to fit, and the country is three hundred of them."
    )
