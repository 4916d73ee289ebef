"""What the bulletin's tables tell of drawn counts, and what they hide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest
from drawn import drawn

from assets.bulletin.page import page
from assets.engine import MACROS
from assets.tables import sql_tables


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("set variable as_of = date '2026-01-21'")
        opened.execute(MACROS.read_text(encoding="utf-8"))
        opened.execute("create table rule_order (rule varchar, title varchar, place integer)")
        opened.execute("insert into rule_order values ('A', 'first', 1), ('B', 'second', 2), ('C', 'third', 3)")
        yield opened


def told(connection: duckdb.DuckDBPyConnection, name: str, table: str) -> None:
    """Holds a figure of the page against a drawn table; `…` is hidden."""
    found = connection.sql(sql_tables("bulletin")[name].sql).to_arrow_table().to_pylist()
    rows = drawn(table)
    assert [{key: _said(row[key]) for key in rows[0]} for row in found] == rows


def _said(value: Any) -> str:
    return "…" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)


def listed(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Families by number: their deadline in days from the night, and the rules that they stand under."""
    connection.execute(
        "create table cases (area6 varchar, state varchar, deadline date, is_overdue boolean, rules varchar[])"
    )
    for row in drawn(table):
        for _ in range(int(row["families"])):
            connection.execute(
                "insert into cases select '990402', $1, date '2026-01-21' + $2::integer, coalesce($2::integer < 0, false), $3",
                [row["state"], row["days"] or None, row["rules"].split()],
            )


def test_a_small_number_of_deadlines_is_hidden_with_the_next(connection: duckdb.DuckDBPyConnection) -> None:
    """Together they are the whole list, whose number is told."""
    listed(
        connection,
        """
        state      | families | days | rules
        handed_out | 3        | -1   | A
        handed_out | 9        | 0    | A
        handed_out | 20       | 6    | A
        handed_out | 30       | 7    | A
        handed_out | 11       |      | A
        snoozed    | 8        |      | A
        """,
    )
    told(
        connection,
        "deadlines",
        """
        place | says       | families
        1     | 已逾期     | …
        2     | 今日到期   | …
        3     | 七日内到期 | 20
        4     | 七日后到期 | 30
        5     | 未定期限   | 11
        """,
    )


def test_rules_hide_small_counts_and_those_of_a_hidden_dimension(connection: duckdb.DuckDBPyConnection) -> None:
    listed(
        connection,
        """
        state      | families | days | rules
        handed_out | 12       | 1    | A B
        handed_out | 4        | 1    | C
        open       | 9        | 1    | C
        """,
    )
    connection.execute(
        "create table hits as select * from (values ('A', 'income'), ('B', 'medical'), ('C', 'rigid')) t(rule, dimension)"
    )
    connection.execute(
        "create table statistics as select '990402' as area6, '990402' as town, 'dimension' as measure, 'medical' as item, "
        "'…' as families, true as is_hidden"
    )
    told(connection, "rules", "rule | title | families\n A | first | 12\n B | second | …\n C | third | …")


def test_a_share_is_hidden_where_it_stands_for_a_few(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create table yields (rule varchar, body varchar, area6 varchar, town varchar, visits bigint, "
        "found bigint, yield double, low double, high double, is_weak boolean)")  # fmt: skip
    for rule, body, town, visits, found in (
        ("A", "民政", "990402", 40, 10), ("A", "医保", "990402", 40, 10), ("A", "民政", "990402001", 9, 8),
        ("B", "民政", "990402", 20, 3), ("C", "民政", "990402", 4, 0),
    ):  # fmt: skip
        connection.execute(
            "insert into yields values ($1, $2, '990402', $3, $4, $5, $5 / $4, 0.1, 0.5, true)",
            [rule, body, town, visits, found],
        )
    told(
        connection,
        "yields",
        """
        rule | bodies     | visits | share | low  | high | is_weak
        A    | 医保、民政 | 40     | 0.25  | 0.10 | 0.50 | True
        B    | 民政       | 20     | …     | …    | …    | False
        """,
    )


def test_nights_hide_small_counts(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create table case_counts as select '990402' as area6, date '2026-01-20' + i::integer as night, 40 + i as listed, "
        "i as handed_out, 5 - i as answered from range(2) t(i)"
    )
    told(
        connection,
        "nights",
        """
        night      | listed | handed_out | answered
        2026-01-20 | 40     | 0          | 5
        2026-01-21 | 41     | …          | …
        """,
    )


def test_thirty_nights_are_remembered(connection: duckdb.DuckDBPyConnection) -> None:
    """Tonight and twenty-nine before it; a night that is run again does not count its own past twice."""
    connection.execute("create table households as select '990402' as area6")
    connection.execute(
        "create table cases as select '990402' as area6, 'handed_out' as state, date '2026-01-21' - (i % 2)::integer as handed_out_on "
        "from range(9) t(i)"
    )
    connection.execute(
        "create table answers as select '990402001001' as area12, i as household_id, date '2026-01-21' as received_on, i < 6 as is_known "
        "from range(7) t(i)"
    )
    connection.execute(
        "create table previous_case_counts as select '990402' as area6, date '2026-01-21' - i::integer as night, 100 + i as listed, "
        "0 as handed_out, 0 as answered from range(0, 40) t(i)"
    )
    rows = connection.sql(sql_tables("cases")["case_counts"].sql).order("night desc").fetchall()
    assert [str(row[1]) for row in rows[:2]] == ["2026-01-21", "2026-01-20"] and len(rows) == 30
    assert rows[0][2:] == (9, 5, 6) and rows[1][2:] == (101, 0, 0)


def test_a_name_is_never_markup() -> None:
    """Names of towns and feeds come from files that people write."""
    name = "<script>alert(1)</script>&\"'"
    empty: dict[str, list[dict[str, Any]]] = {table: [] for table in sql_tables("bulletin")}
    towns = [{"town": "990402001", "name": name, "families": 9, "red": 9, "orange": 0, "yellow": 0}]
    rules = [{"rule": name, "title": name, "families": 9}]
    told = page(date(2026, 1, 21), name, empty | {"towns": towns, "rules": rules})
    assert "<script" not in told and told.count("&lt;script&gt;") >= 4
