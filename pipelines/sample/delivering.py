"""Files of the inbox: a table in the manner of its body, and how each format is written."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path

import xlsxwriter

from expectations.contract import Column, contracts
from expectations.kinds import CODE, DATE, MONEY, MONTH, YEAR, YES_NO, Kind
from pipelines.sample.manners import DAYS, HEADER_ALIAS, HEADER_ENGLISH, LABELS, MONTHS, YEARS, Manner, manner_of
from pipelines.sample.people import AREA6
from pipelines.sample.tables import Table

WORKBOOK_MADE_ON = datetime(2020, 1, 1)  # a workbook names the hour it was made: the same bytes need a fixed one
ROWS_A_WORKBOOK_HOLDS = 60_000
"""Longer tables are sent as CSV: old workbooks end at 65,536 rows, and nobody opens longer ones."""


@dataclass(frozen=True)
class Delivery:
    """One file for the inbox, spelled as its body spells: per column its cells, and what stands instead of a row."""

    extract: str
    period: str
    manner: Manner
    columns: list[Column]
    header: list[str]
    cells: list[list[str]]
    seq: int = 1
    instead: dict[int, list[list[str]]] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        return contracts()[self.extract].folder if self.extract in contracts() else self.extract.rpartition("_")[0]

    @property
    def path(self) -> str:
        """Where it lies in the inbox."""
        return f"{self.folder}/{self.extract}_{AREA6}_{self.period}_{self.seq:02d}.{self.manner.suffix}"

    @property
    def length(self) -> int:
        return len(self.cells[0])

    def position(self, column: str) -> int:
        return next(i for i, c in enumerate(self.columns) if c.name == column)

    def row(self, i: int) -> list[str]:
        return [cells[i] for cells in self.cells]

    def rows(self) -> Iterator[list[str] | tuple[str, ...]]:
        """The header and every row, what stands instead of it included."""
        yield self.header
        left, done = zip(*self.cells, strict=True), 0
        for i in sorted(self.instead):
            yield from islice(left, i - done)
            yield from self.instead[i]
            done = i + 1
            next(left)
        yield from left

    def line_of(self, i: int) -> int:
        """The line of a row, or of the first one that stands instead of it. Line 1 is the header."""
        return i + 2 + sum(len(rows) - 1 for j, rows in self.instead.items() if j < i)

    def again(self) -> Delivery:
        """The same, sent once more."""
        return replace(self, seq=self.seq + 1, instead={})

    def without(self, column: str) -> Delivery:
        kept = [i for i, c in enumerate(self.columns) if c.name != column]
        return replace(
            self, columns=[self.columns[i] for i in kept], header=[self.header[i] for i in kept],
            cells=[self.cells[i] for i in kept],
        )  # fmt: skip

    def with_cells(self, column: str, cells: list[str]) -> Delivery:
        place = self.position(column)
        return replace(self, cells=[*self.cells[:place], cells, *self.cells[place + 1 :]])

    def only(self, rows: list[int]) -> Delivery:
        return replace(self, cells=[[cells[i] for i in rows] for cells in self.cells])


def delivery(extract: str, period: str, ago: int, table: Table) -> Delivery:
    """A table in its body's manner. The table's columns are the contract's, in any order."""
    manner = manner_of(extract, ago)
    columns = [column for column in contracts()[extract].columns if column.name in table]
    if manner.suffix == "xlsx" and len(table[columns[0].name]) > ROWS_A_WORKBOOK_HOLDS:
        manner = replace(manner, suffix="csv")
    cells = [_spelled(table[column.name], column, manner) for column in columns]
    return Delivery(extract, period, manner, columns, [_header(column, manner.header) for column in columns], cells)


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
    if column.kind is YEAR:
        return YEARS[manner.years]
    return MONTHS[manner.months] if column.kind is MONTH else None


def write(inbox: Path, delivery: Delivery) -> None:
    path = inbox / delivery.path
    path.parent.mkdir(parents=True, exist_ok=True)
    {"csv": _write_csv, "xlsx": _write_workbook, "parquet": _write_parquet}[delivery.manner.suffix](path, delivery)


def _write_csv(path: Path, delivery: Delivery) -> None:
    manner = delivery.manner
    encoding = manner.encoding.removesuffix("-sig")
    with path.open("w", encoding=encoding, newline="") as file:
        if manner.encoding in ("utf-8-sig", "utf-16-le"):
            file.write("\ufeff")
        csv.writer(file, delimiter=manner.separator, lineterminator=manner.line_end).writerows(delivery.rows())


def _write_workbook(path: Path, delivery: Delivery) -> None:
    """Numbers of persons as text, money as numbers, days as days: what a careful clerk's workbook holds."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": WORKBOOK_MADE_ON})
        sheet = book.add_worksheet("数据")
        as_text, as_day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate(delivery.rows()):
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

    kinds = {MONEY: pa.decimal128(16, 2), DATE: pa.date32(), YES_NO: pa.bool_()}
    arrays = [
        pa.array([_typed(cell, column.kind, delivery.manner) for cell in cells], kinds.get(column.kind, pa.string()))
        for column, cells in zip(delivery.columns, delivery.cells, strict=True)
    ]
    pq.write_table(pa.table(arrays, names=delivery.header), path)


def _typed(cell: str, kind: Kind, manner: Manner) -> str | bool | Decimal | date | None:
    if cell == "":
        return None
    if kind is MONEY:
        return Decimal(cell)
    if kind is YES_NO:
        return cell == manner.yes_no[1]
    return date.fromisoformat(cell) if kind is DATE else cell
