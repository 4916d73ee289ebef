"""The figures of the scale page as SVG, in the style of the bulletin: CPU and memory against the number of persons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from matplotlib import rc_context
from matplotlib.ticker import FuncFormatter, NullFormatter

from assets.bulletin.charts import ACCENT, INK, PALE, QUIET, RULED, STYLE, canvas, say, svg
from pipelines.evaluation.figures import PAPER
from tests.benchmark.scale.measuring import Spent

COLOURS = {
    "scan": QUIET, "raw": ACCENT, "kept": INK, "in_buckets": PALE,
    "pandas": "#a6192e", "polars": "#e8833a", "spark_warm": "#7b5ea7",
}  # fmt: skip
NAMES = {
    "scan": "one scan", "raw": "DuckDB, raw extracts", "kept": "DuckDB, kept months", "in_buckets": "DuckDB, raw, bucket by bucket",
    "pandas": "pandas", "polars": "polars", "spark_warm": "Spark, warm",
}  # fmt: skip
Found = Mapping[int, Mapping[str, Spent]]


def drawings(found: Found) -> dict[str, str]:
    """By name of the figure."""
    return {
        "cost": _against_size(found, lambda spent: spent.cpu, "CPU seconds", "cost"),
        "memory": _against_size(found, lambda spent: spent.peak / 1e9, "peak memory, GB", "memory"),
    }


def _against_size(found: Found, value: Callable[[Spent], float], up: str, name: str) -> str:
    """A line a program over sizes, both ways by tenfolds: what is linear has the slope of the floor."""
    with rc_context(STYLE):
        figure, axes = canvas(3.3, left=0.55, right=2.15, bottom=0.5)
        axes.set_xscale("log")
        axes.set_yscale("log")
        sizes = sorted(found)
        ends: list[tuple[float, str]] = []
        for program, colour in COLOURS.items():
            points = [(size, value(found[size][program])) for size in sizes if program in found[size]]
            if points:
                look: dict[str, Any] = {"color": colour, "linewidth": 1.6 if program == "raw" else 1.0}
                axes.plot(*zip(*points, strict=True), marker="o", markersize=2.6, **look)
                ends.append((points[-1][1] / points[-1][0], program))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda persons, _: f"{persons:,.0f}"))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda amount, _: f"{amount:g}"))
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.set_xticks(sizes)
        axes.tick_params(which="both", length=0, labelsize=7.5, labelcolor=QUIET)
        axes.grid(color=RULED, linewidth=0.5)
        axes.set_axisbelow(True)
        axes.set_xlabel("persons", color=QUIET)
        axes.set_ylabel(up, color=QUIET)
        for place, (_, program) in enumerate(sorted(ends, reverse=True)):
            at: dict[str, Any] = {"transform": axes.transAxes, "color": COLOURS[program]}
            weight = "bold" if program == "raw" else "normal"
            say(axes, 1.04, 0.97 - 0.085 * place, NAMES[program], fontweight=weight, **at)
        drawing = svg(figure, name)
    head = drawing.index(">") + 1
    return f"{drawing[:head]}{PAPER}{drawing[head:]}"
