"""How the departments write their files: formats, encodings, headers and spellings as met in the field."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from expectations.contract import Column, contracts
from expectations.kinds import CODE, DATE, MONEY, MONTH, YES_NO, Kind
from pipelines.sample.pay import Table

HEADER_ZH, HEADER_ENGLISH, HEADER_ALIAS = "zh", "english", "alias"
CODES, LABELS = "codes", "labels"
WORKBOOK_MADE_ON = datetime(2020, 1, 1)  # a workbook names the hour it was made: the same bytes need a fixed one

DAYS: dict[str, Callable[[str], str]] = {
    "2026-03-05": str,
    "20260305": lambda day: day.replace("-", ""),
    "2026/3/5": lambda day: f"{day[:4]}/{int(day[5:7])}/{int(day[8:])}",
    "2026年3月5日": lambda day: f"{day[:4]}年{int(day[5:7])}月{int(day[8:])}日",
    "2026-03-05 10:20:30": lambda day: f"{day} 10:20:30",
}
MONTHS: dict[str, Callable[[str], str]] = {
    "202603": str,
    "2026-03": lambda month: f"{month[:4]}-{month[4:]}",
    "2026年3月": lambda month: f"{month[:4]}年{int(month[4:])}月",
}


@dataclass(frozen=True)
class Manner:
    """How a body writes one file."""

    suffix: str = "csv"
    encoding: str = "utf-8-sig"
    separator: str = ","
    line_end: str = "\r\n"
    header: str = HEADER_ZH
    codes: str = CODES
    days: str = "2026-03-05"
    months: str = "202603"
    yes_no: tuple[str, str] = ("否", "是")


_USUAL = {
    "civil_affairs_members": Manner(codes=LABELS),
    "civil_affairs_assistance": Manner(codes=LABELS, days="2026/3/5"),
    "civil_affairs_income": Manner(codes=LABELS),
    "education_students": Manner(codes=LABELS),
    "employment_contributions": Manner(line_end="\n"),
    "employment_pensions": Manner(encoding="gb18030", codes=LABELS, months="2026-03"),
    "employment_unemployment": Manner(days="20260305"),
    "health_settlements": Manner(line_end="\n", yes_no=("0", "1")),
}

# What differs from the usual, by months before `as_of` (of students: by terms).
_UNUSUAL = {
    ("civil_affairs_members", 24): Manner(encoding="gb18030", codes=LABELS, months="2026年3月"),
    ("civil_affairs_members", 1): Manner(encoding="utf-8", codes=CODES, line_end="\n"),
    ("civil_affairs_assistance", 24): Manner(suffix="xlsx", codes=LABELS),
    ("civil_affairs_assistance", 12): Manner(separator="|", days="2026年3月5日"),
    ("civil_affairs_income", 12): Manner(encoding="utf-16-le", separator="\t", codes=CODES, months="2026-03"),
    ("employment_contributions", 18): Manner(encoding="gb18030", separator="|", yes_no=("N", "Y")),
    ("employment_contributions", 15): Manner(suffix="parquet"),
    ("employment_contributions", 14): Manner(encoding="utf-8", header=HEADER_ENGLISH, yes_no=("no", "yes")),
    ("employment_contributions", 10): Manner(codes=LABELS, months="2026年3月"),
    ("employment_pensions", 16): Manner(separator="\t"),
    ("employment_pensions", 2): Manner(header=HEADER_ALIAS),
    ("employment_unemployment", 2): Manner(separator="|", days="2026/3/5"),
    ("employment_unemployment", 1): Manner(suffix="xlsx", codes=LABELS),
    ("health_settlements", 17): Manner(header=HEADER_ALIAS, days="2026-03-05 10:20:30", yes_no=("0", "1")),
    ("health_settlements", 11): Manner(separator="|", days="20260305"),
    ("health_settlements", 5): Manner(encoding="gb18030", codes=LABELS, days="2026年3月5日"),
    ("education_students", 4): Manner(encoding="gb18030"),
    ("education_students", 3): Manner(encoding="utf-8", header=HEADER_ENGLISH),
    ("education_students", 1): Manner(suffix="xlsx", codes=LABELS),
}  # fmt: skip


def manner_of(extract: str, ago: int) -> Manner:
    return _UNUSUAL.get((extract, ago), _USUAL.get(extract, Manner()))


@dataclass
class Delivery:
    """One file for the inbox: its rows are spelled as the body spells them, the header is the first."""

    extract: str
    area6: str
    period: str
    manner: Manner
    columns: list[Column]
    rows: list[list[str]]
    seq: int = 1

    @property
    def folder(self) -> str:
        return contracts()[self.extract].folder if self.extract in contracts() else self.extract.rpartition("_")[0]

    @property
    def path(self) -> str:
        """Where it lies in the inbox."""
        return f"{self.folder}/{self.extract}_{self.area6}_{self.period}_{self.seq:02d}.{self.manner.suffix}"

    def position(self, column: str) -> int:
        return next(i for i, c in enumerate(self.columns) if c.name == column)

    def copy(self) -> Delivery:
        return replace(self, rows=[list(row) for row in self.rows])


def delivery(extract: str, area6: str, period: str, ago: int, table: Table) -> Delivery:
    """A table in its body's manner. The table's columns are the contract's, in any order."""
    manner = manner_of(extract, ago)
    columns = [column for column in contracts()[extract].columns if column.name in table]
    cells = [_spelled(table[column.name], column, manner) for column in columns]
    header = [_header(column, manner.header) for column in columns]
    return Delivery(extract, area6, period, manner, columns, [header, *map(list, zip(*cells, strict=True))])


