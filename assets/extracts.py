"""The extracts: every new record gets its verdict once, and what stands tonight is read through one view each.

A night of one extract is a folder: `accepted` rows, the `people` first seen in them, `accounts` per delivery and
the judge's `checks`. Rejected records and the vault's part lie in folders of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlglot import exp, parse_one, select, union

from assets.home import Home, folder_whole
from assets.intake import inbox, ledger
from assets.intake.ledger import TAKEN, Receipt
from assets.intake.reading import read
from expectations.contract import DELTA, REJECT, STATE, Contract
from expectations.judge import judge
from expectations.kinds import ID_NO, TEXT
from expectations.verdict import Verdict, staged_name, verdict

LOOKS_SHIFTED_CELLS = 3
LOOKS_SHIFTED_SHARE = 0.02
LOOKS_SHIFTED_ROWS = 10


@dataclass(frozen=True)
class CheckResult:
    """A check over the records of one night; `broken` None means that it could not be judged."""

    name: str
    code: str
    column: str
    is_critical: bool
    seen: int
    broken: int | None


def unlock(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Give a connection the two padded keys of HMAC-SHA256, as bound values."""
    padded = key.ljust(64, b"\0")
    connection.execute("set variable pseudonym_inner = $1", [bytes(b ^ 0x36 for b in padded)])
    connection.execute("set variable pseudonym_outer = $1", [bytes(b ^ 0x5C for b in padded)])


def take_in(home: Home, connection: duckdb.DuckDBPyConnection, contract: Contract, night: date) -> list[CheckResult]:
    """Give tonight's records of one extract their verdict and write the night's folder.

    A folder that holds just these deliveries is left as it is: a repeated night reads what the first one wrote.
    """
    folder = home.table(contract.extract, night)
    receipts = [
        r for r in ledger.receipts(home, night) if r.extract == contract.extract and r.received_on == night.isoformat()
    ]
    receipts = [r for r in receipts if r.state == TAKEN]
    if not receipts:
        return []
    if _judged_deliveries(connection, folder) != {receipt.delivery_no for receipt in receipts}:
        _stage(home, connection, contract, receipts)
        results = _judge(connection, verdict(contract))
        _write(home, connection, contract, receipts, results, night)
        for receipt in receipts:
            inbox.staged_file(home, receipt.delivery_no).unlink(missing_ok=True)
    rows = connection.execute("from read_parquet($1) order by all", [str(folder / "checks.parquet")]).fetchall()
    return [CheckResult(*row) for row in rows]


def _judged_deliveries(connection: duckdb.DuckDBPyConnection, folder: Path) -> set[int]:
    if not folder.exists():
        return set()
    rows = connection.execute("select delivery_no from read_parquet($1)", [str(folder / "accounts.parquet")]).fetchall()
    return {row[0] for row in rows}


# Staging ---------------------------------------------------------------------------------------------------------


def _stage(home: Home, connection: duckdb.DuckDBPyConnection, contract: Contract, receipts: Sequence[Receipt]) -> None:
    """Tables `delivered` (all records as text), `numbers` and `staged`, and the view `judged`."""
    unlock(connection, home.pseudonym_key())
    connection.execute("drop view if exists judged; drop table if exists staged; drop table if exists raw")
    connection.register("delivered_raw", _delivered(home, contract, receipts))
    connection.execute("create table raw as select * from delivered_raw")
    connection.unregister("delivered_raw")
    columns = [column.name for column in contract.columns]
    anything = " or ".join(f"{name} <> ''" for name in columns)
    connection.execute(
        f"create or replace view delivered as select * from raw where fault <> 'BLANK' or (fault is null and ({anything}))"
    )
    texts = [
        select(exp.column(c.name).as_("text"), "period_end").distinct().from_("delivered").where(f"{c.name} <> ''")
        for c in contract.columns if c.kind is ID_NO
    ]  # fmt: skip
    if texts:
        every = texts[0] if len(texts) == 1 else union(*texts, distinct=True)
        written = select("text", "period_end", "written_id(text) as id_no").from_(every.subquery("texts"))
        faults = select("*", "id_fault(id_no, period_end) as fault").from_(written.subquery("written"))
        connection.execute(
            "create or replace table numbers as "
            + select("text", "period_end", "fault", "case when fault is null then id_no end as id_no",
                     "case when fault is null then pseudonym(id_no) end as person_key")
            .from_(faults.subquery("faults")).sql(dialect="duckdb")
        )  # fmt: skip
    connection.execute(f"create table staged as {verdict(contract).staged_sql}")
    connection.execute(f"create view judged as {verdict(contract).judged_sql}")


