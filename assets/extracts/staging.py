"""Staging: the text of tonight's records, the identity numbers in it, and the one table that has the verdict."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp, select, union

from assets.engine import PARQUET
from assets.home import Home
from assets.intake import inbox
from assets.intake.ledger import Receipt
from assets.intake.reading import read
from expectations.contract import Contract
from expectations.kinds import ID_NO
from expectations.verdict import verdict

MOST_TAILS = 0.01
FEWEST_TAILS = 2
MOST_IN_MEMORY = 5_000_000
"""Records of a night and extract. A load of more costs a fifth more as Parquet, and half more where memory spills."""


def unlock(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Give a connection the two padded keys of HMAC-SHA256 (RFC 2104), as bound values."""
    padded = key.ljust(64, b"\0")
    connection.execute("set variable pseudonym_inner = $1", [bytes(b ^ 0x36 for b in padded)])
    connection.execute("set variable pseudonym_outer = $1", [bytes(b ^ 0x5C for b in padded)])


def stage(home: Home, connection: duckdb.DuckDBPyConnection, contract: Contract, receipts: Sequence[Receipt]) -> None:
    """Tables `unsplit` (records that are no cells), `numbers`, `destroyed` and `staged`, and the view `judged`.

    Blank lines and rows of blank cells are in none of them, nor are rows of a list that nobody has filled in yet.
    """
    unlock(connection, home.pseudonym_key())
    unstage(home, connection)
    connection.register("records", delivered(home, receipts))
    connection.execute(
        "create or replace temp table unsplit as "
        "select delivery_no, record_no, line_no, fault, raw from records where fault <> 'BLANK'"
    )
    answers = [exp.column(name).isin("", "无").not_() for name in contract.filled_by]
    says = exp.and_("fault is null", *([exp.or_(*answers)] if answers else []))
    rows = select("*").from_("records").where(exp.or_("fault <> 'BLANK'", says))
    connection.execute(f"create or replace temp view delivered as {rows.sql(dialect='duckdb')}")
    connection.execute(f"create or replace temp table numbers as {_numbers_sql(contract)}")
    connection.execute(f"create or replace temp table destroyed as {_destroyed_sql(contract)}")
    rules, part = verdict(contract), _part(home)
    is_large = sum(receipt.records for receipt in receipts) > MOST_IN_MEMORY
    with _joins_as_written(connection):
        if is_large:
            connection.execute(f"copy ({rules.staged_sql}) to '{part}' ({PARQUET})")
        else:
            connection.execute(f"create table typed as {rules.staged_sql}")
    source = f"read_parquet('{part}')" if is_large else "typed"
    connection.execute(f"create view passed as from {source}")
    connection.execute(f"create table twice as {rules.twice_sql}")
    connection.execute(f"create view staged as {rules.marked_sql}")
    connection.execute(f"create view judged as {rules.judged_sql}")
    connection.unregister("records")


