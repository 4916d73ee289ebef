"""What stands tonight: the ledger with its accounts, and one view an extract over the rows in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import parse_one, select

from assets.home import Home
from assets.intake import ledger
from expectations.contract import DELTA, STATE, Contract


def stored_columns(contract: Contract) -> list[tuple[str, str, str]]:
    """(name, type, meaning) of an extract in the lake, origin included. Vault columns are not among them."""
    columns = [
        ("delivery_no", "BIGINT", "Delivery that the row came in"),
        ("record_no", "BIGINT", "Its place in the file"),
        ("line_no", "BIGINT", "Its line, or row of the workbook"),
    ]
    columns += [(c.stored_name, c.kind.stored_as, c.meaning) for c in contract.columns if not c.is_private]
    if contract.has_person and not contract.column("id_no").is_required:
        columns.append(("is_unnumbered", "BOOLEAN", "Has no identity number yet"))
    return columns


def open_views(home: Home, connection: duckdb.DuckDBPyConnection, contract: Contract, night: date) -> None:
    """The view `<extract>`: the rows in force tonight. An extract that never came is an empty view."""
    names = [name for name, _, _ in stored_columns(contract)]
    files = _files(home, contract.extract, night, "accepted.parquet")
    if not files:
        empty = ", ".join(f"null::{kind} as {name}" for name, kind, _ in stored_columns(contract))
        connection.execute(f"create or replace temp view {contract.extract}_received as select {empty} where false")
    else:
        connection.execute(
            f"create or replace temp view {contract.extract}_received as "
            f"select {', '.join(names)} from read_parquet({files!r}, hive_partitioning = false)"
        )
    connection.execute(f"create or replace temp view {contract.extract} as {_in_force_sql(contract)}")


def open_deliveries(
    home: Home, connection: duckdb.DuckDBPyConnection, contracts: Sequence[Contract], night: date
) -> None:
    """The table `deliveries`: every receipt up to tonight with its account, and what stands of each snapshot.

    `in_force_from` and `in_force_to` are the months a register speaks for (null is open).
    """
    receipts = [vars(r) | {"extra_columns": list(r.extra_columns)} for r in ledger.receipts(home, night)]
    table = pa.Table.from_pylist(receipts, schema=_RECEIPTS)
    connection.register("receipts_given", table)
    connection.execute("create or replace temp table receipts as select * from receipts_given")
    connection.unregister("receipts_given")
    files = [path for c in contracts for path in _files(home, c.extract, night, "accounts.parquet")]
    counts = ("delivery_no", "records", "accepted", "rejected", "superseded", "duplicate", "blank", "held")
    nothing = f"(select {', '.join(f'0 as {name}' for name in counts)}, '' as state, '' as code where false)"
    accounts = f"read_parquet({files!r}, hive_partitioning = false)" if files else nothing
    connection.execute(f"create or replace temp view accounts as select * from {accounts}")
    modes = pa.table({"extract": [c.extract for c in contracts], "delivery": [c.delivery for c in contracts]})
    connection.register("contract_modes_given", modes)
    connection.execute("create or replace temp table contract_modes as select * from contract_modes_given")
    connection.unregister("contract_modes_given")
    sql = (Path(__file__).parent / "deliveries.sql").read_text(encoding="utf-8")
    connection.execute(f"create or replace temp table deliveries as {sql}")


_RECEIPTS = pa.schema([
    *((name, pa.string()) for name in (
        "received_on", "folder", "file", "sha256", "state", "code", "detail", "extract", "area6", "period",
        "period_from", "period_to", "suffix", "encoding", "separator",
    )),
    *((name, pa.int64()) for name in ("delivery_no", "size", "seq", "records", "released_from")),
    ("extra_columns", pa.list_(pa.string())),
])  # fmt: skip


def _files(home: Home, extract: str, night: date, name: str) -> list[str]:
    folder = home.root / "lake" / extract
    return [str(path) for path in sorted(folder.glob(f"[0-9]*/{name}")) if path.parent.name <= night.isoformat()]


def _in_force_sql(contract: Contract) -> str:
    """Rows of the deliveries that stand; of equal keys across flow or delta files the last word."""
    names = [name for name, _, _ in stored_columns(contract)]
    rows = (
        select(*(f"r.{name}" for name in names), "d.area6", "d.period_from", "d.in_force_from", "d.in_force_to")
        .from_(f"{contract.extract}_received as r")
        .join("deliveries as d", on="d.delivery_no = r.delivery_no and d.is_in_force")
    )
    if contract.delivery == STATE:
        return rows.sql(dialect="duckdb")
    keys = ", ".join(f"r.{c.stored_name if not c.is_private else c.name}" for c in contract.keys)
    order = {"flow": "d.period_from desc, d.told_no desc, record_no desc", "delta": "d.told_no desc, record_no desc"}
    last = f"row_number() over (partition by d.area6, {keys} order by {order[contract.delivery]}) = 1"
    standing = rows.qualify(parse_one(last, dialect="duckdb"))
    if contract.delivery == DELTA:
        standing = select("*").from_(standing.subquery("standing")).where("coalesce(op, 'I') <> 'D'")
    return standing.sql(dialect="duckdb")
