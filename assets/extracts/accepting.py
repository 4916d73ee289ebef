"""Accepting: the judge's word, the outcome of every record, and the night's folder of one extract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp, parse_one, select, union

from assets.engine import PARQUET
from assets.extracts.staging import stage, unstage
from assets.extracts.standing import stored_columns
from assets.home import Home, folder_whole
from assets.intake import inbox, ledger
from assets.intake.ledger import TAKEN, Receipt
from expectations.contract import REJECT, Contract
from expectations.judge import judge
from expectations.kinds import ID_NO, MONEY, TEXT
from expectations.verdict import Verdict, verdict

LOOKS_SHIFTED_CELLS = 3
LOOKS_SHIFTED_SHARE = 0.02
LOOKS_SHIFTED_ROWS = 10
LOOKS_SPOILED_SHARE = 0.5

ALWAYS_IN_VAULT = ("name", "phone", "address")


@dataclass(frozen=True)
class CheckResult:
    """A check over the records of one night; `broken` None means that it could not be judged."""

    name: str
    code: str
    column: str
    is_critical: bool
    seen: int
    broken: int | None


def take_in(home: Home, connection: duckdb.DuckDBPyConnection, contract: Contract, night: date) -> list[CheckResult]:
    """Give every record received up to tonight that has none yet its verdict, in the folder of the night it came.

    A folder that holds all its deliveries is left as it is: a repeated night reads what the first one wrote, and a
    night whose run died between intake and verdict is made good by the next one. Returns tonight's checks.
    """
    by_night: dict[date, list[Receipt]] = {}
    for receipt in ledger.receipts(home, night):
        if receipt.extract == contract.extract and receipt.state == TAKEN:
            by_night.setdefault(date.fromisoformat(receipt.received_on), []).append(receipt)
    for received_on, receipts in by_night.items():
        if _judged_deliveries(home.table(contract.extract, received_on)) != len(receipts):
            stage(home, connection, contract, receipts)
            results = judge_staged(connection, verdict(contract))
            _write(home, connection, contract, receipts, results, received_on)
            unstage(home, connection)
        for receipt in receipts:
            inbox.staged_file(home, receipt).unlink(missing_ok=True)
    if night not in by_night:
        return []
    path = home.table(contract.extract, night) / "checks.parquet"
    rows = connection.execute("from read_parquet($1) order by all", [str(path)]).fetchall()
    return [CheckResult(*row) for row in rows]


def account(home: Home, contract: Contract, night: date) -> dict[str, int]:
    """How many records of the extract came in one night, and what became of them."""
    path = home.table(contract.extract, night) / "accounts.parquet"
    rows = pq.read_table(path).to_pylist() if path.exists() else []
    told = {f"{name}_tonight": sum(row[name] for row in rows) for name in ("records", "rejected", "held")}
    return {"dagster/row_count": sum(row["accepted"] for row in rows), **told}


def _judged_deliveries(folder: Path) -> int:
    """How many deliveries a night's folder accounts for."""
    return int(pq.read_metadata(folder / "accounts.parquet").num_rows) if folder.exists() else 0


def judge_staged(connection: duckdb.DuckDBPyConnection, rules: Verdict) -> list[CheckResult]:
    """What Great Expectations says of the staged records; the pass must have counted the same, or the night stops."""
    masks = connection.execute("select broken, count(*) from staged group by broken").fetchall()
    seen = sum(count for _, count in masks)
    counted = [sum(count for mask, count in masks if mask >> bit & 1) for bit in range(len(rules.checks))]
    rows = CheckResult("rows__at_least_one", "FILE-EMPTY", "rows", True, seen, 0 if seen else 1)
    if not seen:
        return [rows]
    results = [rows]
    for judgement, in_pass in zip(judge(connection, "judged", rules.checks), counted, strict=True):
        check = judgement.check
        if judgement.broken is not None and judgement.broken != in_pass:
            raise RuntimeError(f"judge and pass differ on {check.name}: {judgement.broken} and {in_pass} records")
        results.append(
            CheckResult(check.name, check.code, check.column, check.severity == REJECT, seen, judgement.broken)
        )
    return results


