"""Where Dagster keeps its events: its own SQLite storage, through one engine that is kept open.

The stock storage makes an engine for every event and so compiles every statement anew: a third of what a night of some
hundred checks costs Dagster. No table, no query and no migration is ours.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS


class EventLog(ConsolidatedSqliteEventLogStorage):
    """One file for the events of all runs. A power cut may cost its last events, never the file (WAL)."""

    @cached_property
    def _engine(self) -> sa.Engine:
        engine = sa.create_engine(self._conn_string, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})
        sa.event.listen(engine, "connect", lambda connection, _: connection.execute("pragma synchronous = normal"))
        return engine

    @contextmanager
    def _connect(self) -> Iterator[Any]:
        with self._engine.begin() as connection:
            yield connection

    def has_table(self, table_name: str) -> bool:
        return sa.inspect(self._engine).has_table(table_name)
