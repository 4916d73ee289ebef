"""What stands tonight: the ledger with its accounts, and one view an extract over the rows in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp, parse_one, select, union

from assets import reference
from assets.home import Home
from assets.intake import ledger
from assets.intake.ledger import Receipt
from expectations.contract import DELTA, FLOW, STATE, Contract
from expectations.kinds import AREA12, MONTH


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
    files = tuple(_files(home, contract.extract, night, "accepted.parquet"))
    unidentified = tuple(unidentified_files(home, contract.extract, night)) if contract.has_person else ()
    received = _received_sql(contract, files, unidentified)
    connection.execute(f"create or replace temp view {contract.extract}_received as {received}")
    connection.execute(f"create or replace temp view {contract.extract} as {_in_force_sql(contract)}")


@lru_cache(maxsize=64)
def _received_sql(contract: Contract, files: tuple[str, ...], unidentified: tuple[str, ...]) -> str:
    """What was accepted. Kept, as all that follows, because every step of a night asks for it."""
    received: exp.Query = (
        select(*(name for name, _, _ in stored_columns(contract))).from_(
            f"read_parquet({list(files)!r}, hive_partitioning = false)"
        )
        if files
        else select(*(f"null::{kind} as {name}" for name, kind, _ in stored_columns(contract))).where("false")
    )
    if contract.has_person:
        received = _with_linked(contract, received, unidentified)
    return received.sql(dialect="duckdb")


def _with_linked(contract: Contract, received: exp.Query, unidentified: Sequence[str]) -> exp.Query:
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
    if not unidentified:
        return received
    linked = (
        select(*("found_key as person_key" if name == "person_key" else name for name in names))
        .from_(f"read_parquet({list(unidentified)!r}, hive_partitioning = false)")
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
    open_linked(home, connection, night)
    receipts = ledger.receipts(home, night)
    files = [path for c in contracts for path in _files(home, c.extract, night, "accounts.parquet")]
    areas = reference.stamps(home, "standing_areas")
    stood = tuple(_stamp(Path(path)) for path in (*files, str(_linked_file(home, night))))
    state = (night, tuple(receipts), stood, areas)
    if _KEPT.get(home.root, (None, None))[0] != state:
        _KEPT[home.root] = (state, _worked_out(connection, contracts, receipts, files))
    connection.register("deliveries_given", _KEPT[home.root][1])
    connection.execute("create or replace temp table deliveries as from deliveries_given")
    connection.unregister("deliveries_given")


_KEPT: dict[Path, tuple[object, pa.Table]] = {}
"""The table as this process last saw it: some forty steps of a night ask for the same one."""


def _stamp(path: Path) -> tuple[str, int, int]:
    """A file and its state; one that is not there has state 0."""
    stat = path.stat() if path.exists() else None
    return (str(path), stat.st_mtime_ns, stat.st_size) if stat else (str(path), 0, 0)


def _worked_out(
    connection: duckdb.DuckDBPyConnection, contracts: Sequence[Contract], receipts: Sequence[Receipt], files: list[str]
) -> pa.Table:
    """The result of `deliveries.sql`."""
    rows = [vars(r) | {"extra_columns": list(r.extra_columns)} for r in receipts]
    given = {
        "receipts": pa.Table.from_pylist(rows, schema=_RECEIPTS),
        "contract_modes": pa.table(
            {"extract": [c.extract for c in contracts], "delivery": [c.delivery for c in contracts]}
        ),
    }
    for name, table in given.items():
        connection.register(name, table)
    counts = ("delivery_no", "records", "accepted", "rejected", "superseded", "duplicate", "blank", "held")
    nothing = f"(select {', '.join(f'0 as {name}' for name in counts)}, '' as state, '' as code where false)"
    accounts = f"read_parquet({files!r}, hive_partitioning = false)" if files else nothing
    connection.execute(f"create or replace temp view accounts as select * from {accounts}")
    sql = (Path(__file__).parent / "deliveries.sql").read_text(encoding="utf-8")
    result = connection.sql(sql).to_arrow_table()
    for name in given:
        connection.unregister(name)
    return result


LINKED = pa.schema([
    ("extract", pa.string()), ("delivery_no", pa.int64()), ("record_no", pa.int64()), ("line_no", pa.int64()),
    ("person_key", pa.int64()), ("was_key", pa.int64()), ("candidates", pa.int64()), ("probability", pa.float64()),
    ("says", pa.string()), ("code", pa.string()),
])  # fmt: skip


def open_linked(home: Home, connection: duckdb.DuckDBPyConnection, night: date) -> None:
    """The view `linked`: whose person was sought tonight, and who it is where that is known. Empty until it is made."""
    path = _linked_file(home, night)
    if path.exists():
        connection.execute(f"create or replace temp view linked as from read_parquet('{path}')")
    else:
        forget_linked(connection)


def _linked_file(home: Home, night: date) -> Path:
    return home.table("linked", night) / "part.parquet"


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


_DELIVERED = (
    select("delivery_no", "area6", "period_from", "told_no")
    .select("count(*) over (partition by extract, area6, period_from) > 1 as has_others")
    .from_("deliveries")
    .where("is_in_force")
)


@cache
def _in_force_sql(contract: Contract) -> str:
    """Rows of the deliveries that stand; of equal keys across flow or delta files the last word.

    What names an area names it by today's code.
    """
    codes = {
        name: f"left(r.{name}, 12)" if name == "grid_code" else f"r.{name}"
        for name, _, _ in stored_columns(contract)
        if name == "grid_code" or any(c.stored_name == name and c.kind is AREA12 for c in contract.columns)
    }
    today = {name: f"code_today({code}, {name}_village, {name}_town, {name}_county)" for name, code in codes.items()}
    if "grid_code" in codes:
        today["grid_code"] += " || substr(r.grid_code, 13)"
    names = [f"{today.get(name, f'r.{name}')} as {name}" for name, _, _ in stored_columns(contract)]
    rows = (
        select(*names, "d.area6", "d.period_from", "d.in_force_from", "d.in_force_to")
        .from_(f"{contract.extract}_received as r")
        .join("deliveries as d", on="d.delivery_no = r.delivery_no and d.is_in_force")
    )
    for name, code in codes.items():
        for level, digits in (("village", 12), ("town", 9), ("county", 6)):
            changed = f"{name}_{level}"
            rows = rows.join(
                f"area_changes as {changed}", on=f"{changed}.prefix = left({code}, {digits})", join_type="left"
            )
    if contract.delivery == STATE:
        return rows.sql(dialect="duckdb")
    beaten = "beaten.delivery_no = r.delivery_no and beaten.record_no = r.record_no"
    standing = rows.join(_beaten(contract).subquery("beaten"), on=beaten, join_type="anti")
    if contract.delivery == DELTA:
        standing = standing.where("coalesce(op, 'I') <> 'D'")
    return standing.sql(dialect="duckdb")


def _beaten(contract: Contract) -> exp.Select:
    """The records that another of the same key takes the place of, which are few: only where a key may have come twice
    is it asked which came last. `key_no` may be the same of two keys, never different of one.
    """
    keys = [f"r.{c.stored_name}" for c in contract.keys]
    keyed = (
        select("r.delivery_no", "r.record_no", "d.area6", "d.period_from", "d.told_no", *keys)
        .select(f"hash(d.area6, {', '.join(keys)}) as key_no")
        .from_(f"{contract.extract}_received as r")
        .join(_DELIVERED.subquery("d"), using=["delivery_no"])
    )
    if contract.delivery == FLOW and any(c.kind is MONTH and c.stored_name == contract.month_of for c in contract.keys):
        keyed_again = keyed.where(_may_come_again(contract.month_of, keys))
        again = select("key_no").from_(keyed_again.subquery("keyed"))
    else:
        again = select("key_no").from_(keyed.subquery("keyed")).group_by("key_no").having("count(*) > 1")
    order = {"flow": "period_from desc, told_no desc, record_no desc", "delta": "told_no desc, record_no desc"}
    names = ", ".join(c.stored_name for c in contract.keys)
    place = f"row_number() over (partition by area6, {names} order by {order[contract.delivery]})"
    return (
        select("delivery_no", "record_no")
        .from_(keyed.subquery("keyed"))
        .join(again.subquery("again"), using=["key_no"], join_type="semi")
        .qualify(parse_one(f"{place} > 1", dialect="duckdb"))
    )


def _may_come_again(month: str | None, keys: Sequence[str]) -> str:
    """Intake leaves one record a key and file, and of a month there is one file: every key that comes twice comes at
    least once in the file of another month, beside other files of its month, or found by its name.
    """
    blank = " or ".join(f"{key} is null" for key in keys)
    return (
        f"date_trunc('month', r.{month}) <> date_trunc('month', d.period_from) or d.has_others or {blank} "
        "or (r.delivery_no, r.record_no) in (select (delivery_no, record_no) from linked)"
    )