# What is written ---------------------------------------------------------------------------------------------------


def _write(
    home: Home, connection: duckdb.DuckDBPyConnection, contract: Contract, receipts: Sequence[Receipt],
    results: Sequence[CheckResult], night: date,
) -> None:  # fmt: skip
    rules = verdict(contract)
    released = {r.delivery_no for r in receipts if r.released_from}
    shifted = [row[0] for row in connection.execute(_SHIFTED, [_unreadable_bits(rules)]).fetchall()]
    shifted = [number for number in shifted if number not in released]
    connection.execute(f"create or replace temp table left_out as {_left_out_sql(contract, rules)}", [shifted])
    _give(connection, "checks_given", {
        "bit": list(range(len(rules.checks))), "check_code": [c.code for c in rules.checks],
        "column_name": [c.column for c in rules.checks], "severity": [c.severity for c in rules.checks],
    })  # fmt: skip
    _give(connection, "records_given", {
        "delivery_no": [r.delivery_no for r in receipts], "records": [r.records for r in receipts],
    })  # fmt: skip
    connection.execute(
        "create or replace temp table holders as "
        "select person_key, any_value(id_no) as id_no from numbers where person_key is not null group by person_key"
    )
    connection.execute(f"create or replace temp table seen as {_seen_sql(contract)}")
    with folder_whole(home.rejects(contract.extract, night)) as folder:
        _copy(connection, _rejects_sql(contract), folder / "rejects.parquet")
        if contract.has_person:
            _copy(connection, _unidentified_sql(contract, rules), folder / "unidentified.parquet")
    with folder_whole(home.vault(contract.extract, night)) as folder:
        _copy(connection, "from seen", folder / "identities.parquet")
    with folder_whole(home.table(contract.extract, night)) as folder:
        _copy(connection, _accepted_sql(contract), folder / "accepted.parquet")
        _copy(connection, _PEOPLE, folder / "people.parquet")
        _copy(connection, _ACCOUNTS, folder / "accounts.parquet", [shifted])
        checks = pa.Table.from_pylist([vars(result) for result in results], schema=_CHECKS)
        pq.write_table(checks, folder / "checks.parquet")


def _give(connection: duckdb.DuckDBPyConnection, name: str, columns: dict[str, list[Any]]) -> None:
    connection.register("given_rows", pa.table(columns))
    connection.execute(f"create or replace temp table {name} as select * from given_rows")
    connection.unregister("given_rows")


_CHECKS = pa.schema([
    ("name", pa.string()), ("code", pa.string()), ("column", pa.string()), ("is_critical", pa.bool_()),
    ("seen", pa.int64()), ("broken", pa.int64()),
])  # fmt: skip


def _copy(connection: duckdb.DuckDBPyConnection, sql: str, path: Path, values: Sequence[Any] = ()) -> None:
    """The result of a query as Parquet; the path is one of ours and never holds a quote."""
    connection.execute(f"copy ({sql}) to '{path}' ({PARQUET})", list(values))


_SHIFTED = f"""
    select delivery_no from staged group by delivery_no
    having count(*) filter (bit_count(broken & $1) >= {LOOKS_SHIFTED_CELLS})
        >= greatest({LOOKS_SHIFTED_ROWS}, {LOOKS_SHIFTED_SHARE} * count(*))
    or count(*) filter (broken & $1 <> 0) >= greatest({LOOKS_SHIFTED_ROWS}, {LOOKS_SPOILED_SHARE} * count(*))
"""

