"""How delivered text becomes a stored value, drawn kind by kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from drawn import drawn

from assets.intake import delimited
from expectations import verdict
from expectations.contract import contracts
from expectations.kinds import CODE
from expectations.verdict import spellings


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        verdict.teach(connection)
        yield connection


def read(connection: duckdb.DuckDBPyConnection, kind: str, text: str | None) -> object:
    return connection.execute(f"select read_{kind}($1::varchar)", [text]).fetchall()[0][0]


def shown(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return (
        {None: "", True: "yes", False: "no"}.get(value, str(value))
        if not isinstance(value, int | str) or isinstance(value, bool)
        else str(value)
    )


READ = """
    kind    | text                  | value
    date    | 2026-03-05            | 2026-03-05
    date    | 20260305              | 2026-03-05
    date    | 2026/3/5              | 2026-03-05
    date    | 2026/03/05            | 2026-03-05
    date    | 2026-3-5              | 2026-03-05
    date    | 2026.3.5              | 2026-03-05
    date    | 2026年3月5日          | 2026-03-05
    date    | 2026年03月05日        | 2026-03-05
    date    | 2026-03-05 10:20:30   | 2026-03-05
    date    | 2026-03-05T10:20:30   | 2026-03-05
    date    | 2026-03-05 10:20:30.0 | 2026-03-05
    date    | 2026/3/5 0:00         | 2026-03-05
    date    | 20260305 10:20:30     | 2026-03-05
    date    | 20260305102030        | 2026-03-05
    date    | 2024-02-29            | 2024-02-29
    date    | 2026-02-29            |
    date    | 2026-02-30            |
    date    | 20260230              |
    date    | 2026-13-01            |
    date    | 05/03/2026            |
    date    | 5/3/2026              |
    date    | 26-03-05              |
    date    | 26/3/5                |
    date    | 260305                |
    date    | 2026-03-05x           |
    date    | 2026-03-5x            |
    date    | 2026-03- 5            |
    date    | 2026/3.5              |
    date    | 2026-03               |
    date    | 202603                |
    date    | 46086                 |
    date    | 1899-12-31            |
    date    | 2101-01-01            |
    date    | 0000-00-00            |
    date    | infinity              |
    date    | 长期                  |
    month   | 202603                | 2026-03-01
    month   | 2026-03               | 2026-03-01
    month   | 2026-3                | 2026-03-01
    month   | 2026/3                | 2026-03-01
    month   | 2026.3                | 2026-03-01
    month   | 2026年3月             | 2026-03-01
    month   | 2026年03月            | 2026-03-01
    month   | 2026-03-05            | 2026-03-01
    month   | 20260305              | 2026-03-01
    month   | 2026-03-05 10:20:30   | 2026-03-01
    month   | 202613                |
    month   | 202600                |
    month   | 2026-13               |
    month   | 2026                  |
    month   | 2603                  |
    month   | 032026                |
    month   | 03/2026               |
    month   | 3月                   |
    month   | 2026年3               |
    year    | 2026                  | 2026
    year    | 2026年                | 2026
    year    | 1999                  | 1999
    year    | 26                    |
    year    | 2126                  |
    year    | 2026.0                |
    year    | 202603                |
    term    | 2026S1                | 2026S1
    term    | 2026s2                | 2026S2
    term    | 2026S3                |
    term    | 2026S                 |
    term    | 2026春                |
    term    | 2025-2026-1           |
    integer | 0                     | 0
    integer | 12                    | 12
    integer | 007                   | 7
    integer | -1                    |
    integer | 1.0                   |
    integer | 1.5                   |
    integer | 1e3                   |
    integer | 3人                   |
    integer | 9999999999999         |
    money   | 0                     | 0
    money   | 0.00                  | 0
    money   | 12                    | 1200
    money   | 12.3                  | 1230
    money   | 12.34                 | 1234
    money   | 12.340                | 1234
    money   | 12.3400000000         | 1234
    money   | 0.29                  | 29
    money   | 1.10                  | 110
    money   | 8.45                  | 845
    money   | 1,234.56              | 123456
    money   | 12,345,678.90         | 1234567890
    money   | -12.34                | -1234
    money   | -0.01                 | -1
    money   | 9999999999999.99      | 999999999999999
    money   | 12.345                |
    money   | 12.3401               |
    money   | 1,23                  |
    money   | 1234,567              |
    money   | 12,34.5               |
    money   | 1.2万                 |
    money   | 100元                 |
    money   | ￥100                 |
    money   | 1e3                   |
    money   | 1E+3                  |
    money   | NaN                   |
    money   | inf                   |
    money   | Infinity              |
    money   | --5                   |
    money   | +5                    |
    money   | .5                    |
    money   | 5.                    |
    money   | 1 000                 |
    money   | 0x10                  |
    money   | -                     |
    yes_no  | 是                    | yes
    yes_no  | 1                     | yes
    yes_no  | Y                     | yes
    yes_no  | y                     | yes
    yes_no  | yes                   | yes
    yes_no  | YES                   | yes
    yes_no  | Yes                   | yes
    yes_no  | 否                    | no
    yes_no  | 0                     | no
    yes_no  | N                     | no
    yes_no  | n                     | no
    yes_no  | No                    | no
    yes_no  | 不是                  |
    yes_no  | 2                     |
    yes_no  | 有                    |
    yes_no  | yess                  |
    area12  | 990402001001          | 990402001001
    area12  | 990402000000          | 990402000000
    area12  | 990402                |
    area12  | 9904020010011         |
    area12  | 99040200100x          |
    area12  | 9.90402E+11           |
