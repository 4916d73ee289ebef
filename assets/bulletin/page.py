"""Writing the bulletin: the figures of the night, drawn and set into one page that needs nothing but itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from assets.home import write_whole
from assets.night import Night
from assets.tables import FOLDER, sql_tables

KIND, TITLE = "bulletin", "每夜简报"
RULES_SHOWN, DRIFTS_SHOWN = 12, 5
_DAYS = "一二三四五六日"


def write(night: Night, folder: Path) -> Iterator[dict[str, Any]]:
    """One page a county that has families; what the manifest says of each."""
    figures = {name: _rows(night, name) for name in sql_tables("bulletin")}
    night.open("households", "areas")
    counties = night.connection.execute(
        "select h.area6, coalesce(any_value(a.name), h.area6) from (select distinct left(area12, 6) as area6 "
        "from households) h left join areas a on a.code = h.area6 || '000000' group by h.area6 order by h.area6"
    ).fetchall()
    for area6, county in counties:
        of_county = {name: [row for row in rows if row["area6"] in (area6, None, "")] for name, rows in figures.items()}
        content = page(night.as_of, county, of_county).encode()
        path = folder / f"{KIND}_{area6}.html"
        write_whole(path, content)
        yield {
            "kind": KIND, "title": TITLE, "format": "html", "path": path.name, "area": area6, "rows": 0,
            "sha256": hashlib.sha256(content).hexdigest(), "columns": [],
        }  # fmt: skip


def page(as_of: date, county: str, figures: dict[str, list[dict[str, Any]]]) -> str:
    """One county's page, of the rows of each file in `assets/bulletin/`."""
    return _template().render(_told(as_of, county, figures))


@cache
def _template() -> Template:
    return Environment(
        loader=FileSystemLoader(FOLDER / "bulletin"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("bulletin.html.jinja")  # fmt: skip


def summary(night: Night) -> str:
    """The counties of the night in a few words, as Markdown; null is hidden."""
    rows = [row for row in _rows(night, "towns") if row["town"] is None]
    lines = ["| 区县 | 在册 | 红 | 橙 | 黄 |", "|---|---|---|---|---|"]
    for row in rows:
        counts = ("…" if row[name] is None else row[name] for name in ("families", "red", "orange", "yellow"))
        lines.append(f"| {row['area6']} | {' | '.join(str(count) for count in counts)} |")
    return "\n".join(lines)


def _rows(night: Night, name: str) -> list[dict[str, Any]]:
    table = sql_tables("bulletin")[name]
    night.open(*table.reads)
    result = night.connection.execute(table.sql)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _told(as_of: date, county: str, figures: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """What the page shows. The plotting library is loaded here, because other commands need none."""
    from assets.bulletin import charts

    whole = next(
        (row for row in figures["towns"] if row["town"] is None),
        dict.fromkeys(("families", "red", "orange", "yellow"), 0),
    )
    towns = [row for row in figures["towns"] if row["town"] is not None]
    rules = [row for row in figures["rules"] if row["families"] is not None]
    tonight = [row for row in figures["nights"] if row["night"] == as_of]
    shown = figures["drifts"][:DRIFTS_SHOWN]
    strips = [row for row in shown if row["months"]]
    overdue = [row["families"] for row in figures["deadlines"] if row["place"] == 1]
    return figures | {
        "title": TITLE, "county": county, "day": f"{as_of.year} 年 {as_of.month} 月 {as_of.day} 日",
        "weekday": f"星期{_DAYS[as_of.weekday()]}", "as_of": as_of.isoformat(), "whole": whole,
        "handed_out": tonight[-1]["handed_out"] if tonight else 0, "overdue": overdue[0] if overdue else 0,
        "levels": charts.LEVELS, "has_hidden": any(row[level] is None for row in towns for level, *_ in charts.LEVELS),
        "rules_left": len(rules) - len(rules[:RULES_SHOWN]), "rules_hidden": len(figures["rules"]) - len(rules),
        "town_bars": charts.town_bars(towns) if towns else "", "night_lines": charts.nights(figures["nights"]),
        "drifts": shown, "drifts_left": len(figures["drifts"]) - len(shown),
        "drift_strips": charts.drift_strips(strips, as_of) if strips else "",
        "rule_bars": charts.rule_bars(rules[:RULES_SHOWN]) if rules else "",
    }  # fmt: skip