_ACCOUNTS = """
    with outcomes as (
        select delivery_no, outcome, count(*) as n from left_out group by all
    ),

    found as (
        select delivery_no, count(*) as n from staged group by delivery_no
    )

    select
        r.delivery_no,
        case when list_contains($1::bigint[], r.delivery_no) then 'held' else 'taken' end as state,
        case when list_contains($1::bigint[], r.delivery_no) then 'FILE-SHIFTED'
            when bool_or(x.delivery_no is not null) then 'FILE-DESTROYED' else '' end as code,
        any_value(r.records) as records,
        coalesce(any_value(f.n), 0) - coalesce(sum(o.n), 0)::bigint as accepted,
        coalesce(sum(o.n) filter (outcome = 'rejected'), 0)::bigint as rejected,
        coalesce(sum(o.n) filter (outcome = 'superseded'), 0)::bigint as superseded,
        coalesce(sum(o.n) filter (outcome = 'duplicate'), 0)::bigint as duplicate,
        any_value(r.records) - coalesce(any_value(f.n), 0) as blank,
        coalesce(sum(o.n) filter (outcome = 'held'), 0)::bigint as held
    from records_given r
    left join found f using (delivery_no)
    left join outcomes o using (delivery_no)
    left join destroyed x using (delivery_no)
    group by r.delivery_no
"""


def _unreadable_bits(rules: Verdict) -> int:
    codes = {"ID", "DATE", "MONTH", "YEAR", "TERM", "INTEGER", "MONEY", "YES-NO", "CODE", "AREA", "CASE-ID", "ITEM-NO"}
    return sum(1 << bit for bit, check in enumerate(rules.checks) if check.code in codes)


def _left_out_sql(contract: Contract, rules: Verdict) -> str:
    """The outcome of every record that is not accepted. Of equal keys in one file the last stands.

    Those before it are duplicates where they say the same, else superseded. In a file that is held ($1) all wait.
    """
    said = ", ".join(f"coalesce({c.stored_name}::varchar, '')" for c in contract.columns)
    twice_bit = 1 << (len(rules.checks) - 1)
    twice = (
        select("delivery_no", "record_no")
        .select(_sql("row_number() over same_key").as_("place"))
        .select(
            _sql(f"first_value(concat_ws(chr(31), {said})) over same_key = concat_ws(chr(31), {said})").as_("is_same")
        )
        .from_("staged")
        .where(f"broken & {twice_bit} <> 0 and broken & {rules.rejecting_bits} = 0")
        .window("same_key as (partition by record_key order by record_no desc)")
    )
    outcome = f"""case
        when list_contains($1::bigint[], staged.delivery_no) then 'held'
        when broken & {rules.rejecting_bits} <> 0 then 'rejected'
        when is_same then 'duplicate'
        else 'superseded' end"""
    return (
        select("staged.delivery_no", "staged.record_no", _sql(outcome).as_("outcome"))
        .from_("staged")
        .join(twice.subquery("twice"), using=["delivery_no", "record_no"], join_type="left")
        .where(f"list_contains($1::bigint[], staged.delivery_no) or broken & {rules.rejecting_bits} <> 0 or place > 1")
        .sql(dialect="duckdb")
    )


def _accepted() -> exp.Select:
    return select().from_("staged").join("left_out", using=["delivery_no", "record_no"], join_type="anti")


def _person_key(contract: Contract) -> str:
    """A member without a number gets a key of county, household, name and first month, until the number comes."""
    if contract.column("id_no").is_required or not contract.column("id_no").is_key:
        return "person_key"
    others = ", ".join(f"{c.stored_name}::varchar" for c in contract.keys if c.kind is not ID_NO)
    return f"coalesce(person_key, pseudonym(concat_ws(chr(31), 'unnumbered', area6, {others}, name)))"


def _accepted_sql(contract: Contract) -> str:
    query = _accepted()
    special = (
        {"person_key": _person_key(contract), "is_unnumbered": "person_key is null"} if contract.has_person else {}
    )
    for name, kind, _ in stored_columns(contract):
        query = query.select(_sql(f"({special.get(name, name)})::{kind}").as_(name), copy=False)
    return query.sql(dialect="duckdb")


def _sql(text: str) -> exp.Expr:
    parsed: exp.Expr = parse_one(text, dialect="duckdb")
    return parsed