"""


@pytest.mark.parametrize("case", drawn(READ), ids=lambda case: f"{case['kind']}-{case['text']}")
def test_what_is_read(connection: duckdb.DuckDBPyConnection, case: dict[str, str]) -> None:
    assert shown(read(connection, case["kind"], case["text"])) == case["value"]


@pytest.mark.parametrize("kind", ["date", "month", "year", "term", "integer", "money", "yes_no", "area12"])
@pytest.mark.parametrize("text", [None, "", " ", "无", "null", "\n", "１２"])
def test_nothing_is_read_from_nothing(connection: duckdb.DuckDBPyConnection, kind: str, text: str | None) -> None:
    """Blank and 无 never become 0 or no; folding to half width is done before a macro sees the text."""
    assert read(connection, kind, text) is None


def test_money_is_exact_to_the_fen(connection: duckdb.DuckDBPyConnection) -> None:
    """No amount passes through a floating number on its way to fen."""
    wrong = connection.execute(
        "select count(*) from range(0, 300000) t(fen) "
        "where read_money(printf('%d.%02d', fen // 100, fen % 100)) is distinct from fen"
    ).fetchall()
    assert wrong == [(0,)]


TYPED = """
    text                | day
    2026/1/22           | 2026-01-22
    2026-1-22           | 2026-01-22
    2026年1月22日       | 2026-01-22
    2026 年 1 月 22 日  | 2026-01-22
    2026年1月22号       | 2026-01-22
    2026. 1. 22         | 2026-01-22
    2026/1/22 0:00      | 2026-01-22
    2026-01-22 09:30:00 | 2026-01-22
    46044               | 2026-01-22
    46044.4             | 2026-01-22
    36526               | 2000-01-01
    36525               |
    20261               |
    1月22日             |
    22/1/2026           |
    2026-01-32          |
    昨天                |
"""


@pytest.mark.parametrize("case", drawn(TYPED), ids=lambda case: case["text"])
def test_a_day_that_was_typed_into_a_list(connection: duckdb.DuckDBPyConnection, case: dict[str, str]) -> None:
    assert shown(read(connection, "typed_date", case["text"])) == case["day"]


CODES = [(contract, column) for contract in contracts().values() for column in contract.columns if column.kind is CODE]


@pytest.mark.parametrize(
    ("contract", "column"), CODES, ids=lambda one: getattr(one, "extract", getattr(one, "name", ""))
)
def test_a_code_is_known_by_code_by_label_and_without_its_leading_zero(contract: object, column: object) -> None:
    known = spellings(column)
    for code, label in column.codes.items():
        assert known[code] == code
        assert known[label] == code
        assert known[code.lstrip("0") or code] == code


def test_a_code_that_lost_its_zero_is_no_other_code() -> None:
    for contract, column in CODES:
        short = [code.lstrip("0") for code in column.codes if code.lstrip("0")]
        assert len(set(short)) == len(short), (contract.extract, column.name)
        assert not set(column.codes.values()) & (set(column.codes) | set(short)), (contract.extract, column.name)
        assert len(set(column.codes.values())) == len(column.codes), (contract.extract, column.name)


def test_stray_bytes_behind_a_utf8_header_do_not_make_the_file_gb18030(tmp_path: Path) -> None:
    """`\\x9b\\x84` is a sign of GB18030: read so, the file would be clean and its header gone."""
    path = tmp_path / "file.csv"
    path.write_bytes("身份证号,金额\n".encode() + b"1,2\n" * 9 + b"!)D\x9b\x84\n")
    assert delimited.encoding_of(path) == ("utf-8", 0)
