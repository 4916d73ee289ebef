"""What a cell of a list may hold, and a list as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

UTF_8, GB18030 = "utf-8-sig", "gb18030"
_RUNNABLE = (*"=+-@\t\r＝＋－＠", "<r>")  # the last is markup to the library that writes workbooks
_WHOLE_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")


def safe_cell(value: Any) -> str:
    """A cell as text that no spreadsheet runs as a formula, and in which no identity number stands whole."""
    if value is None:
        return ""
    if isinstance(value, float):
        value = f"{value:.4f}".rstrip("0").rstrip(".")
    text = value.isoformat() if isinstance(value, date | datetime) else str(value)
    text = without_numbers(text)
    return f"'{text}" if text.startswith(_RUNNABLE) else text


def safe_cells(column: pa.ChunkedArray) -> pa.Array:
    """Every cell of a column by `safe_cell`. What stands in it many times is looked at once."""
    told = column.combine_chunks().dictionary_encode()
    safe = pa.array([safe_cell(value) for value in told.dictionary.to_pylist()], pa.string())
    return pc.fill_null(safe.take(told.indices), "")


def without_numbers(text: str) -> str:
    """A text with every identity number masked: one may stand in a shifted row, a file's name, a household's number."""
    return _WHOLE_NUMBER.sub(lambda number: f"{number[0][:6]}********{number[0][-4:]}", text)


def as_csv(header: Sequence[str], rows: Sequence[Sequence[Any]], encoding: str = UTF_8) -> bytes:
    """CRLF, and UTF-8 with a byte order mark or GB18030, as spreadsheets of the field expect it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)
