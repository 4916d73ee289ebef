"""Tables that are declared or gathered rather than worked out: given values, people, rejects, heads, origins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import duckdb
import pyarrow as pa

from assets import reference, releases
from assets.drift.counting import open_feed_counts
from assets.engine import joined_as_written
from assets.home import Home
from assets.memory import PREVIOUS
from assets.opener import Opener, given, nothing
from assets.rules.catalogue import rules
from assets.tables import FOLDER, sql_tables
from expectations.contract import STATE, contracts
from expectations.kinds import ID_NO
from expectations.reasons import REASONS

FINDINGS = sql_tables("extracts")["findings"]


def fact_extracts() -> list[str]:
    """The extracts whose rows count for a person's household."""
    return [name for name, c in contracts().items() if c.has_person and name != "civil_affairs_members"]


def _declared(name: str, columns: dict[str, pa.DataType], rows: Callable[[], list[tuple[object, ...]]]) -> Opener:
    def open_it(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
        found = [dict(zip(columns, row, strict=True)) for row in rows()]
        given(connection, name, pa.Table.from_pylist(found, schema=pa.schema(list(columns.items()))))

    return Opener(open_it)


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
            else f"(select {nothing(columns)} where false)"
        )
        connection.execute(f"create or replace temp view {name} as {sql.format(files=source)}")

    return open_it


_PEOPLE = """
    select
        p.person_key, any_value(p.born_on) as born_on, any_value(p.is_female) as is_female,
        arg_max(d.area6, p.delivery_no) as area6
    from {files} p
    join deliveries d on d.delivery_no = p.delivery_no and d.is_in_force
    anti join linked l on l.person_key is not null and l.was_key = p.person_key and l.delivery_no = p.delivery_no
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


def _open_findings(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    """What is wrong with the files of tonight, values and all: it is looked at and never stored."""
    connection.execute(f"create or replace temp view findings as {FINDINGS.sql}")


def _open_heads(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    """Name, number and phone of the listed heads, masked, from the vault."""
    connection.execute(_HEADS)


def _written(name: str) -> Opener:
    """A table that people read and keep as a file beside the SQL that reads it."""

    def open_it(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
        path = FOLDER / "cases" / f"{name}.csv"
        connection.execute(
            f"create or replace temp table {name} as from read_csv('{path}', header = true, all_varchar = true)"
        )

    return Opener(open_it)


def _open_sources(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    """Where each household's facts come from: file, line and day, for the months that the rules look at."""
    rows = ["select 0 as household_id, '' as extract, 0 as delivery_no, 0 as line_no, null::date as day where false"]
    rows.append("select household_id, 'civil_affairs_reports', delivery_no, line_no, reported_on from reported")
    for name in fact_extracts():
        folder = home.table("facts", night) / name
        if name == "civil_affairs_reports" or not any(folder.rglob("*.parquet")):
            continue
        day = contracts()[name].month_of
        recent = f"where months_back({day}) between 1 and 15" if day else ""
        rows.append(
            f"select household_id, '{name}' as extract, delivery_no, line_no, {day or 'null::date'} as day "
            f"from read_parquet('{folder}/**/*.parquet', hive_partitioning = false) {recent}"
        )
    connection.execute(f"create or replace temp view sources as {' union all '.join(rows)}")


