"""`lowincome evaluate`: lists against truth, of one home or over several simulated counties."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import click

from assets.home import Home, Refusal
from pipelines.options import HOME, one_sentence

FOLDER = click.Path(file_okay=False, path_type=Path)


def _as_seeds(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    if value is None:
        return None
    seeds = [one.strip() for one in value.split(",")]
    if not all(one.isdecimal() for one in seeds) or len(set(seeds)) < len(seeds):
        raise click.BadParameter("whole numbers between commas, each once, as in 1,2,3,4")
    return tuple(int(one) for one in seeds)


@click.command()
@HOME
@click.option("--seeds", callback=_as_seeds, help="模拟县的随机种子 / seeds of simulated counties, as 1,2,3,4")
@click.option("--households", type=click.IntRange(min=1), help="每个模拟县的户数 / households of a simulated county")
@click.option("--nights", type=click.IntRange(min=2), help="晚数，每月一晚 / nights, one a month")
@click.option("--out", type=FOLDER, help="写结果页 / the folder for results.md and its figures (default: print tables)")
@click.option("--keep", type=FOLDER, help="保留各县数据，不再重跑 / keep the counties here, and do not run them again")
@one_sentence
def evaluate(
    home: Path | None, seeds: tuple[int, ...] | None, households: int | None, nights: int | None, out: Path | None,
    keep: Path | None,
) -> None:  # fmt: skip
    """清单与真实情况对照 / lists against truth: precision, recall, delay, visits, by rule; baselines beside.

    With --home, of a home that holds the truth (truth/need.csv of a simulated county, or truth/events.csv of a
    sample) and nights. With --seeds or --out, over simulated counties, each through its nights, with intervals.

    \b
    lowincome sample --out /tmp/county --households 1000
    lowincome run --home /tmp/county --as-of 2026-01-21
    lowincome evaluate --home /tmp/county
    lowincome evaluate --seeds 1,2 --households 800 --nights 4     两个模拟县 / two simulated counties
    lowincome evaluate --out docs                                  结果页，约十分钟 / the results page: ten minutes
    """
    is_of_seeds = any(option is not None for option in (seeds, households, nights, out, keep))
    if home and is_of_seeds:
        raise Refusal("--home measures the nights of one home; --seeds and its like make counties of their own.")
    if not is_of_seeds:
        from pipelines.evaluation.measuring import measured
        from pipelines.evaluation.telling import tell

        tell(measured(Home.at(home)))
        return
    from pipelines.evaluation.page import PAGE, is_stale, write_page
    from pipelines.evaluation.seeds import Trial, tried
    from pipelines.evaluation.telling import tell_over_seeds

    told = {"seeds": seeds, "households": households, "nights": nights}
    trial = Trial(**{name: value for name, value in told.items() if value is not None})  # type: ignore[arg-type]
    with nullcontext(keep) if keep else tempfile.TemporaryDirectory() as folder, _bars(trial) as follow:
        found = tried(trial, Path(folder), follow)
    if out is None:
        tell_over_seeds(found)
        return
    if (out / PAGE).exists() and is_stale(out / PAGE):
        click.echo("原结果页出自另一套规则 / the page that stood there was of another catalogue", err=True)
    click.echo(write_page(out, trial, found))


@contextmanager
def _bars(trial: Any) -> Iterator[Any]:
    """A bar a seed on a terminal, plain lines elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from pipelines.evaluation.seeds import KEPT

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda seed, text: click.echo(f"seed {seed}: {text}", err=True)
        return
    columns = (TextColumn("seed {task.fields[seed]}"), BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bars:
        tasks = {seed: bars.add_task("", total=trial.steps, seed=seed) for seed in trial.seeds}
        yield lambda seed, text: bars.update(
            tasks[seed], description=text, advance=trial.steps - 1 if text == KEPT else 1
        )
