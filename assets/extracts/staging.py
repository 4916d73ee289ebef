"""Staging: the text of tonight's records, the identity numbers in it, and the one table that has the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp, select, union

from assets.home import Home
from assets.intake import inbox
from assets.intake.ledger import Receipt
from assets.intake.reading import read
from expectations.contract import Contract
from expectations.kinds import ID_NO, TEXT
from expectations.verdict import verdict

MOST_TAILS = 0.01
FEWEST_TAILS = 2


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
    unstage(connection)
    connection.register("records", delivered(home, contract, receipts))
    connection.execute(
        "create or replace temp table unsplit as "
        "select delivery_no, record_no, line_no, fault, raw from records where fault <> 'BLANK'"
    )
    blank = ("", "无") if contract.filled_by else ("",)
    answers = contract.filled_by or [column.name for column in contract.columns]
    filled = exp.or_(*(exp.column(name).isin(*blank).not_() for name in answers))
    rows = select("*").from_("records").where(exp.or_("fault <> 'BLANK'", exp.and_("fault is null", filled)))
    connection.execute(f"create or replace temp view delivered as {rows.sql(dialect='duckdb')}")
    connection.execute(f"create or replace temp table numbers as {_numbers_sql(contract)}")
    connection.execute(f"create or replace temp table destroyed as {_destroyed_sql(contract)}")
    connection.execute(f"create table staged as {verdict(contract).staged_sql}")
    connection.execute(verdict(contract).twice_sql)
    connection.execute(f"create view judged as {verdict(contract).judged_sql}")
    connection.unregister("records")


def unstage(connection: duckdb.DuckDBPyConnection) -> None:
    """Give back what the judge had to see through a connection of its own, and so is not temporary."""
    connection.execute("drop view if exists judged; drop table if exists staged")


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


def delivered(home: Home, contract: Contract, receipts: Sequence[Receipt]) -> pa.Table:
    """All records of some deliveries as text: trimmed, and folded to half width where a kind is not free text."""
    tables = []
    for receipt in receipts:
        table = _records(home, receipt)
        for column in contract.columns:
            if _is_plain(table[column.name]):
                continue
            values = pc.utf8_trim_whitespace(table[column.name])
            if column.kind is not TEXT and not pc.all(pc.string_is_ascii(values)).as_py():
                values = pc.utf8_normalize(values, form="NFKC")
            table = table.set_column(table.schema.get_field_index(column.name), column.name, values)
        origin = {
            "delivery_no": pa.scalar(receipt.delivery_no, pa.int64()),
            "area6": pa.scalar(receipt.area6, pa.string()),
            "period_end": pa.scalar(date.fromisoformat(receipt.period_to), pa.date32()),
        }
        for name, value in origin.items():
            table = table.append_column(name, pa.repeat(value, table.num_rows))
        tables.append(table)
    return pa.concat_tables(tables)


def _records(home: Home, receipt: Receipt) -> pa.Table:
    """The records as they were read at intake; read again from the archive where that file is gone or cut."""
    path = inbox.staged_file(home, receipt)
    for _ in range(2):
        try:
            with pa.memory_map(str(path)) as source:
                return pa.ipc.open_file(source).read_all()
        except (OSError, pa.ArrowInvalid):
            read(home.archive / receipt.sha256, receipt.suffix, receipt.extract, path, home.workbook_passwords())
    raise RuntimeError(f"delivery {receipt.delivery_no} cannot be read again from the archive")


def _is_plain(values: pa.ChunkedArray) -> bool:
    """Whether a column holds printable ASCII alone and no space: nothing to trim, nothing to fold."""
    for chunk in values.chunks:
        offsets, text = chunk.buffers()[1:]
        if text is None or not len(chunk):
            continue
        first, last = np.frombuffer(offsets, np.int32)[[chunk.offset, chunk.offset + len(chunk)]]
        signs = np.frombuffer(text, np.uint8)[first:last]
        if len(signs) and (signs.min() <= ord(" ") or signs.max() > ord("~")):
            return False
    return True