def _open_releases(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    rows = [
        {name: value or None for name, value in vars(release).items()} for release in releases.releases(home, night)
    ]
    given(connection, "releases_told", pa.Table.from_pylist(rows, schema=_RELEASES))
    connection.execute(
        "create or replace temp view releases as select * replace (released_on::date as released_on, "
        "month::date as month, until_month::date as until_month) from releases_told"
    )


def _opened_with(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    """What the table that it reads has opened already."""


_HOMES = """
    create or replace temp table homes_of_persons as
    select
        m.person_key,
        left(arg_max(coalesce(h.area12, m.area12), (has_month(m.months, 1), m.joined_month, m.household_id)), 9) as town
    from household_members m
    left join households h using (household_id)
    group by m.person_key
"""


def _open_feeds(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    """Who stands in which month (a term goes by its first) of a counted extract, as told by the files of that time.

    What a later file adds to a month is left out, so that the newest month is held against like ones. The table
    `feed_rows` counts rows by town and month; `feed_persons` has one a person: the months as bits, and what was paid in
    them side by side, because columns of fixed number are three times faster to compare than rows that are joined with
    each other. Extracts are counted one after the other: together they cost far more, and four times the memory.
    """
    connection.execute(_HOMES)
    connection.execute(
        "create or replace temp table feed_rows (extract varchar, town varchar, back integer, rows bigint);"
        "create or replace temp table feed_persons "
        "(extract varchar, person_key bigint, town varchar, months bigint, amounts bigint[])"
    )
    side_by_side = ", ".join(f"max(amount) filter (back = {back})" for back in range(1, 25))
    for name, contract in contracts().items():
        if not contract.is_counted:
            continue
        month = f"months_back({contract.month_of or 'd.period_from'})"
        rows = (
            f"select person_key, {month}::integer as back, {contract.steady or 'null'}::bigint as amount "
            f"from {name}_received join deliveries d using (delivery_no) "
            f"where d.is_in_force and {month} between 1 and months_kept() and months_back(d.period_from) >= {month}"
        )
        persons = (
            "select person_key, bit_or(1::bigint << (back - 1)) as months, "
            f"{f'[{side_by_side}]' if contract.steady else 'null'} as amounts from ({rows}) group by person_key"
        )
        with joined_as_written(connection):
            connection.execute(
                f"insert into feed_rows select '{name}', town, back, count(*) "
                f"from ({rows}) join homes_of_persons using (person_key) group by all"
            )
            connection.execute(
                f"insert into feed_persons select '{name}', person_key, town, months, amounts "
                f"from ({persons}) join homes_of_persons using (person_key)"
            )


_TEXT = pa.string()
_PEOPLE_COLUMNS = "person_key bigint, born_on date, is_female boolean, delivery_no bigint"
_REJECT_COLUMNS = (
    "delivery_no bigint, record_no bigint, line_no bigint, column_name varchar, severity varchar, code varchar, "
    "value varchar, outcome varchar"
)

_IDENTITY_COLUMNS = (
    "person_key bigint, id_no varchar, name varchar, phone varchar, address varchar, delivery_no bigint, line_no bigint"
)
_UNIDENTIFIED_COLUMNS = (
    "delivery_no bigint, record_no bigint, line_no bigint, id_no varchar, name varchar, phone varchar, "
    "address varchar, area12 varchar"
)
_RELEASES = pa.schema([
    ("release_no", pa.int64()),
    *((name, _TEXT) for name in (
        "released_on", "released_by", "reason", "extract", "rule", "area", "month", "until_month"
    )),
    ("delivery_no", pa.int64()),
])  # fmt: skip

OPENERS: dict[str, Opener] = {
    **PREVIOUS,
    "month_numbers": _declared("month_numbers", {"back": pa.int32()}, lambda: [(back,) for back in range(1, 25)]),
    "contract_facts": _declared(
        "contract_facts",
        {"extract": _TEXT, "folder": _TEXT, "body": _TEXT, "title": _TEXT, "is_awaited": pa.bool_(),
         "is_register": pa.bool_(), "is_of_events": pa.bool_(), "due_day": pa.int32(), "months_apart": pa.int32(),
         "among": _TEXT},
        lambda: [
            (c.extract, c.folder, c.body, c.title, c.is_awaited, c.delivery == STATE, c.is_of_events, c.due_day,
             c.months_apart, c.among)
            for c in contracts().values()
        ],
    ),
    "contract_columns": _declared(
        "contract_columns",
        {"extract": _TEXT, "column_name": _TEXT, "header": _TEXT, "kind": _TEXT, "is_private": pa.bool_(),
         "is_required": pa.bool_()},
        lambda: [
            (c.extract, x.name, x.header, x.kind.name, x.is_private or x.kind is ID_NO, x.is_required)
            for c in contracts().values() for x in c.columns
        ],
    ),
    "code_labels": _declared(
        "code_labels", {"extract": _TEXT, "column_name": _TEXT, "code": _TEXT, "label": _TEXT},
        lambda: [
            (c.extract, x.name, code, label)
            for c in contracts().values() for x in c.columns for code, label in x.codes.items()
        ],
    ),
    "reasons": _declared(
        "reasons", {"code": _TEXT, "says": _TEXT, "cure": _TEXT},
        lambda: [(code, reason.says, reason.cure) for code, reason in REASONS.items()],
    ),
    "rule_order": _declared(
        "rule_order",
        {"rule": _TEXT, "place": pa.int32(), "title": _TEXT, "basis": _TEXT, "ends_by_itself": pa.bool_(),
         "unit": _TEXT, "dimension": _TEXT, "is_bounded": pa.bool_(), "is_pressing": pa.bool_()},
        lambda: [
            (r.code, i, r.title, r.basis, r.ends != "", r.unit, r.dimension, r.is_bounded, r.is_pressing)
            for i, r in enumerate(rules().values())
        ],
    ),
    "rule_needs": _declared(
        "rule_needs", {"rule": _TEXT, "extract": _TEXT, "is_any": pa.bool_()},
        lambda: [(r.code, name, name in r.needs_any) for r in rules().values() for name in (*r.needs, *r.needs_any)],
    ),
    "rule_leans": _declared(
        "rule_leans", {"rule": _TEXT, "extract": _TEXT, "how": _TEXT},
        lambda: [(r.code, name, how) for r in rules().values() for name, how in r.leans_on.items()],
    ),
    "given_values": Opener(reference.open_values),
    "people": Opener(
        _gathered("people", lambda: [f"lake/{x}" for x in contracts()], "people.parquet", _PEOPLE_COLUMNS, _PEOPLE),
        reads=("deliveries",),
    ),
    "all_rejects": Opener(
        _gathered("all_rejects", lambda: ["rejects/*"], "rejects.parquet", _REJECT_COLUMNS, "select * from {files}"),
    ),
    "rejects": Opener(_open_rejects, reads=("deliveries", "all_rejects")),
    "findings": Opener(_open_findings, reads=FINDINGS.reads),
    # the vault: opened by what writes the lists, and by what finds out whose a broken number is
    "identities": Opener(
        _gathered("identities", lambda: ["vault/*"], "identities.parquet", _IDENTITY_COLUMNS, "select * from {files}"),
    ),
    "unidentified": Opener(
        _gathered(
            "unidentified", lambda: ["rejects/*"], "unidentified.parquet", _UNIDENTIFIED_COLUMNS,
            f"select {', '.join(pair.split()[0] for pair in _UNIDENTIFIED_COLUMNS.split(', '))} from {{files}}",
        ),
    ),
    "heads": Opener(_open_heads, reads=("risk_list", "identities")),
    "transitions": _written("transitions"),
    "outcomes": _written("outcomes"),
    "item_transitions": _written("item_transitions"),
    "sources": Opener(_open_sources, reads=("reported",)),
    "releases": Opener(_open_releases),
    "feed_rows": Opener(_open_feeds, reads=("deliveries", "household_members", "households", *contracts())),
    "feed_persons": Opener(_opened_with, reads=("feed_rows",)),
    "feed_counts": Opener(open_feed_counts, reads=("deliveries", "persons", "households", *contracts())),
    "areas": Opener(reference.open_areas),
    "grids": Opener(reference.open_grids),
    "calendar": Opener(reference.open_calendar),
}  # fmt: skip
