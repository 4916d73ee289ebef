"""What stands tonight: the ledger with its accounts, and one view an extract over the rows in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp, parse_one, select, union

from assets import reference
from assets.home import Home
from assets.intake import ledger
from expectations.contract import DELTA, STATE, Contract
from expectations.kinds import AREA12


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
    """The view `<extract>`: the rows in force tonight, areas by today's codes; of an extract that never came, empty."""
    names = [name for name, _, _ in stored_columns(contract)]
    files = _files(home, contract.extract, night, "accepted.parquet")
    received: exp.Query = (
        select(*names).from_(f"read_parquet({files!r}, hive_partitioning = false)")
        if files
        else select(*(f"null::{kind} as {name}" for name, kind, _ in stored_columns(contract))).where("false")
    )
    if contract.has_person:
        received = _with_linked(home, contract, night, received)
    connection.execute(f"create or replace temp view {contract.extract}_received as {received.sql(dialect='duckdb')}")
    connection.execute(f"create or replace temp view {contract.extract} as {_in_force_sql(contract)}")


def _with_linked(home: Home, contract: Contract, night: date, received: exp.Query) -> exp.Query:
    """What was accepted, and the records whose person was found: rejected for their number, or a member without one."""
    names = [name for name, _, _ in stored_columns(contract)]
    found = (
        select("delivery_no", "record_no", "person_key as found_key").from_("linked").where("person_key is not null")
    )
    if "is_unnumbered" in names:
        special = {
            "person_key": "coalesce(found_key, person_key)",
            "is_unnumbered": "is_unnumbered and found_key is null",
        }
        received = (
            select(*(f"{special[name]} as {name}" if name in special else name for name in names))
            .from_(received.subquery("accepted"))
            .join(found.subquery("found"), using=["delivery_no", "record_no"], join_type="left")
        )
    files = unidentified_files(home, contract.extract, night)
    if not files:
        return received
    linked = (
        select(*("found_key as person_key" if name == "person_key" else name for name in names))
        .from_(f"read_parquet({files!r}, hive_partitioning = false)")
        .join(found.subquery("found"), using=["delivery_no", "record_no"])
    )
    return union(received, linked, distinct=False)


def unidentified_files(home: Home, extract: str, night: date) -> list[str]:
    """Where the records of an extract lie that were rejected for their person's number alone."""
    found = sorted((home.root / "rejects" / extract).glob("[0-9]*/unidentified.parquet"))
    return [str(path) for path in found if path.parent.name <= night.isoformat()]


def open_deliveries(
    home: Home, connection: duckdb.DuckDBPyConnection, contracts: Sequence[Contract], night: date
) -> None:
    """The table `deliveries`: every receipt up to tonight with its account, and what stands of each snapshot.

    `in_force_from` and `in_force_to` are the months a register speaks for (null is open).
    """
    reference.open_areas(home, night, connection)
    receipts = [vars(r) | {"extra_columns": list(r.extra_columns)} for r in ledger.receipts(home, night)]
    table = pa.Table.from_pylist(receipts, schema=_RECEIPTS)
    connection.register("receipts_given", table)
    connection.execute("create or replace temp table receipts as select * from receipts_given")
    connection.unregister("receipts_given")
    open_linked(home, connection, night)
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


LINKED = pa.schema([
    ("extract", pa.string()), ("delivery_no", pa.int64()), ("record_no", pa.int64()), ("line_no", pa.int64()),
    ("person_key", pa.int64()), ("was_key", pa.int64()), ("candidates", pa.int64()), ("probability", pa.float64()),
    ("says", pa.string()), ("code", pa.string()),
])  # fmt: skip


def open_linked(home: Home, connection: duckdb.DuckDBPyConnection, night: date) -> None:
    """The view `linked`: whose person was sought tonight, and who it is where that is known. Empty until it is made."""
    path = home.table("linked", night) / "part.parquet"
    if path.exists():
        connection.execute(f"create or replace temp view linked as from read_parquet('{path}')")
    else:
        forget_linked(connection)


def forget_linked(connection: duckdb.DuckDBPyConnection) -> None:
    """The view `linked` without a row: what tonight's links are worked out from."""
    connection.register("linked_given", LINKED.empty_table())
    connection.execute("create or replace temp table linked_none as select * from linked_given")
    connection.unregister("linked_given")
    connection.execute("create or replace temp view linked as from linked_none")


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
    names = [_today(contract, name) for name, _, _ in stored_columns(contract)]
    rows = (
        select(*names, "d.area6", "d.period_from", "d.in_force_from", "d.in_force_to")
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


def _today(contract: Contract, name: str) -> str:
    """A stored column; what names an area names it by today's code."""
    if name == "grid_code":
        return "current_area(left(r.grid_code, 12)) || substr(r.grid_code, 13) as grid_code"
    if any(c.stored_name == name and c.kind is AREA12 for c in contract.columns):
        return f"current_area(r.{name}) as {name}"
    return f"r.{name}"