def _delivered(home: Home, contract: Contract, receipts: Sequence[Receipt]) -> pa.Table:
    """All records of some deliveries as text: trimmed, and folded to half width where a kind is not free text."""
    tables = []
    for receipt in receipts:
        path = inbox.staged_file(home, receipt.delivery_no)
        if not path.exists():
            read(home.archive / receipt.sha256, receipt.suffix, receipt.extract, path)
        with pa.memory_map(str(path)) as source:
            table = pa.ipc.open_file(source).read_all()
        for column in contract.columns:
            values = pc.utf8_trim_whitespace(table[column.name])
            if column.kind is not TEXT and not pc.all(pc.string_is_ascii(values)).as_py():
                values = pc.utf8_normalize(values, form="NFKC")
            table = table.set_column(table.schema.get_field_index(column.name), column.name, values)
        origin = {
            "delivery_no": pa.scalar(receipt.delivery_no, pa.int64()),
            "period_end": pa.scalar(date.fromisoformat(receipt.period_to), pa.date32()),
        }
        for name, value in origin.items():
            table = table.append_column(name, pa.repeat(value, table.num_rows))
        tables.append(table)
    return pa.concat_tables(tables)


def _judge(connection: duckdb.DuckDBPyConnection, rules: Verdict) -> list[CheckResult]:
    """What Great Expectations says of the staged records; the pass must have counted the same, or the night stops."""
    seen = connection.execute("select count(*) from staged").fetchall()[0][0]
    rows = CheckResult("rows__at_least_one", "FILE-EMPTY", "rows", True, seen, 0 if seen else 1)
    if not seen:
        return [rows]
    counted = dict(connection.execute(
        "select bit, count(*) from (select unnest(range(0, 63)) as bit) join staged on (broken >> bit) & 1 = 1 group by bit"
    ).fetchall())  # fmt: skip
    results = [rows]
    for bit, judgement in enumerate(judge(connection, "judged", rules.checks)):
        check = judgement.check
        if judgement.broken is not None and judgement.broken != counted.get(bit, 0):
            raise RuntimeError(
                f"judge and pass differ on {check.name}: {judgement.broken} and {counted.get(bit, 0)} records"
            )
        results.append(
            CheckResult(check.name, check.code, check.column, check.severity == REJECT, seen, judgement.broken)
        )
    return results


# Verdicts --------------------------------------------------------------------------------------------------------


def _write(
    home: Home, connection: duckdb.DuckDBPyConnection, contract: Contract, receipts: Sequence[Receipt],
    results: Sequence[CheckResult], night: date,
) -> None:  # fmt: skip
    rules = verdict(contract)
    connection.execute(f"create or replace table outcomes as {_outcomes_sql(contract, rules)}")
    shifted = [row[0] for row in connection.execute(_SHIFTED, [_unreadable_bits(rules)]).fetchall()]
    connection.execute(
        "update outcomes set outcome = 'held' where delivery_no in (select unnest($1::bigint[]))", [shifted]
    )
    connection.execute(
        "create or replace table checks (bit integer, code varchar, column_name varchar, severity varchar)"
    )
    connection.executemany("insert into checks values (?, ?, ?, ?)", [
        (bit, check.code, check.column, check.severity) for bit, check in enumerate(rules.checks)
    ])  # fmt: skip
    with folder_whole(home.rejects(contract.extract, night)) as folder:
        _copy(connection, _rejects_sql(contract), folder / "rejects.parquet")
    with folder_whole(home.vault(contract.extract, night)) as folder:
        _copy(connection, _identities_sql(contract), folder / "identities.parquet")
    with folder_whole(home.table(contract.extract, night)) as folder:
        _copy(connection, _accepted_sql(contract), folder / "accepted.parquet")
        _copy(connection, _people_sql(contract), folder / "people.parquet")
        _copy(connection, _ACCOUNTS, folder / "accounts.parquet", [shifted])
        checks = pa.Table.from_pylist([vars(result) for result in results], schema=_CHECKS)
        pq.write_table(checks, folder / "checks.parquet")


_CHECKS = pa.schema([
    ("name", pa.string()), ("code", pa.string()), ("column", pa.string()), ("is_critical", pa.bool_()),
    ("seen", pa.int64()), ("broken", pa.int64()),
])  # fmt: skip


def _copy(connection: duckdb.DuckDBPyConnection, sql: str, path: Path, values: Sequence[Any] = ()) -> None:
    """The result of a query as Parquet; the path is a name of ours and never holds a quote."""
    connection.execute(
        f"copy ({sql}) to '{path}' (format parquet, compression zstd, compression_level 1)", list(values)
    )


_SHIFTED = f"""
    select delivery_no from staged group by delivery_no
    having count(*) filter (bit_count(broken & $1) >= {LOOKS_SHIFTED_CELLS})
        >= greatest({LOOKS_SHIFTED_ROWS}, {LOOKS_SHIFTED_SHARE} * count(*))
"""

