"""The judge: Great Expectations over DuckDB. The only module that imports it, and late.

Its stock SQL engine closes the connection before it fetches, so a DuckDB engine of our own keeps it open
(a native one is proposed upstream, #12084; this module can then go). Results are counts, never values.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, Literal

import duckdb

from expectations.contract import REJECT
from expectations.verdict import Check

_COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0, "exclude_unexpected_values": True}


@dataclass(frozen=True)
class Judgement:
    """What the judge says of one check: how many records it saw and how many break it; None when it raised."""

    check: Check
    is_kept: bool
    seen: int
    broken: int | None


@contextmanager
def _without_spark_connect() -> Iterator[None]:
    """Hides a part of PySpark that Great Expectations looks for wherever PySpark is installed, and can do without.

    In a process without a main file (`python -c`) PySpark takes its import for doctests, and ends the process.
    """
    name = "pyspark.sql.connect"
    is_mine = name not in sys.modules
    if is_mine:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if is_mine:
            del sys.modules[name]


@cache
def _great_expectations() -> ModuleType:
    """Great Expectations with the DuckDB source registered; importing it costs three seconds."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    with _without_spark_connect():
        import great_expectations as gx
    import sqlalchemy.dialects.postgresql
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
    from great_expectations.execution_engine import SqlAlchemyExecutionEngine

    class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.dialect_module = sqlalchemy.dialects.postgresql

        @contextmanager
        def get_connection(self) -> Iterator[Any]:
            if self._connection is None or self._connection.closed:
                self._connection = self.engine.connect()
            yield self._connection

    class DuckDBDatasource(SQLDatasource):
        type: Literal["duckdb"] = "duckdb"

        @property
        def execution_engine_type(self) -> type[DuckDBExecutionEngine]:
            return DuckDBExecutionEngine

    return gx


@cache
def _context() -> Any:
    """Ephemeral: no stores, no data docs, nothing on disk."""
    context = _great_expectations().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return context


def judge(connection: duckdb.DuckDBPyConnection, table: str, checks: Sequence[Check]) -> list[Judgement]:
    """Hold `table` of an open connection against its checks, in their order.

    The row count is a check of its own: an empty table passes every other one. An expectation that
    raises is a broken promise with an unknown count.
    """
    gx = _great_expectations()
    import sqlalchemy
    from duckdb_sqlalchemy import ConnectionWrapper
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    suite = gx.ExpectationSuite(name=table)
    for check in checks:
        suite.add_expectation_configuration(
            ExpectationConfiguration(
                type=check.expectation,
                kwargs=dict(check.arguments),
                meta={"check": check.name},
                severity="critical" if check.severity == REJECT else "warning",
            ),
            match_type="success",  # else a second check of one type on one column takes the place of the first
        )
    source = _context().data_sources.add_duckdb(
        "night",
        connection_string="duckdb:///:memory:",
        kwargs={"creator": lambda: ConnectionWrapper(connection.cursor()), "poolclass": sqlalchemy.pool.StaticPool},
    )
    try:
        asset = source.add_table_asset(table, table_name=table)
        batch = asset.add_batch_definition_whole_table("all").get_batch()
        result = batch.validate(suite, result_format=_COUNTS_ONLY)
        batch.data.execution_engine.close()
    finally:
        _context().data_sources.delete("night")
    by_name = {one.expectation_config.meta["check"]: one for one in result.results}
    return [_judgement(check, by_name[check.name]) for check in checks]


def _judgement(check: Check, one: Any) -> Judgement:
    if "unexpected_count" in one.result:
        return Judgement(check, bool(one.success), one.result["element_count"], one.result["unexpected_count"])
    if "observed_value" in one.result:
        return Judgement(check, bool(one.success), one.result["observed_value"], 0 if one.success else 1)
    return Judgement(check, False, 0, None)
