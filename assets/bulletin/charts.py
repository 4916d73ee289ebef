"""The figures of the bulletin as SVG: towns, thirty nights, rules, drift. Text stays text, in the browser's own font.

Widths are measured with the font that matplotlib brings, so that the same numbers give the same bytes on every machine.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

Row = Mapping[str, Any]

INK, QUIET, RULED, ACCENT, PALE = "#22262a", "#6b7278", "#e3e5e7", "#1f5d72", "#a9c4cd"
LEVELS = (("red", "红", "#a6192e", "white"), ("orange", "橙", "#e8833a", INK), ("yellow", "黄", "#f4cf65", INK))
WIDTH = 7.2
MONTHS = 18  # of a drift
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none", "svg.hashsalt": "bulletin", "font.family": "DejaVu Sans", "font.size": 8.5,
    "text.parse_math": False, "text.color": INK, "axes.linewidth": 0.6,
}  # fmt: skip
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def town_bars(towns: Sequence[Row]) -> str:
    """A bar a town, one piece a level that is told; the families of all hidden levels together are one pale piece."""
    with rc_context(STYLE):
        figure, axes = canvas(0.27 * len(towns) + 0.1, left=1.65, right=0.75)
        told = [sum(town[level] or 0 for level, *_ in LEVELS) for town in towns]
        longest = max([town["families"] or 0 for town in towns] + told, default=0) or 1
        axes.set_xlim(0, longest)
        axes.set_ylim(len(towns) - 0.5, -0.5)
        for place, (town, end) in enumerate(zip(towns, told, strict=True)):
            start = 0
            for level, _, colour, on_it in LEVELS:
                if count := town[level]:
                    _bar(axes, start, place, count, 0.62, colour, f"bar-{place}-{level}")
                    if count / longest > 0.03:
                        say(axes, start + count / 2, place, count, ha="center", color=on_it, fontsize=7.5)
                    start += count
            if town["families"] is not None and town["families"] > end:
                _bar(axes, end, place, town["families"] - end, 0.62, RULED, f"rest-{place}")
            say(axes, -0.012 * longest, place, town["name"], ha="right")
            whole = "…" if town["families"] is None else town["families"]
            say(axes, max(end, town["families"] or 0) + 0.012 * longest, place, whole, color=QUIET)
        return svg(figure, "towns")


def nights(rows: Sequence[Row]) -> str:
    """The list from night to night above, what went out and what came back below. A hidden night leaves a gap."""
    with rc_context(STYLE):
        figure, upper = canvas(2.1, left=0.45, right=0.55, bottom=0.92)
        lower = figure.add_axes((0.45 / WIDTH, 0.24 / 2.1, (WIDTH - 1.0) / WIDTH, 0.5 / 2.1))
        for axes, names in ((upper, ("listed",)), (lower, ("handed_out", "answered"))):
            top = max((row[name] or 0 for row in rows for name in names), default=0) or 1
            axes.set_xlim(-0.6, max(len(rows), 15) - 0.4)
            axes.set_ylim(0, top * 1.08)
            axes.set_xticks([])
            axes.set_yticks([0, top])
            axes.tick_params(length=0, labelsize=7.5, labelcolor=QUIET)
        listed = [float("nan") if row["listed"] is None else row["listed"] for row in rows]
        upper.plot(listed, color=ACCENT, linewidth=1.6, marker="o", markersize=2.4, clip_on=False, gid="line-listed")
        if rows and rows[-1]["listed"] is not None:
            say(upper, len(rows) - 0.6, rows[-1]["listed"], rows[-1]["listed"], color=ACCENT, fontweight="bold")
        for place, row in enumerate(rows):
            for shift, name, colour in ((-0.39, "handed_out", ACCENT), (0.01, "answered", PALE)):
                if row[name]:
                    _bar(lower, place + shift, row[name] / 2, 0.38, row[name], colour, f"bar-{name}-{place}")
            if place in (0, len(rows) - 1) or (len(rows) > 10 and place == len(rows) // 2):
                told: dict[str, Any] = {"ha": "center", "va": "top", "color": QUIET, "fontsize": 7.5}
                say(lower, place, -0.14 * lower.get_ylim()[1], f"{row['night']:%m-%d}", **told)
        return svg(figure, "nights")


def rule_bars(rules: Sequence[Row]) -> str:
    """A bar a rule that hits five listed families or more."""
    with rc_context(STYLE):
        figure, axes = canvas(0.24 * len(rules) + 0.1, left=2.9, right=0.5)
        longest = max((rule["families"] for rule in rules), default=1)
        axes.set_xlim(0, longest)
        axes.set_ylim(len(rules) - 0.5, -0.5)
        for place, rule in enumerate(rules):
            _bar(axes, 0, place, rule["families"], 0.56, ACCENT, f"bar-{place}")
            say(axes, -0.015 * longest, place, f"{rule['title']}  {rule['rule']}", ha="right")
            say(axes, rule["families"] + 0.012 * longest, place, rule["families"], color=QUIET)
        return svg(figure, "rules")


def drift_strips(rows: Sequence[Row], as_of: date) -> str:
    """A strip a column: its last months, the newest on the right. A month that was not judged leaves a gap."""
    with rc_context(STYLE):
        figure, axes = canvas(0.2 * len(rows) + 0.3, left=2.9, right=0.5, bottom=0.25)
        axes.set_xlim(0, MONTHS)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        for place, row in enumerate(rows):
            for month in row["months"]:
                colour, kind = (ACCENT, "drifted") if month["is_drifted"] else (RULED, "usual")
                _bar(axes, MONTHS - month["back"] + 0.04, place, 0.92, 0.56, colour, f"{kind}-{place}-{month['back']}")
            say(axes, -0.2, place, f"{row['what']}  {row['town_name']}", ha="right")
        for back in range(1, MONTHS + 1, 6):
            month = as_of.year * 12 + as_of.month - 1 - back
            told = f"{month // 12}-{month % 12 + 1:02}"
            say(axes, MONTHS - back + 0.5, len(rows) - 0.15, told, ha="center", color=QUIET, fontsize=7.5)
        return svg(figure, "drift")


def canvas(height: float, left: float, right: float, bottom: float = 0.05) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasSVG(figure)
    axes = figure.add_axes(
        (left / WIDTH, bottom / height, (WIDTH - left - right) / WIDTH, (height - bottom - 0.05) / height)
    )
    axes.set_xticks([])
    axes.set_yticks([])
    return figure, axes


def _bar(axes: Axes, left: float, middle: float, width: float, height: float, colour: str, gid: str) -> None:
    axes.add_artist(Rectangle((left, middle - height / 2), width, height, color=colour, linewidth=0, gid=gid))


def say(axes: Axes, x: float, y: float, text: object, **style: Any) -> None:
    axes.text(x, y, str(text), **({"va": "center_baseline"} | style))


def svg(figure: Figure, name: str) -> str:
    """The drawing alone, without what stands around it in a file; its marks carry its name, to be its own."""
    for axes in figure.axes:
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(RULED)
        axes.set_facecolor("none")
    out = io.StringIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # the browser has it
        figure.savefig(out, format="svg", transparent=True, metadata=_NO_METADATA)
    drawing = out.getvalue()
    drawing = drawing[drawing.index("<svg") :]
    return re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{name}-", drawing)