_ACCOUNTS = """
    select
        delivery_no,
        case when list_contains($1::bigint[], delivery_no) then 'held' else 'taken' end as state,
        case when list_contains($1::bigint[], delivery_no) then 'FILE-SHIFTED' else '' end as code,
        count(*) as records,
        count(*) filter (outcome = 'accepted') as accepted,
        count(*) filter (outcome = 'rejected') as rejected,
        count(*) filter (outcome = 'superseded') as superseded,
        count(*) filter (outcome = 'duplicate') as duplicate,
        count(*) filter (coalesce(outcome, 'blank') = 'blank') as blank,
        count(*) filter (outcome = 'held') as held
    from raw left join outcomes using (delivery_no, record_no)
    group by delivery_no
"""


def _unreadable_bits(rules: Verdict) -> int:
    codes = {"ID", "DATE", "MONTH", "YEAR", "TERM", "INTEGER", "MONEY", "YES-NO", "CODE", "AREA"}
    return sum(1 << bit for bit, check in enumerate(rules.checks) if check.code in codes)


def _outcomes_sql(contract: Contract, rules: Verdict) -> str:
    """One outcome a record: of equal keys in one file the last stands, those before it are duplicate or superseded."""
    texts = ", ".join(f"coalesce({c.name}_text, '')" for c in contract.columns)
    twice = (
        select("delivery_no", "record_no")
        .select(parse_one("row_number() over same_key", dialect="duckdb").as_("place"))
        .select(
            parse_one(
                f"first_value(concat_ws(chr(31), {texts})) over same_key = concat_ws(chr(31), {texts})",
                dialect="duckdb",
            ).as_("is_same")
        )
        .from_("staged")
        .where(f"is_key_twice and broken & {rules.rejecting_bits} = 0 and fault is null")
        .window("same_key as (partition by record_key order by record_no desc)")
    )
    outcome = f"""case
        when fault is not null or broken & {rules.rejecting_bits} <> 0 then 'rejected'
        when place > 1 and is_same then 'duplicate'
        when place > 1 then 'superseded'
        else 'accepted' end"""
    return (
        select("delivery_no", "record_no", parse_one(outcome, dialect="duckdb").as_("outcome"))
        .from_("staged")
        .join(twice.subquery("twice"), using=["delivery_no", "record_no"], join_type="left")
        .sql(dialect="duckdb")
    )


def _accepted(contract: Contract) -> exp.Select:
    return select().from_("staged").join("outcomes", using=["delivery_no", "record_no"]).where("outcome = 'accepted'")


def _person_key(contract: Contract) -> str:
    """A member without a number gets a key of household, name and first month, until the number comes."""
    if contract.column("id_no").is_required or not contract.column("id_no").is_key:
        return "person_key"
    others = ", ".join(f"{staged_name(c)}::varchar" for c in contract.keys if c.kind is not ID_NO)
    return f"coalesce(person_key, pseudonym(concat_ws(chr(31), 'unnumbered', {others}, name_text)))"


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


def _accepted_sql(contract: Contract) -> str:
    query = _accepted(contract)
    for name, kind, _ in stored_columns(contract):
        value = {
            "person_key": _person_key(contract) if name == "person_key" else "",
            "is_unnumbered": "id_no_text is null",
        }.get(name) or (f"{name}_text" if _is_text(contract, name) else name)
        query = query.select(parse_one(f"({value})::{kind}", dialect="duckdb").as_(name))
    return query.sql(dialect="duckdb")


def _is_text(contract: Contract, name: str) -> bool:
    return any(c.name == name and c.kind is TEXT for c in contract.columns)


def _people_sql(contract: Contract) -> str:
    """The people seen tonight, with what their number says of them: day of birth and sex."""
    if not contract.has_person:
        return "select null::bigint as person_key, null::date as born_on, null::boolean as is_female, 0 as delivery_no where false"
    born = "try_cast(id_no[7:10] || '-' || id_no[11:12] || '-' || id_no[13:14] as date)"
    query = (
        _accepted(contract)
        .select(parse_one(_person_key(contract), dialect="duckdb").as_("person_key"))
        .select(parse_one(f"any_value({born})", dialect="duckdb").as_("born_on"))
        .select(parse_one("any_value(id_no[17]::integer % 2 = 0)", dialect="duckdb").as_("is_female"))
        .select("max(delivery_no) as delivery_no")
        .join("(select text, period_end, id_no from numbers) as numbers",
              on="numbers.text = id_no_text and numbers.period_end = staged.period_end", join_type="left")
        .where(f"{_person_key(contract)} is not null")
        .group_by("1")
    )  # fmt: skip
    return query.sql(dialect="duckdb")