@contextmanager
def _joins_as_written(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Joins keep their right side in memory: DuckDB takes a stream for one row and would keep all records instead."""
    connection.execute("set disabled_optimizers = 'build_side_probe_side'")
    try:
        yield
    finally:
        connection.execute("reset disabled_optimizers")


def unstage(home: Home, connection: duckdb.DuckDBPyConnection) -> None:
    """Give back what the judge had to see through a connection of its own, and so is not temporary."""
    for view in ("judged", "staged", "passed"):
        connection.execute(f"drop view if exists {view}")
    for table in ("typed", "twice"):
        connection.execute(f"drop table if exists {table}")
    _part(home).unlink(missing_ok=True)


def _part(home: Home) -> Path:
    """Where typed records wait that are too many for memory. Intake sweeps what a run that was killed has left."""
    return home.staging / f".staged.{os.getpid()}.part"


def _numbers_sql(contract: Contract) -> str:
    """Every identity number as delivered, read once: what it is written out, its fault, its pseudonym."""
    texts = [
        select(exp.column(column.name).as_("text"), "period_end")
        .distinct()
        .from_("delivered")
        .where(f"{column.name} <> ''")
        for column in contract.columns
        if column.kind is ID_NO
    ]
    if not texts:
        return "select '' as text, current_date as period_end, '' as fault, '' as id_no, 0 as person_key where false"
    every = texts[0] if len(texts) == 1 else union(*texts, distinct=True)
    written = select("text", "period_end", "written_id(text) as id_no").from_(every.subquery("texts"))
    checked = select("*", "expected_character(id_no) as expected").from_(written.subquery("written"))
    faults = select("*", "id_fault(id_no, expected, period_end) as fault").from_(checked.subquery("checked"))
    good = select("text", "period_end", "fault", "case when fault is null then id_no end as id_no").from_(
        faults.subquery("faults")
    )
    return select("*", "pseudonym(id_no) as person_key").from_(good.subquery("good")).sql(dialect="duckdb")


def _destroyed_sql(contract: Contract) -> str:
    """Deliveries in which so many numbers end in 000 that a spreadsheet must have rounded some of them.

    One good number in 1,100 does; one in eleven of the rounded ones passes the check character, so no row can tell.
    """
    if not contract.has_person:
        return "select 0 as delivery_no where false"
    return (
        select("delivery_no").from_("delivered").where("id_no <> ''").group_by("delivery_no")
        .having(f"count(*) filter (ends_with(id_no, '000')) > greatest({FEWEST_TAILS}, {MOST_TAILS} * count(*))")
        .sql(dialect="duckdb")
    )  # fmt: skip


@dataclass(frozen=True)
class Records:
    """All records of some deliveries with what is known of each delivery, as a stream that can be asked for again.

    One batch after the other is mapped into memory and let go, however large the deliveries are. DuckDB reads it by
    the Arrow PyCapsule interface.
    """

    schema: pa.Schema
    parts: Sequence[tuple[Path, dict[str, pa.Scalar]]]

    def __arrow_c_schema__(self) -> object:
        return self.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return pa.RecordBatchReader.from_batches(self.schema, self._batches()).__arrow_c_stream__(requested_schema)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        for path, told in self.parts:
            for place in range(_opened(path).num_record_batches):
                batch = _opened(path).get_batch(place)
                said = [pa.repeat(value, len(batch)) for value in told.values()]
                yield pa.RecordBatch.from_arrays([*batch.columns, *said], schema=self.schema)


def delivered(home: Home, receipts: Sequence[Receipt]) -> Records:
    """The records of some deliveries as they were read at intake."""
    parts = [(_whole(home, receipt), _told(receipt)) for receipt in receipts]
    path, told = parts[0]
    origin = [pa.field(name, value.type) for name, value in told.items()]
    return Records(pa.schema([*_opened(path).schema, *origin]), parts)


def _told(receipt: Receipt) -> dict[str, pa.Scalar]:
    return {
        "delivery_no": pa.scalar(receipt.delivery_no, pa.int64()),
        "area6": pa.scalar(receipt.area6, pa.string()),
        "period_end": pa.scalar(date.fromisoformat(receipt.period_to), pa.date32()),
    }


def _opened(path: Path) -> pa.ipc.RecordBatchFileReader:
    return pa.ipc.open_file(pa.memory_map(str(path)))


def _whole(home: Home, receipt: Receipt) -> Path:
    """The file of a delivery's records; read again from the archive where it is gone or cut."""
    path = inbox.staged_file(home, receipt)
    for _ in range(2):
        try:
            _opened(path)
            return path
        except (OSError, pa.ArrowInvalid):
            read(home.archive / receipt.sha256, receipt.suffix, receipt.extract, path, home.workbook_passwords())
    raise RuntimeError(f"delivery {receipt.delivery_no} cannot be read again from the archive")
