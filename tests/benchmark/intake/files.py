"""Writes made-up settlements as departments send them: UTF-8 and GB18030 text, a workbook; ten million rows a file."""

from __future__ import annotations

import csv
from itertools import islice
from pathlib import Path

import duckdb
import xlsxwriter

from expectations.contract import contracts
from expectations.verdict import teach

EXTRACT = "health_settlements"
ROWS_A_FILE = 10_000_000
ROWS_A_WORKBOOK = 200_000
SQL = Path(__file__).with_name("settlements.sql")


def write_text(folder: Path, rows: int) -> None:
    """UTF-8, a file a county."""
    folder.mkdir(parents=True)
    names = ", ".join(f"{c.name} as {c.header}" for c in contracts()[EXTRACT].columns)
    with duckdb.connect(config={"memory_limit": "2GB", "preserve_insertion_order": False}) as connection:
        teach(connection)
        for place, first in enumerate(range(0, rows, ROWS_A_FILE)):
            target = folder / f"{EXTRACT}_{370402 + place}_202512_01.csv"
            connection.execute(
                f"copy (select {names} from ({SQL.read_text(encoding='utf-8')})) to '{target}' (header, quote '')",
                {"first": first, "rows": min(ROWS_A_FILE, rows - first)},
            )


def write_gb18030(utf8: Path, folder: Path) -> None:
    """The same rows."""
    folder.mkdir()
    for source in sorted(utf8.iterdir()):
        with source.open(encoding="utf-8") as text, (folder / source.name).open("w", encoding="gb18030") as target:
            while block := "".join(islice(text, 100_000)):
                target.write(block)


def write_workbook(utf8: Path, folder: Path) -> None:
    """The first rows; amounts are numbers, all else is text."""
    folder.mkdir()
    source = min(utf8.iterdir())
    is_amount = [column.kind.name == "money" for column in contracts()[EXTRACT].columns]
    with (
        source.open(encoding="utf-8") as text,
        xlsxwriter.Workbook(folder / f"{source.stem}.xlsx", {"constant_memory": True}) as book,
    ):
        sheet = book.add_worksheet()
        for line, row in enumerate(islice(csv.reader(text), ROWS_A_WORKBOOK + 1)):
            for place, cell in enumerate(row):
                if line and is_amount[place]:
                    sheet.write_number(line, place, float(cell))
                else:
                    sheet.write_string(line, place, cell)
