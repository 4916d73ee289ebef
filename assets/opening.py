"""Tables that are declared or gathered rather than worked out: given values, people, rejects, heads, origins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from assets import reference
from assets.home import Home, Refusal
from assets.intake import ledger
from assets.rules.catalogue import rules
from expectations.contract import contracts
from expectations.kinds import ID_NO
from expectations.reasons import REASONS


@dataclass(frozen=True)
class Opener:
    """How a table is made readable for one night, and which tables must be open before it."""

    open: Callable[[Home, date, duckdb.DuckDBPyConnection], None]
    reads: tuple[str, ...] = ()


def fact_extracts() -> list[str]:
    """The extracts whose rows count for a person's household."""
    return [name for name, c in contracts().items() if c.has_person and name != "civil_affairs_members"]


def given(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """A small table that is declared in Python."""
    connection.register("given_rows", table)
    connection.execute(f"create or replace temp table {name} as select * from given_rows")
    connection.unregister("given_rows")


def _declared(name: str, columns: dict[str, pa.DataType], rows: Callable[[], list[tuple[object, ...]]]) -> Opener:
    def open_it(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
        found = [dict(zip(columns, row, strict=True)) for row in rows()]
        given(connection, name, pa.Table.from_pylist(found, schema=pa.schema(list(columns.items()))))

    return Opener(open_it)


def _nothing(columns: str) -> str:
    return ", ".join(f"null::{kind} as {column}" for column, kind in (pair.split() for pair in columns.split(", ")))


def _gathered(
    name: str, folders: Callable[[], Sequence[str]], file: str, columns: str, sql: str
) -> Callable[..., None]:
    """A view over one kind of file of all nights up to tonight; empty, with the same columns, where there is none."""

    def open_it(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
        files = [
            str(path)
            for folder in folders()
            for path in sorted(home.root.glob(f"{folder}/[0-9]*/{file}"))
            if path.parent.name <= night.isoformat()
        ]
        source = (
            f"read_parquet({files!r}, hive_partitioning = false, union_by_name = true)"
            if files
            else f"(select {_nothing(columns)} where false)"
        )
        connection.execute(f"create or replace temp view {name} as {sql.format(files=source)}")

    return open_it


_PEOPLE = """
    select
        p.person_key, any_value(p.born_on) as born_on, any_value(p.is_female) as is_female,
        arg_max(d.area6, p.delivery_no) as area6
    from {files} p
    join deliveries d on d.delivery_no = p.delivery_no and d.is_in_force
    group by p.person_key
"""

_SHOWN_REJECTS = """
    create or replace temp view rejects as
    select r.delivery_no, d.extract, d.file, r.record_no, r.line_no, r.column_name, r.code, r.outcome
    from all_rejects r
    join deliveries d using (delivery_no)
"""

_HEADS = """
    create or replace temp table heads as
    select
        v.person_key as head_key,
        masked_name(arg_max(v.name, (v.phone is not null, v.delivery_no)) filter (v.name is not null)) as head_name,
        masked_id(any_value(v.id_no)) as head_id_no,
        masked_phone(arg_max(v.phone, v.delivery_no) filter (v.phone is not null)) as head_phone
    from identities v
    semi join risk_list r on r.head_key = v.person_key
    group by v.person_key
"""


def _open_rejects(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    """`rejects` shows code, file and line alone; the values stay in `all_rejects`, for the data-quality lists."""
    connection.execute(_SHOWN_REJECTS)


def _open_heads(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    """The only place where the vault is opened: name, number and phone of the listed heads, masked."""
    columns = "person_key bigint, id_no varchar, name varchar, phone varchar, delivery_no bigint"
    _gathered("identities", lambda: ["vault/*"], "identities.parquet", columns, "select * from {files}")(
        home, night, connection
    )
    connection.execute(_HEADS)
    connection.execute("drop view identities")


def _previous(name: str, table: str, columns: str, sql: str) -> Opener:
    """A table of the night before. Without it every family would be new, so its loss is refused."""

    def open_it(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
        before = ledger.night_before(home, night)
        source = f"(select {_nothing(columns)} where false)"
        if before is not None:
            folder = home.table(table, before)
            if not folder.exists():
                raise Refusal(
                    f"Table {table} of {before}, on which {night} leans, is no longer in the lake: "
                    "first run the lost nights again, the oldest one to begin with."
                )
            source = f"read_parquet('{folder}/*.parquet')"
        connection.execute(f"create or replace temp view {name} as {sql.format(files=source)}")

    return Opener(open_it)


def _open_sources(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    """Where each household's facts come from: file, line and day, for the months that the rules look at."""
    rows = ["select 0 as household_id, '' as extract, 0 as delivery_no, 0 as line_no, null::date as day where false"]
    for name in fact_extracts():
        folder = home.table("facts", night) / name
        if not any(folder.rglob("*.parquet")):
            continue
        day = contracts()[name].month_of
        recent = f"where months_back({day}) between 1 and 15" if day else ""
        rows.append(
            f"select household_id, '{name}' as extract, delivery_no, line_no, {day or 'null::date'} as day "
            f"from read_parquet('{folder}/**/*.parquet', hive_partitioning = false) {recent}"
        )
    connection.execute(f"create or replace temp view sources as {' union all '.join(rows)}")


def _open_areas(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    path: Path = reference.SHIPPED / "areas.csv"
    connection.execute(
        "create or replace temp table areas as select * from read_csv($1, header = true, all_varchar = true)",
        [str(path)],
    )


_TEXT = pa.string()
_PEOPLE_COLUMNS = "person_key bigint, born_on date, is_female boolean, delivery_no bigint"
_REJECT_COLUMNS = (
    "delivery_no bigint, record_no bigint, line_no bigint, column_name varchar, severity varchar, code varchar, "
    "value varchar, outcome varchar"
)

_CASE_COLUMNS = (
    "household_id bigint, case_id varchar, level integer, hit_level integer, opened_on date, nights_running integer, "
    "is_combo boolean, is_exit_watch boolean, dimensions varchar[], rules varchar[], main_rule varchar, "
    "main_reason varchar"
)
_LINEAGE_COLUMNS = (
    "number_key bigint, area6 varchar, household_no varchar, household_id bigint, since_month date, until_month date, "
    "predecessor_no varchar, predecessor_area6 varchar, kind varchar, taken_over_month date, is_in_force boolean"
)
_MEMBER_COLUMNS = (
    "household_id bigint, area6 varchar, household_no varchar, person_key bigint, relation varchar, months bigint, "
    "is_provisional boolean"
)
_PREVIOUS_MEMBERS = """
    select household_id, area6, household_no, person_key, relation = '02' as is_head
    from {files}
    where months & 1 = 1 and not is_provisional
"""

OPENERS: dict[str, Opener] = {
    "month_numbers": _declared("month_numbers", {"back": pa.int32()}, lambda: [(back,) for back in range(1, 25)]),
    "contract_facts": _declared(
        "contract_facts",
        {"extract": _TEXT, "folder": _TEXT, "body": _TEXT, "is_awaited": pa.bool_(), "due_day": pa.int32()},
        lambda: [(c.extract, c.folder, c.body, c.is_awaited, c.due_day) for c in contracts().values()],
    ),
    "contract_columns": _declared(
        "contract_columns",
        {"extract": _TEXT, "column_name": _TEXT, "header": _TEXT, "kind": _TEXT, "is_private": pa.bool_()},
        lambda: [
            (c.extract, x.name, x.header, x.kind.name, x.is_private or x.kind is ID_NO)
            for c in contracts().values() for x in c.columns
        ],
    ),
    "reasons": _declared(
        "reasons", {"code": _TEXT, "says": _TEXT, "cure": _TEXT},
        lambda: [(code, reason.says, reason.cure) for code, reason in REASONS.items()],
    ),
    "rule_order": _declared(
        "rule_order", {"rule": _TEXT, "place": pa.int32(), "title": _TEXT, "basis": _TEXT},
        lambda: [(r.code, i, r.title, r.basis) for i, r in enumerate(rules().values())],
    ),
    "rule_needs": _declared(
        "rule_needs", {"rule": _TEXT, "extract": _TEXT, "is_any": pa.bool_()},
        lambda: [(r.code, name, name in r.needs_any) for r in rules().values() for name in (*r.needs, *r.needs_any)],
    ),
    "given_values": Opener(lambda home, night, connection: reference.open_values(home, connection)),
    "people": Opener(
        _gathered("people", lambda: [f"lake/{x}" for x in contracts()], "people.parquet", _PEOPLE_COLUMNS, _PEOPLE),
        reads=("deliveries",),
    ),
    "all_rejects": Opener(
        _gathered("all_rejects", lambda: ["rejects/*"], "rejects.parquet", _REJECT_COLUMNS, "select * from {files}"),
    ),
    "rejects": Opener(_open_rejects, reads=("deliveries", "all_rejects")),
    "heads": Opener(_open_heads, reads=("risk_list",)),
    "previous_cases": _previous("previous_cases", "cases", _CASE_COLUMNS, "from {files}"),
    "previous_lineage": _previous("previous_lineage", "lineage", _LINEAGE_COLUMNS, "from {files}"),
    "previous_members": _previous("previous_members", "household_members", _MEMBER_COLUMNS, _PREVIOUS_MEMBERS),
    "sources": Opener(_open_sources),
    "areas": Opener(_open_areas),
}  # fmt: skip