_ALWAYS_IN_VAULT = ("name", "phone", "address")


def _identities_sql(contract: Contract) -> str:
    """What the vault keeps of tonight's people: number, name and every other private column, by pseudonym."""
    if not contract.has_person:
        nothing = ", ".join(f"null::varchar as {name}" for name in ("id_no", *_ALWAYS_IN_VAULT))
        return f"select null::bigint as person_key, {nothing}, 0 as delivery_no where false"
    private = [c for c in contract.columns if c.is_private]
    absent = [name for name in _ALWAYS_IN_VAULT if name not in {c.name for c in private}]
    query = (
        _accepted(contract)
        .select(parse_one(_person_key(contract), dialect="duckdb").as_("person_key"), "any_value(id_no) as id_no")
        .select(*(f"arg_max({c.name}_text, staged.record_no) as {c.name}" for c in private), "delivery_no")
        .select(*(f"null::varchar as {name}" for name in absent))
        .join("(select text, period_end, id_no from numbers) as numbers",
              on="numbers.text = id_no_text and numbers.period_end = staged.period_end", join_type="left")
        .where(f"{_person_key(contract)} is not null")
        .group_by("1", "delivery_no")
    )  # fmt: skip
    return query.sql(dialect="duckdb")


def _rejects_sql(contract: Contract) -> str:
    """One row a record and broken promise: code, column, the value as delivered; warnings of accepted rows too."""
    value = exp.Case(this=exp.column("column_name"))
    code = exp.Case(this=exp.column("column_name"))
    for column in contract.columns:
        value = value.when(exp.Literal.string(column.name), exp.column(f"{column.name}_text"))
        if column.kind is ID_NO:
            code = code.when(exp.Literal.string(column.name), exp.column(f"{column.name}_fault"))
    coded = (
        f"case when checks.code = 'ID' then {code.sql(dialect='duckdb')} else checks.code end"
        if code.args.get("ifs")
        else "checks.code"
    )
    broken = (
        select("delivery_no", "record_no", "line_no", "column_name", "severity")
        .select(parse_one(coded, dialect="duckdb").as_("code"), value.as_("value"))
        .from_("staged")
        .join("checks", on="(broken >> bit) & 1 = 1")
        .where("fault is null")
    )
    unsplit = (
        select(
            "delivery_no",
            "record_no",
            "line_no",
            "'record' as column_name",
            "'reject' as severity",
            "fault as code",
            "raw as value",
        )
        .from_("raw")
        .where("fault is not null and fault <> 'BLANK'")
    )
    both = union(broken, unsplit, distinct=False)
    return (
        select("r.*", "outcome", "raw.raw").from_(both.subquery("r"))
        .join("outcomes", using=["delivery_no", "record_no"])
        .join("raw", on="raw.delivery_no = r.delivery_no and raw.record_no = r.record_no")
        .sql(dialect="duckdb")
    )  # fmt: skip


# What stands tonight ---------------------------------------------------------------------------------------------


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
    accounts = (
        f"read_parquet({files!r}, hive_partitioning = false)"
        if files
        else "(select 0 as delivery_no, '' as state, '' as code, 0 as records, 0 as accepted, 0 as rejected, 0 as superseded, 0 as duplicate, 0 as blank, 0 as held where false)"
    )
    connection.execute(f"create or replace temp view accounts as select * from {accounts}")
    modes = pa.table({"extract": [c.extract for c in contracts], "delivery": [c.delivery for c in contracts]})
    connection.register("contract_modes_given", modes)
    connection.execute("create or replace temp table contract_modes as select * from contract_modes_given")
    connection.unregister("contract_modes_given")
    sql = (Path(__file__).parent / "intake" / "deliveries.sql").read_text(encoding="utf-8")
    connection.execute(f"create or replace temp table deliveries as {sql}")


_RECEIPTS = pa.schema([
    *((name, pa.string()) for name in ("received_on", "folder", "file", "sha256", "state", "code", "detail", "extract", "area6",
                                       "period", "period_from", "period_to", "suffix", "encoding", "separator")),
    *((name, pa.int64()) for name in ("delivery_no", "size", "seq", "records")),
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
    keys = ", ".join(c.stored_name if not c.is_private else c.name for c in contract.keys)
    order = {"flow": "period_from desc, delivery_no desc, record_no desc", "delta": "delivery_no desc, record_no desc"}
    last = f"row_number() over (partition by area6, {keys} order by {order[contract.delivery]}) = 1"
    standing = select("*").from_(rows.subquery("rows")).qualify(parse_one(last, dialect="duckdb"))
    if contract.delivery == DELTA:
        standing = select("*").from_(standing.subquery("standing")).where("coalesce(op, 'I') <> 'D'")
    return standing.sql(dialect="duckdb")
