"""The figures of the results page as SVG, in the style of the bulletin: what is found at how many visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from assets.bulletin.charts import ACCENT, INK, PALE, QUIET, RULED, STYLE, canvas, say, svg
from pipelines.evaluation.measuring import OURS, Rows

COLOURS = {
    OURS.stem: ACCENT, "any_rule": PALE, "absolute_line": "#a6192e", "income_ratio": "#e8833a",
    "additive_score": "#7b5ea7", "current_value": QUIET,
}  # fmt: skip
PAPER = '<rect width="100%" height="100%" fill="white"/>'
Lines = Mapping[str, Sequence[Mapping[str, Any]]]
"""By system: points with x and y, each a mean between low and high (None where one seed tells alone)."""


def curves(lines: Lines, names: Mapping[str, str], across: str, up: str, name: str) -> str:
    """A line a system with whiskers both ways; the first point, its list as it is, is the larger one."""
    with rc_context(STYLE):
        figure, axes = _framed(across, up)
        for system, points in lines.items():
            look: dict[str, Any] = {"color": COLOURS[system], "zorder": 3 if system == OURS.stem else 2}
            xs, ys = ([point[side].mean for point in points] for side in ("x", "y"))
            axes.plot(xs, ys, linewidth=1.6 if system == OURS.stem else 1.0, marker="o", markersize=2.6, **look)
            axes.plot(xs[:1], ys[:1], marker="o", markersize=5.5, **look)
            for point in points:
                x, y = point["x"], point["y"]
                if y.low is not None:
                    axes.plot([x.mean, x.mean], [y.low, y.high], linewidth=0.5, alpha=0.6, **look)
                if x.low is not None:
                    axes.plot([x.low, x.high], [y.mean, y.mean], linewidth=0.5, alpha=0.6, **look)
        _named(axes, lines, names)
        axes.set_xlim(0, 1)
        tops = [point["y"].mean for points in lines.values() for point in points]
        axes.set_ylim(0, min(1.0, 1.2 * max(tops, default=0)) or 1)
        return _on_paper(svg(figure, name))


def bands(lines: Lines, names: Mapping[str, str], across: str, up: str, name: str) -> str:
    """A line a system; the interval of this one as a band, those of the others as whiskers."""
    with rc_context(STYLE):
        figure, axes = _framed(across, up)
        for system, points in lines.items():
            colour, is_ours = COLOURS[system], system == OURS.stem
            xs, ys = [point["x"] for point in points], [point["y"].mean for point in points]
            axes.plot(xs, ys, color=colour, linewidth=1.6 if is_ours else 1.0, marker="o", markersize=2.6)
            known = [point for point in points if point["y"].low is not None]
            if is_ours and known:
                lows, highs = zip(*((point["y"].low, point["y"].high) for point in known), strict=True)
                axes.fill_between([p["x"] for p in known], lows, highs, color=colour, alpha=0.12, linewidth=0)
            elif known:
                for point in known:
                    axes.plot(
                        [point["x"]] * 2, [point["y"].low, point["y"].high], color=colour, linewidth=0.5, alpha=0.6
                    )
        _named(axes, lines, names)
        axes.set_xlim(left=0)
        axes.set_ylim(0, 1)
        return _on_paper(svg(figure, name))


def bars(rows: Rows, names: Mapping[str, str], name: str) -> str:
    """A bar a system with its interval; a system that has no figure has no bar."""
    with rc_context(STYLE):
        figure, axes = canvas(0.34 * len(rows) + 0.1, left=2.9, right=0.9)
        longest = max((row["high"] or row["mean"] or 0 for row in rows), default=0) or 1
        axes.set_xlim(0, longest)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        for place, row in enumerate(rows):
            say(axes, -0.015 * longest, place, names[row["system"]], ha="right")
            if row["mean"] is None:
                say(axes, 0, place, "—", color=QUIET)
                continue
            axes.barh(place, row["mean"], 0.5, color=COLOURS[row["system"]], linewidth=0)
            if row["low"] is not None:
                axes.plot([max(row["low"], 0), row["high"]], [place, place], color=INK, linewidth=0.8, zorder=3)
            say(axes, 1.015 * longest, place, f"{row['mean']:.1f}", color=QUIET)
        return _on_paper(svg(figure, name))


def _on_paper(drawing: str) -> str:
    """On white paper: a page may be dark."""
    head = drawing.index(">") + 1
    return f"{drawing[:head]}{PAPER}{drawing[head:]}"


def _framed(across: str, up: str) -> tuple[Figure, Axes]:
    figure, axes = canvas(3.3, left=0.5, right=2.35, bottom=0.5)
    axes.xaxis.set_major_locator(_steps())
    axes.yaxis.set_major_locator(_steps())
    axes.tick_params(length=0, labelsize=7.5, labelcolor=QUIET)
    axes.grid(color=RULED, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set_xlabel(across, color=QUIET)
    axes.set_ylabel(up, color=QUIET)
    return figure, axes


def _steps() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(6)


def _named(axes: Axes, lines: Lines, names: Mapping[str, str]) -> None:
    for place, system in enumerate(lines):
        at: dict[str, Any] = {"transform": axes.transAxes, "color": COLOURS[system]}
        say(
            axes,
            1.03,
            0.97 - 0.075 * place,
            names[system],
            fontweight="bold" if system == OURS.stem else "normal",
            **at,
        )
