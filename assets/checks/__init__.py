"""Checks of the tables of a night: one SQL file each. Its first line says what must hold, its second of which table.

The first column counts what breaks it, the others are told beside; counts alone, never a value.
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from assets.night import Night
from assets.tables import SqlTable, sql_tables


def specs(asset: str) -> list[dg.AssetCheckSpec]:
    return [dg.AssetCheckSpec(check.name, asset=asset, description=check.title) for check in _of(asset)]


def results(night: Night, asset: str) -> Iterator[dg.AssetCheckResult]:
    for check in _of(asset):
        night.open(*check.reads)
        found = night.connection.execute(check.sql)
        names = [column[0] for column in found.description or ()]
        row = found.fetchall()[0]
        is_error = check.description.endswith("error")
        yield dg.AssetCheckResult(
            check_name=check.name,
            passed=row[0] == 0,
            severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
            metadata={name: value for name, value in zip(names, row, strict=True) if value is not None},
        )


def _of(asset: str) -> list[SqlTable]:
    return [check for check in sql_tables("checks").values() if check.description.split(",")[0] == asset]