def _header(column: Column, header: str) -> str:
    if header == HEADER_ENGLISH:
        return column.name
    return column.aliases[-1] if header == HEADER_ALIAS and column.aliases else column.header


def _spelled(cells: list[str], column: Column, manner: Manner) -> list[str]:
    spell = _speller(column, manner)
    if not spell:
        return cells
    spelled = {cell: spell(cell) if cell else "" for cell in dict.fromkeys(cells)}
    return [spelled[cell] for cell in cells]


def _speller(column: Column, manner: Manner) -> Callable[[str], str] | None:
    if column.kind is CODE and manner.codes == LABELS:
        return lambda code: column.codes[code]
    if column.kind is YES_NO:
        return lambda yes: manner.yes_no[int(yes)]
    if column.kind is DATE:
        return DAYS[manner.days]
    return MONTHS[manner.months] if column.kind is MONTH else None


def write(inbox: Path, delivery: Delivery) -> None:
    path = inbox / delivery.path
    path.parent.mkdir(parents=True, exist_ok=True)
    {"csv": _write_csv, "xlsx": _write_workbook, "parquet": _write_parquet}[delivery.manner.suffix](path, delivery)


def _write_csv(path: Path, delivery: Delivery) -> None:
    text = io.StringIO(newline="")
    manner = delivery.manner
    csv.writer(text, delimiter=manner.separator, lineterminator=manner.line_end).writerows(delivery.rows)
    mark = b"\xff\xfe" if manner.encoding == "utf-16-le" else b""
    path.write_bytes(mark + text.getvalue().encode(manner.encoding))


def _write_workbook(path: Path, delivery: Delivery) -> None:
    """Numbers of persons as text, money as numbers, days as days: what a careful clerk's workbook holds."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": WORKBOOK_MADE_ON})
        sheet = book.add_worksheet("数据")
        as_text, as_day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate(delivery.rows):
            for place, (cell, column) in enumerate(zip(row, delivery.columns, strict=True)):
                if line and cell and column.kind is MONEY:
                    sheet.write_number(line, place, float(cell))
                elif line and cell and column.kind is DATE:
                    sheet.write_datetime(line, place, datetime.fromisoformat(cell), as_day)
                elif cell:
                    sheet.write_string(line, place, cell, as_text)


def _write_parquet(path: Path, delivery: Delivery) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    header, *rows = delivery.rows
    kinds = {MONEY: pa.decimal128(16, 2), DATE: pa.date32(), YES_NO: pa.bool_()}
    cells = list(zip(*rows, strict=True)) or [() for _ in header]
    arrays = [
        pa.array(
            [_typed(cell, column.kind, delivery.manner) for cell in column_cells], kinds.get(column.kind, pa.string())
        )
        for column, column_cells in zip(delivery.columns, cells, strict=True)
    ]
    pq.write_table(pa.table(arrays, names=header), path)


def _typed(cell: str, kind: Kind, manner: Manner) -> str | bool | Decimal | date | None:
    if cell == "":
        return None
    if kind is MONEY:
        return Decimal(cell)
    if kind is YES_NO:
        return cell == manner.yes_no[1]
    return date.fromisoformat(cell) if kind is DATE else cell