def _seen_sql(contract: Contract) -> str:
    """Whom tonight's records are of, with the last word of each delivery on every private column, and their number.

    By pseudonym; a record without a person (`record_no`) stands for itself.
    """
    private = [column.name for column in contract.columns if column.is_private]
    person = _person_key(contract) if contract.has_person else "null::bigint"
    record = f"case when {person} is null then record_no end"
    seen = (
        _accepted().select(_sql(person).as_("person_key"), "delivery_no", _sql(record).as_("record_no"))
        .select(*(f"arg_max({name}, staged.record_no) as {name}" for name in private))
        .select(*(f"null::varchar as {name}" for name in ALWAYS_IN_VAULT if name not in private))
        .select("min(line_no) as line_no")
        .group_by("1", "2", "3")
    )  # fmt: skip
    if not private:
        seen = seen.where(f"{person} is not null")
    return (
        select("seen.*", "holders.id_no").from_(seen.subquery("seen"))
        .join("holders", using=["person_key"], join_type="left").sql(dialect="duckdb")
    )  # fmt: skip


_PEOPLE = """
    select person_key, delivery_no, born_on(id_no) as born_on, id_no[17]::integer % 2 = 0 as is_female
    from seen where person_key is not null
"""
"""The people seen tonight, with what their number says of them: day of birth and sex."""


def _unidentified_sql(contract: Contract, rules: Verdict) -> str:
    """The rejected records that break nothing but the promise of their person's number, as they would be stored.

    With the number as delivered and the private columns, so that the person may yet be found.
    """
    of_number = sum(1 << bit for bit, c in enumerate(rules.checks) if c.column == "id_no" and c.severity == REJECT)
    special = {"is_unnumbered": "false"}
    query = select().from_("judged").join("left_out", using=["delivery_no", "record_no"])
    names = [name for name, _, _ in stored_columns(contract)]
    for name, kind, _ in stored_columns(contract):
        query = query.select(_sql(f"({special.get(name, name)})::{kind}").as_(name), copy=False)
    given = {column.name for column in contract.columns}
    for name in (*(c.name for c in contract.columns if c.is_private), *ALWAYS_IN_VAULT, "area12"):
        if name not in names:
            query = query.select(name if name in given else f"null::varchar as {name}", copy=False)
            names.append(name)
    return (
        query.select(_sql("unread['id_no']").as_("id_no"))
        .where(f"broken <> 0 and outcome = 'rejected' and broken & {rules.rejecting_bits & ~of_number} = 0")
        .sql(dialect="duckdb")
    )


def _rejects_sql(contract: Contract) -> str:
    """One row a record and broken promise: code, column, the value as delivered; warnings of accepted rows too."""
    value = exp.Case(this=exp.column("column_name"))
    for column in contract.columns:
        read = f"yuan({column.name})" if column.kind is MONEY else f"{column.name}::varchar"
        delivered = {TEXT: column.name, ID_NO: f"{column.name}_unread"}.get(
            column.kind, f"coalesce({column.name}_unread, {read})"
        )
        value = value.when(exp.Literal.string(column.name), _sql(delivered), copy=False)
    faults = [f"when column_name = '{c.name}' then {c.name}_fault" for c in contract.columns if c.kind is ID_NO]
    code = _sql(
        f"case when check_code = 'ID' then case {' '.join(faults)} end else check_code end" if faults else "check_code"
    )
    broken = (
        select("delivery_no", "record_no", "line_no", "column_name", "severity", code.as_("code"), value.as_("value"))
        .from_("judged")
        .join("checks_given", on="(broken >> bit) & 1 = 1")
        .where("fault is null and broken <> 0")
    )
    unsplit = select("delivery_no", "record_no", "line_no", "'record' as column_name", "'reject' as severity").select(
        "fault as code", "raw as value"
    ).from_("unsplit")  # fmt: skip
    return (
        select("r.*", "coalesce(outcome, 'accepted') as outcome")
        .from_(union(broken, unsplit, distinct=False).subquery("r"))
        .join("left_out", using=["delivery_no", "record_no"], join_type="left")
        .sql(dialect="duckdb")
    )
