"""Files as they arrive: every encoding and format comes to the same rows, every damaged one gets a reason and no more."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inboxes import NIGHT, Row, ask, csv_text, drop, file_name, good_row, hand_in, id_no, take_in

from assets.home import Home
from assets.intake import inbox
from assets.intake.reading import Reading, read
from expectations.contract import Contract, contracts
from expectations.reasons import REASONS

PAYMENTS = contracts()["employment_contributions"]
REGISTER = contracts()["civil_affairs_assistance"]
UNEMPLOYED = contracts()["employment_unemployment"]
STUDENTS = contracts()["education_students"]
AMOUNTS = contracts()["civil_affairs_income"]

Cell = str | float | int | bool | date | datetime | timedelta | None


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


def workbook(sheets: dict[str, list[list[Cell]]], first_row: int = 0, **options: Any) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for i, line in enumerate(lines, start=first_row):
                for j, cell in enumerate(line):
                    if isinstance(cell, date):
                        sheet.write_datetime(i, j, cell, day)
                    elif isinstance(cell, str):
                        sheet.write_string(i, j, cell)
                    elif cell is not None:
                        sheet.write(i, j, cell)
    return out.getvalue()


def sheet_of(contract: Contract, rows: Iterable[dict[str, Cell]]) -> list[list[Cell]]:
    return [[c.header for c in contract.columns], *([row.get(c.name) for c in contract.columns] for row in rows)]


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **options)
    return out.getvalue()


def read_here(
    tmp_path: Path, content: bytes, suffix: str, contract: Contract = PAYMENTS
) -> tuple[Reading, list[dict[str, Any]]]:
    """The reading of a file and its records, read in this process."""
    (tmp_path / "file").write_bytes(content)
    target = tmp_path / "records.arrow"
    reading = read(tmp_path / "file", suffix, contract.extract, target)
    if not target.exists():
        return reading, []
    with pa.memory_map(str(target)) as source:
        records = pa.ipc.open_file(source).read_all().to_pylist()
    target.unlink()
    return reading, records


# Every way of writing the same rows ------------------------------------------------------------------------------

NAMES = ["张三", "欧阳不上", "李𠮷", "O'Neil", 'quo"te', "com,ma", "ba|r", "古丽·买买提"]
PEOPLE = [good_row(PAYMENTS, i, name=name, employer_code=name) for i, name in enumerate(NAMES, start=1)]


def ways() -> dict[str, bytes]:
    found = {}
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be"):
        mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
        for separator in (",", "\t", "|"):
            for end in ("\n", "\r\n"):
                text = csv_text(PAYMENTS, PEOPLE, delimiter=separator, lineterminator=end)
                found[f"{encoding} {separator!r} {end!r}"] = mark + text.encode(encoding)
                found[f"{encoding} {separator!r} {end!r} no end"] = mark + text.removesuffix(end).encode(encoding)
    plain = csv_text(PAYMENTS, PEOPLE)
    found["all quoted"] = csv_text(PAYMENTS, PEOPLE, quoting=1).encode()
    found["old mac"] = csv_text(PAYMENTS, PEOPLE, lineterminator="\r").encode()
    found["utf-16 without a mark"] = plain.replace("身份证号", "id_no", 1).encode("utf-16-le")
    found["blank lines"] = plain.replace("\n", "\n\n").encode()
    found["spaces around"] = csv_text(PAYMENTS, [{k: f" {v}\u3000" for k, v in row.items()} for row in PEOPLE]).encode()
    found["workbook"] = workbook({"表": sheet_of(PAYMENTS, PEOPLE)})
    found["workbook with a blank sheet"] = workbook({"空": [], "表": sheet_of(PAYMENTS, PEOPLE)})
    found["workbook that starts lower down"] = workbook({"表": sheet_of(PAYMENTS, PEOPLE)}, first_row=3)
    found["workbook with inline strings"] = workbook({"表": sheet_of(PAYMENTS, PEOPLE)}, constant_memory=True)
    columns = {c.header: [row[c.name] for row in PEOPLE] for c in PAYMENTS.columns}
    found["parquet"] = parquet(columns)
    found["parquet by dictionary"] = parquet({k: pa.array(v).dictionary_encode() for k, v in columns.items()})
    found["parquet in small groups"] = parquet(columns, row_group_size=2, compression="zstd")
    found["parquet with large strings"] = parquet({k: pa.array(v, pa.large_string()) for k, v in columns.items()})
    return found


def suffix_of(way: str) -> str:
    return {"workbook": "xlsx", "parquet": "parquet"}.get(way.split()[0], "csv")


WAYS = ways()


@pytest.mark.parametrize("way", WAYS)
def test_the_same_rows_in_every_way_of_writing_them(tmp_path: Path, way: str) -> None:
    reading, records = read_here(tmp_path, WAYS[way], suffix_of(way))
    filled = [{k: (v or "").strip() for k, v in r.items() if k in PEOPLE[0]} for r in records if r["fault"] is None]
    assert (reading.code, reading.extra) == ("", [])
    assert filled == [{k: v.strip() for k, v in row.items()} for row in PEOPLE]


def test_all_of_them_through_a_night(home: Home) -> None:
    """Each way is a month of its own; every month holds the same people."""
    months = [f"{2010 + i // 12}{1 + i % 12:02d}" for i in range(len(WAYS))]
    for month, (way, content) in zip(months, WAYS.items(), strict=True):
        drop(home, file_name(PAYMENTS, month, suffix=suffix_of(way)), content)
    assert {(r.state, r.code) for r in take_in(home)} == {("taken", "")}
    rows = ask(home, "select period, records - blank as rows, accepted from deliveries")
    assert [(row["rows"], row["accepted"]) for row in rows] == [(len(PEOPLE), len(PEOPLE))] * len(WAYS)
    found = ask(home, "select distinct person_key, employer_code from employment_contributions")
    assert sorted(row["employer_code"] for row in found) == sorted(NAMES)


def test_lines_of_a_workbook_are_its_rows(tmp_path: Path) -> None:
    _, records = read_here(tmp_path, WAYS["workbook that starts lower down"], "xlsx")
    assert [record["line_no"] for record in records] == list(range(5, 5 + len(PEOPLE)))


# Typed cells -----------------------------------------------------------------------------------------------------

TYPED: list[tuple[Contract, str, Cell, str | None]] = [
    (PAYMENTS, "id_no", float(id_no(1)[:17] + "0"), None),
    (PAYMENTS, "id_no", 990402800101001.0, None),
    (PAYMENTS, "id_no", id_no(1), id_no(1)),
    (PAYMENTS, "base", 12.3, "12.30"),
    (PAYMENTS, "base", 0.1 + 0.2, "0.30"),
    (PAYMENTS, "base", 1234567.89, "1234567.89"),
    (PAYMENTS, "base", 0, "0.00"),
    (PAYMENTS, "base", -5.5, "-5.50"),
    (PAYMENTS, "base", 12.345, "12.345"),
    (PAYMENTS, "base", 1234567.891, "1234567.891"),
    (PAYMENTS, "base", True, "1"),
    (PAYMENTS, "base", date(2026, 3, 5), "2026-03-05"),
    (PAYMENTS, "insurance", 110.0, "110"),
    (PAYMENTS, "pay_month", 202603, "202603"),
    (PAYMENTS, "pay_month", date(2026, 3, 1), "2026-03-01"),
    (PAYMENTS, "pay_month", 46082, "2026-03-01"),
    (PAYMENTS, "is_paid", True, "1"),
    (PAYMENTS, "is_paid", 0, "0"),
    (PAYMENTS, "employer_code", 123456, "123456"),
    (REGISTER, "covered", 3.0, "3"),
    (REGISTER, "covered", 3.5, "3.5"),
    (REGISTER, "aid_type", 110, "110"),
    (UNEMPLOYED, "registered_on", date(2026, 1, 5), "2026-01-05"),
    (UNEMPLOYED, "registered_on", datetime(2026, 1, 5, 13, 30), "2026-01-05"),
    (UNEMPLOYED, "registered_on", 46027.0, "2026-01-05"),
    (UNEMPLOYED, "registered_on", 46027.5, "2026-01-05"),
    (UNEMPLOYED, "registered_on", 20260105, "20260105"),
    (UNEMPLOYED, "registered_on", "20260105", "20260105"),
    (UNEMPLOYED, "registered_on", 5, "5"),
    (UNEMPLOYED, "registered_on", None, ""),
]


@pytest.mark.parametrize(
    ("contract", "column", "cell", "text"), TYPED, ids=lambda one: str(getattr(one, "extract", one))
)
def test_a_typed_cell_is_the_text_it_stands_for(
    tmp_path: Path, contract: Contract, column: str, cell: Cell, text: str | None
) -> None:
    content = workbook({"表": sheet_of(contract, [good_row(contract, 1) | {column: cell}, good_row(contract, 2)])})
    reading, records = read_here(tmp_path, content, "xlsx", contract)
    assert reading.code == ""
    if text is None:
        assert "E+" in records[0][column]
    else:
        assert records[0][column] == text


def test_numbers_that_a_spreadsheet_made_of_ids_are_destroyed(home: Home) -> None:
    """18 digits do not fit a floating number; a text cell is as good as a line of CSV."""
    rows = [good_row(PAYMENTS, i) | {"id_no": float(id_no(i)[:17] + "5"), "base": 100.1} for i in range(1, 4)]
    guardian = good_row(STUDENTS, 1) | {"guardian1_id": float(id_no(2)[:17] + "5")}
    drop(home, file_name(PAYMENTS, suffix="xlsx"), workbook({"表": sheet_of(PAYMENTS, [*rows, good_row(PAYMENTS, 9)])}))
    drop(home, file_name(STUDENTS, "2025S2", suffix="xlsx"), workbook({"表": sheet_of(STUDENTS, [guardian])}))
    take_in(home)
    rejects = ask(home, "select column_name, code, count(*) as n from rejects group by all order by all")
    assert [tuple(reject.values()) for reject in rejects] == [
        ("guardian1_id", "ID-DESTROYED", 1),
        ("id_no", "ID-DESTROYED", 3),
    ]
    assert ask(home, "select base from employment_contributions") == [{"base": 10000}]


def test_dates_and_money_of_a_workbook_reach_the_lake(home: Home) -> None:
    rows = [
        good_row(UNEMPLOYED, 1) | {"registered_on": date(2026, 1, 5), "benefit": 1234.5},
        good_row(UNEMPLOYED, 2) | {"registered_on": 46028, "benefit": 0.1 + 0.2},
        good_row(UNEMPLOYED, 3) | {"registered_on": "2026/1/7", "benefit": "1,234.50"},
    ]
    drop(home, file_name(UNEMPLOYED, suffix="xlsx"), workbook({"表": sheet_of(UNEMPLOYED, rows)}))
    take_in(home)
    found = ask(home, "select registered_on as day, benefit from employment_unemployment order by all")
    assert [tuple(row.values()) for row in found] == [
        (date(2026, 1, 5), 123450),
        (date(2026, 1, 6), 30),
        (date(2026, 1, 7), 123450),
    ]


N = len(PEOPLE)
STORED: list[tuple[str, pa.Array, list[str | None]]] = [
    ("base", pa.array([Decimal("12.30")] * N, pa.decimal128(16, 2)), ["12.30"] * N),
    ("base", pa.array([Decimal("0"), *[Decimal("12.3")] * (N - 1)], pa.decimal128(38, 18)), ["0", *["12.300000000000000000"] * (N - 1)]),
    ("base", pa.array([0.1 + 0.2] * N), ["0.30"] * N),
    ("base", pa.array([float("nan")] * N, pa.float64()), ["nan"] * N),
    ("base", pa.array([12] * N, pa.int32()), ["12"] * N),
    ("base", pa.array([12.5] * N, pa.float32()), ["12.50"] * N),
    ("is_paid", pa.array([True, False, None, True] * (N // 4)), ["1", "0", None, "1"] * (N // 4)),
    ("pay_month", pa.array([date(2026, 3, 5)] * N), ["2026-03-05"] * N),
    ("pay_month", pa.array([date(2026, 3, 5)] * N, pa.date64()), ["2026-03-05"] * N),
    ("pay_month", pa.array([datetime(2026, 3, 1)] * N, pa.timestamp("ns")), ["2026-03-01"] * N),
    ("pay_month", pa.array([datetime(2026, 2, 28, 16)] * N, pa.timestamp("us", "Asia/Shanghai")), ["2026-03-01"] * N),
    ("pay_month", pa.array([202603] * N), ["202603"] * N),
    ("insurance", pa.array([110] * N, pa.int16()), ["110"] * N),
    ("employer_code", pa.nulls(N), [None] * N),
    ("employer_code", pa.array([b"abc"] * N), ["abc"] * N),
    ("employer_code", pa.array(["abc"] * N, pa.string_view()), ["abc"] * N),
    ("id_no", pa.array([990402198001010013] * N), ["990402198001010013"] * N),
]  # fmt: skip


@pytest.mark.parametrize(("column", "values", "texts"), STORED, ids=lambda one: str(getattr(one, "type", ""))[:30])
def test_a_typed_column_is_the_text_it_stands_for(
    tmp_path: Path, column: str, values: pa.Array, texts: list[str]
) -> None:
    columns: dict[str, Any] = {c.name: [row[c.name] for row in PEOPLE] for c in PAYMENTS.columns}
    reading, records = read_here(tmp_path, parquet(columns | {column: values}), "parquet")
    assert (reading.code, reading.detail) == ("", "")
    assert [record[column] for record in records] == texts


def test_a_number_where_an_id_should_be_is_destroyed_in_parquet_too(tmp_path: Path) -> None:
    columns: dict[str, Any] = {c.name: [row[c.name] for row in PEOPLE] for c in PAYMENTS.columns}
    columns["id_no"] = [float(row["id_no"].replace("X", "0")) for row in PEOPLE]
    _, records = read_here(tmp_path, parquet(columns), "parquet")
    assert all("e+17" in record["id_no"] for record in records)


def test_text_in_parquet_that_is_no_utf8_is_damaged(tmp_path: Path) -> None:
    """Arrow takes what a Parquet file calls a string at its word; further on it would stop the night."""
    columns: dict[str, Any] = {c.name: [row[c.name] for row in PEOPLE] for c in PAYMENTS.columns}
    columns["employer_code"] = ["单位一"] * len(PEOPLE)
    content = parquet(columns, use_dictionary=False, compression="none", write_statistics=False)
    assert "单位一".encode() in content
    reading, _ = read_here(tmp_path, content.replace("单位一".encode(), "单位一二三".encode("gb18030")[:9]), "parquet")
    assert reading.code == "FILE-DAMAGED"


def test_columns_that_are_no_values_are_no_crash(tmp_path: Path) -> None:
    columns: dict[str, Any] = {c.name: [row[c.name] for row in PEOPLE] for c in PAYMENTS.columns}
    for odd in (pa.array([[1]] * N), pa.array([{"a": 1}] * N), pa.array([b"\xff"] * N), pa.array([timedelta(1)] * N)):
        reading, _ = read_here(tmp_path, parquet(columns | {"employer_code": odd}), "parquet")
        assert reading.code in ("", "FILE-DAMAGED")
        reading, _ = read_here(tmp_path, parquet(columns | {"another": odd}), "parquet")
        assert (reading.code, reading.extra) == ("", ["another"])


# Whole workbooks -------------------------------------------------------------------------------------------------


def test_two_filled_sheets_are_refused(tmp_path: Path) -> None:
    reading, _ = read_here(tmp_path, workbook({"一月": sheet_of(PAYMENTS, PEOPLE), "二月": [["x"]]}), "xlsx")
    assert (reading.code, reading.detail) == ("FILE-SHEETS", "一月、二月")


def test_a_blank_workbook_is_as_missing(tmp_path: Path) -> None:
    for sheets in (
        {"空": []},
        {"空": [[None]]},
        {"表": sheet_of(PAYMENTS, [])},
        {"表": [*sheet_of(PAYMENTS, []), ["", " "]]},
    ):
        assert read_here(tmp_path, workbook(sheets), "xlsx")[0].code == "FILE-EMPTY"


def test_a_workbook_that_is_something_else_is_damaged(tmp_path: Path) -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    for content in (
        b"PK\x03\x04",
        other.getvalue(),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        csv_text(PAYMENTS, PEOPLE).encode(),
    ):
        assert read_here(tmp_path, content, "xlsx")[0].code == "FILE-DAMAGED"


# Cut, spoiled, random --------------------------------------------------------------------------------------------


def assert_told(reading: Reading, records: list[dict[str, Any]]) -> None:
    assert not reading.code or REASONS[reading.code].whole_file in ("refused", "held")
    assert "/" not in reading.detail
    if not reading.code:
        assert [record["record_no"] for record in records] == list(range(1, reading.records + 1))


@pytest.mark.parametrize("way", ["workbook", "parquet"])
def test_a_cut_file_is_damaged_wherever_it_is_cut(tmp_path: Path, way: str) -> None:
    whole = WAYS[way]
    for cut in {*range(1, len(whole), max(1, len(whole) // 60)), len(whole) - 1}:
        reading, _ = read_here(tmp_path, whole[:cut], suffix_of(way))
        assert reading.code == "FILE-DAMAGED", cut


@pytest.mark.parametrize(
    "way", ["workbook", "parquet", "parquet in small groups", "gb18030 ',' '\\n'", "utf-16 ',' '\\n'"]
)
def test_spoiled_bytes_never_stop_intake(tmp_path: Path, way: str) -> None:
    chance = random.Random(way)
    whole = WAYS[way]
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        assert_told(*read_here(tmp_path, bytes(content), suffix_of(way)))


def spoiled_inside(content: bytes, chance: random.Random) -> bytes:
    """A workbook that is a whole archive, with some signs of one of its parts exchanged."""
    whole, out = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    which = chance.choice(whole.namelist())
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in whole.namelist():
            part = bytearray(whole.read(name))
            for _ in range(chance.randint(1, 6) if name == which else 0):
                part[chance.randrange(len(part))] = chance.choice(b'<>"0123456789AZ/&\x00\xff ')
            archive.writestr(name, bytes(part))
    return out.getvalue()


@pytest.mark.parametrize("seeds", [range(100), pytest.param(range(100, 4000), marks=pytest.mark.slow)], ids=len)
def test_spoiled_parts_of_a_workbook_never_stop_intake(tmp_path: Path, seeds: range) -> None:
    for seed in seeds:
        assert_told(*read_here(tmp_path, spoiled_inside(WAYS["workbook"], random.Random(seed)), "xlsx"))


def test_a_page_that_does_not_fit_its_checksum_is_damaged(tmp_path: Path) -> None:
    columns: dict[str, Any] = {c.name: [row[c.name] for row in PEOPLE] for c in PAYMENTS.columns}
    content = parquet(
        columns, use_dictionary=False, compression="none", write_statistics=False, write_page_checksum=True
    )
    assert read_here(tmp_path, content, "parquet")[0].code == ""
    assert content.count(b"O'Neil") == 2
    assert read_here(tmp_path, content.replace(b"O'Neil", b"O'Neal"), "parquet")[0].code == "FILE-DAMAGED"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), suffix=st.sampled_from(["csv", "xlsx", "parquet"]), is_headed=st.booleans())
def test_random_bytes_are_told_and_no_more(tmp_path: Path, content: bytes, suffix: str, is_headed: bool) -> None:
    if is_headed and suffix == "csv":
        content = csv_text(PAYMENTS, []).encode() + content
    if suffix != "csv":
        content = {"xlsx": b"PK\x03\x04", "parquet": b"PAR1"}[suffix] * is_headed + content + b"PAR1" * is_headed
    reading, records = read_here(tmp_path, content, suffix)
    assert_told(reading, records)
    assert reading.code or suffix == "csv"


def test_random_bytes_through_a_night(home: Home) -> None:
    chance = random.Random(7)
    for i, suffix in enumerate(["csv", "xlsx", "parquet"] * 4):
        drop(
            home, file_name(PAYMENTS, f"2025{1 + i:02d}", suffix=suffix), chance.randbytes(chance.choice([1, 50, 5000]))
        )
    drop(home, file_name(PAYMENTS), csv_text(PAYMENTS, PEOPLE))
    receipts = take_in(home)
    assert [r.state for r in receipts] == ["refused"] * 12 + ["taken"]
    assert all(REASONS[r.code].whole_file == "refused" for r in receipts[:-1])
    assert ask(home, "select count(*) as n from employment_contributions") == [{"n": len(PEOPLE)}]


# Text that cannot be decoded -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "of", "code"), [(1, 100, ""), (2, 100, "FILE-ENCODING"), (1, 99, "FILE-ENCODING"), (3, 400, "")]
)
def test_up_to_one_line_in_a_hundred_may_be_undecodable(tmp_path: Path, bad: int, of: int, code: str) -> None:
    lines = (
        csv_text(PAYMENTS, [good_row(PAYMENTS, i, name="张三三") for i in range(1, of + 1)]).encode().splitlines(True)
    )
    for i in range(bad):
        lines[5 + i] = lines[5 + i].replace("张三三".encode(), b"\xff\xfe\xff")
    reading, records = read_here(tmp_path, b"".join(lines), "csv")
    assert (reading.code, [r["line_no"] for r in records if r["fault"] == "UNDECODABLE"]) == (
        code,
        list(range(6, 6 + bad)),
    )


def test_a_row_in_another_encoding_spoils_only_itself(tmp_path: Path) -> None:
    lines = [
        line.encode()
        for line in csv_text(PAYMENTS, [good_row(PAYMENTS, i, name="欧阳修") for i in range(1, 201)]).splitlines(True)
    ]
    lines[7] = lines[7].decode().encode("gb18030")
    reading, records = read_here(tmp_path, b"".join(lines), "csv")
    assert reading.code == ""
    assert [r["line_no"] for r in records if r["fault"]] == [8]


# Bombs -----------------------------------------------------------------------------------------------------------

_SHEET = "xl/worksheets/sheet1.xml"
_OPEN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_CLOSE = b"</sheetData></worksheet>"


def bomb(sheet: Iterable[bytes]) -> bytes:
    """A workbook whose only sheet is this XML."""
    harmless, out = zipfile.ZipFile(io.BytesIO(workbook({"表": [["x"]]}))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in harmless.namelist():
            if name != _SHEET:
                archive.writestr(name, harmless.read(name))
        with archive.open(_SHEET, "w", force_zip64=True) as entry:
            for part in (_OPEN, *sheet, _CLOSE):
                entry.write(part)
    return out.getvalue()


def that_lies(content: bytes) -> bytes:
    """The same with a false size in the directory: a few bytes, it says."""
    lying = bytearray(content)
    at = content.rindex(_SHEET.encode()) - 46
    assert lying[at : at + 4] == b"PK\x01\x02"
    lying[at + 24 : at + 28] = struct.pack("<I", 900)
    return bytes(lying)


_ROWS = b'<row><c t="inlineStr"><is><t>' + b"A" * 200 + b"</t></is></c></row>"
BOMBS: dict[str, Callable[[], bytes]] = {
    "that grows a thousandfold": lambda: bomb([_ROWS * 10_000] * 100),
    "that grows a thousandfold and lies": lambda: that_lies(bomb([_ROWS * 10_000] * 100)),
    "with a cell at the far end": lambda: bomb([b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>']),
    "with too many entries": lambda: many_entries(3000),
}  # fmt: skip


def many_entries(count: int) -> bytes:
    out = io.BytesIO(workbook({"表": [["x"]]}))
    with zipfile.ZipFile(out, "a") as archive:
        for i in range(count):
            archive.writestr(f"x{i}", "")
    return out.getvalue()


@pytest.mark.parametrize("which", BOMBS)
def test_a_workbook_bomb_is_refused_without_eating_memory(home: Home, which: str) -> None:
    content = BOMBS[which]()
    assert len(content) < 1 << 20
    path = drop(home, "bomb.xlsx", content)
    # VmHWM is this process's own peak; ru_maxrss would begin at that of the test process that started it.
    script = (
        "import re, sys; from pathlib import Path; from assets.intake.reading import limit_memory, read; limit_memory(); "
        f"reading = read(Path(sys.argv[1]), 'xlsx', '{PAYMENTS.extract}', Path(sys.argv[2])); "
        r"print(reading.code, int(re.search(r'VmHWM:\s+(\d+) kB', Path('/proc/self/status').read_text())[1]) // 1024)"
    )
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", script, path, home.staging / "x"], capture_output=True, text=True, timeout=60
    )
    assert time.monotonic() - began < 30
    if ended.returncode:  # the reader gave up when the limit was reached; intake says so (below)
        assert "memory allocation" in ended.stderr
        return
    code, megabytes = ended.stdout.split()
    assert code in ("FILE-TOO-LARGE", "FILE-DAMAGED", "FILE-HEADER")
    assert int(megabytes) < 600


def test_a_bomb_does_not_keep_the_others_out(home: Home) -> None:
    for month, make in enumerate(BOMBS.values(), start=1):
        drop(home, file_name(PAYMENTS, f"2025{month:02d}", suffix="xlsx"), make())
    drop(home, file_name(PAYMENTS), csv_text(PAYMENTS, PEOPLE))
    receipts = inbox.take_in(home, NIGHT)
    assert [r.state for r in receipts] == ["refused"] * len(BOMBS) + ["taken"]
    assert {r.code for r in receipts[:-1]} <= {"FILE-TOO-LARGE", "FILE-DAMAGED"}


def test_a_parquet_of_more_records_than_bytes_is_refused(tmp_path: Path) -> None:
    nothing = pa.nulls(3_000_000, pa.string())
    content = parquet({c.name: nothing for c in PAYMENTS.columns})
    assert len(content) < 1 << 20
    assert read_here(tmp_path, content, "parquet")[0].code == "FILE-TOO-LARGE"


def test_a_file_that_takes_too_long_is_given_up(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "SECONDS_TO_READ", 0.05)
    drop(home, file_name(PAYMENTS), csv_text(PAYMENTS, [good_row(PAYMENTS, 1)] * 200_000, quoting=1))
    receipts = inbox.take_in(home, NIGHT)
    assert [(r.state, r.code) for r in receipts] == [("refused", "FILE-TIMEOUT")]
    assert not list(home.staging.iterdir())


def test_a_line_of_many_megabytes(tmp_path: Path) -> None:
    rows = [good_row(PAYMENTS, 1), good_row(PAYMENTS, 2, employer_code="x" * (9 << 20)), good_row(PAYMENTS, 3)]
    assert_told(*read_here(tmp_path, csv_text(PAYMENTS, rows).encode(), "csv"))


# A night of dirt -------------------------------------------------------------------------------------------------

DIRTY: list[tuple[dict[str, str], str, str]] = [
    ({"id_no": "3.7E+17"}, "id_no", "ID-DESTROYED"),
    ({"id_no": id_no(50)[:15] + "000"}, "id_no", "ID-DESTROYED"),
    ({"id_no": id_no(51)[:17]}, "id_no", "ID-LENGTH"),
    ({"id_no": ""}, "id_no", "REQUIRED"),
    ({"id_no": "无"}, "id_no", "REQUIRED"),
    ({"name": ""}, "name", "REQUIRED"),
    ({"amount": ""}, "amount", "REQUIRED"),
    ({"amount": "1.2万"}, "amount", "MONEY"),
    ({"amount": "NaN"}, "amount", "MONEY"),
    ({"amount": "-5"}, "amount", "MONEY-NEGATIVE"),
    ({"item": "Q"}, "item", "CODE"),
    ({"from_month": "05/03/2026"}, "from_month", "MONTH"),
    ({"from_month": "202613"}, "from_month", "MONTH"),
    ({"from_month": "202602", "to_month": "202601"}, "row", "MONTH-ORDER"),
]  # fmt: skip


def test_every_kind_of_dirt_has_its_code(home: Home) -> None:
    clean: list[Row] = [good_row(AMOUNTS, i) for i in range(1, 40)]
    dirty = [good_row(AMOUNTS, 100 + i) | cells for i, (cells, _, _) in enumerate(DIRTY)]
    drop(home, file_name(AMOUNTS), csv_text(AMOUNTS, [*clean, *dirty]))
    take_in(home)
    rejects = ask(home, "select line_no, column_name, code, value from rejects order by line_no")
    assert [(r["line_no"], r["column_name"], r["code"]) for r in rejects] == [
        (41 + i, column, code) for i, (_, column, code) in enumerate(DIRTY)
    ]
    told = {r["code"]: r["value"] for r in rejects if r["code"] in ("MONEY", "CODE")}
    assert told == {"MONEY": "NaN", "CODE": "Q"}


FOLDED = [
    {"id_no": "".join(chr(ord(c) + 0xFEE0) for c in id_no(1)), "amount": "１２３．４５", "from_month": "２０２６０１", "item": "Ａ"},
    {"id_no": id_no(2).lower(), "amount": "1,234.50", "from_month": "2026年1月", "item": "工资性收入", "source": "申报"},
    {"id_no": f"{id_no(3)[:6]} {id_no(3)[6:14]} {id_no(3)[14:]}", "amount": "０", "from_month": "2026/1", "to_month": "无", "source": "无"},
]  # fmt: skip


def test_what_is_folded_and_what_is_unknown(home: Home) -> None:
    drop(
        home,
        file_name(AMOUNTS),
        csv_text(AMOUNTS, [good_row(AMOUNTS, i) | row for i, row in enumerate(FOLDED, start=1)]),
    )
    take_in(home)
    found = ask(home, "select amount, from_month, to_month, item, source from civil_affairs_income order by amount")
    first = date(2026, 1, 1)
    assert [tuple(row.values()) for row in found] == [
        (0, first, None, "A", None),
        (12345, first, None, "A", None),
        (123450, first, None, "A", "1"),
    ]


def test_a_column_shifted_in_many_rows_holds_the_file(home: Home) -> None:
    rows = [good_row(UNEMPLOYED, i) for i in range(1, 101)]
    shifted = [
        {"id_no": r["name"], "name": r["id_no"], "unemployed_on": "x", "cause": "x", "registered_on": "y"}
        for r in rows[:12]
    ]
    drop(home, file_name(UNEMPLOYED), csv_text(UNEMPLOYED, [*shifted, *rows[12:]]))
    take_in(home)
    row = ask(home, "from deliveries")[0]
    assert (row["state"], row["code"], row["held"], row["accepted"]) == ("held", "FILE-SHIFTED", 100, 0)
    assert ask(home, "from employment_unemployment") == []


def test_a_file_in_which_every_row_has_one_bad_cell_waits_instead_of_replacing_the_good_one(home: Home) -> None:
    contract = contracts()["employment_pensions"]
    good = [good_row(contract, i) for i in range(1, 41)]
    hand_in(home, contract, good)
    hand_in(home, contract, [row | {"amount": "一百"} for row in good], seq=2)
    take_in(home)
    rows = ask(home, "select state, code, accepted, held from deliveries order by delivery_no")
    assert [tuple(row.values()) for row in rows] == [("taken", "", 40, 0), ("held", "FILE-SHIFTED", 0, 40)]


@pytest.mark.parametrize(("tails", "code"), [(2, ""), (3, "FILE-DESTROYED")])
def test_numbers_that_a_spreadsheet_rounded_are_told_of_the_whole_file(home: Home, tails: int, code: str) -> None:
    """A rounded number that passes its check character by chance is a good number to every other check."""
    contract = contracts()["employment_pensions"]
    rounded = [
        n
        for n in (id_no(i, f"{year}0101") for year in range(1930, 2010) for i in range(0, 900, 100))
        if n.endswith("000")
    ]
    assert len(rounded) >= 3
    numbers = rounded[:tails] + [n for n in (id_no(i) for i in range(1, 101)) if not n.endswith("000")]
    hand_in(home, contract, [good_row(contract, i, id_no=n) for i, n in enumerate(numbers)])
    take_in(home)
    assert ask(home, "select state, code, accepted from deliveries") == [
        {"state": "taken", "code": code, "accepted": len(numbers)}
    ]
