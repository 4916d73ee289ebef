"""What a table tells in the UI: row count, columns and, where people ask, a small table of counts. Never a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dagster as dg

from assets.night import Night

_PREVIEWS = {
    "linked": ("extract", "code"), "feeds": ("extract", "state"), "gates": ("extract", "gate", "state"),
    "held": ("gate", "state", "rule"), "hits": ("rule", "level"), "cases": ("state", "level", "change"),
    "standing_hits": ("rule", "standing"), "households": ("area6", "residence"),
    "risk_list": ("town", "level"), "data_quality": ("body", "code"), "identity": ("body", "code"),
}  # fmt: skip


def told(night: Night, name: str) -> dict[str, Any]:
    """The metadata of a table that has just been made."""
    night.open(name)
    columns = night.connection.execute(f"describe {name}").fetchall()
    found: dict[str, Any] = {
        "dagster/row_count": night.rows(name),
        "dagster/column_schema": schema([(row[0], row[1], "") for row in columns]),
    }
    if name in ("drift", "hit_drift"):
        found["preview"] = _drifts(night, name)
    elif name == "yields":
        found["preview"] = _yields(night)
    elif name in _PREVIEWS:
        found["preview"] = _counts(night, name, _PREVIEWS[name])
    return found


def schema(columns: Sequence[tuple[str, str, str]]) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[dg.TableColumn(name, kind, description=meaning or None) for name, kind, meaning in columns]
    )


def _counts(night: Night, name: str, by: Sequence[str]) -> dg.MarkdownMetadataValue:
    """Counts by a few columns, never a person; 1 to 4 stand as <5."""
    keys = ", ".join(by)
    night.open(name)
    rows = night.connection.execute(
        f"select {keys}, count(*) from {name} group by {keys} order by {keys} limit 200"
    ).fetchall()
    lines = [f"| {' | '.join((*by, 'count'))} |", f"|{'---|' * (len(by) + 1)}"]
    lines += [f"| {' | '.join(str(v) for v in row[:-1])} | {row[-1] if row[-1] >= 5 else '<5'} |" for row in rows]
    return dg.MetadataValue.md("\n".join(lines))


def _drifts(night: Night, name: str) -> dg.MarkdownMetadataValue:
    """What has drifted, where, since when and what to look at; shares and the names of columns or rules alone."""
    what, now = ("extract, header", "is_newest") if name == "drift" else ("rule, title", "true")
    rows = night.connection.execute(
        f"select {what}, area, strftime(since_month, '%Y-%m'), says from {name} "
        f"where is_told and {now} order by all limit 200"
    ).fetchall()
    lines = [f"| {what.replace(', ', ' | ')} | area | since | what to look at |", f"|{'---|' * 5}"]
    return dg.MetadataValue.md("\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]))


def _yields(night: Night) -> dg.MarkdownMetadataValue:
    """What visits of each rule are worth in a county; nothing is told of fewer than five."""
    rows = night.connection.execute(
        "select area6, rule, body, case when visits >= 5 then visits::varchar else '<5' end, "
        "case when visits < 5 then '' "
        "else printf('%.0f%% (%.0f%% – %.0f%%)', 100 * yield, 100 * low, 100 * high) end, "
        "case when is_weak then '⚠' else '' end from yields where town = area6 order by all"
    ).fetchall()
    lines = ["| area6 | rule | body | visits | yield (95 %) | weak |", f"|{'---|' * 6}"]
    return dg.MetadataValue.md("\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]))
