"""Checks of the tables of a night: one SQL file each. Its first line says what must hold, its second of which table.

The first column counts what breaks it, the others are told beside; counts alone, never a value. A column `chart` is
Markdown. A check "of each extract" is one check an extract: its rows name the extract first.
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from assets.night import Night
from assets.tables import SqlTable, sql_tables
from expectations.contract import contracts


def specs(asset: str) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(name, asset=asset, description=check.title) for check in _of(asset) for name in _names(check)
    ]


def results(night: Night, asset: str) -> Iterator[dg.AssetCheckResult]:
    for check in _of(asset):
        night.open(*check.reads)
        found = night.connection.execute(check.sql)
        names = [column[0] for column in found.description or ()]
        is_error = check.description.endswith("error")
        for check_name, row in zip(_names(check), found.fetchall(), strict=True):
            told = {name: value for name, value in zip(names, row, strict=True) if value is not None}
            told.pop("extract", None)
            if "chart" in told:
                told["chart"] = dg.MetadataValue.md(told["chart"])
            yield dg.AssetCheckResult(
                check_name=check_name,
                passed=next(iter(told.values())) == 0,
                severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
                metadata=told,
            )


def _names(check: SqlTable) -> list[str]:
    """In order of the rows: by extract, or the check alone."""
    if check.description.endswith("of each extract"):
        return [f"{check.name}__{extract}" for extract in contracts()]
    return [check.name]


def _of(asset: str) -> list[SqlTable]:
    return [check for check in sql_tables("checks").values() if check.description.split(",")[0] == asset]
