"""A piece of a file → its records as they wait for their verdict.

A record has `record_no` (its place in the file), `line_no` and `line_end` (its lines, or its row in a workbook),
the contract's columns, and a `fault` and its raw text where it could not be split into cells. Cells are as
delivered but trimmed, and folded to half width where a kind is not free text.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assets.intake.delimited import Piece, signs_of
from expectations.contract import Contract
from expectations.kinds import TEXT, Kind

_ORIGIN = pa.schema(
    [
        ("record_no", pa.int64()),
        ("line_no", pa.int64()),
        ("line_end", pa.int64()),
        ("fault", pa.string()),
        ("raw", pa.string()),
    ]
)


def schema_of(contract: Contract) -> pa.Schema:
    return pa.schema([*_ORIGIN, *((column.name, pa.string()) for column in contract.columns)])


def records(piece: Piece, first: int, contract: Contract) -> pa.Table:
    """The records of a piece in the order of their lines, numbered from `first`; those that say nothing are BLANK."""
    count = len(piece.line_no)
    nothing = pa.nulls(count, pa.string())
    given = set(piece.cells.column_names)
    columns = {
        "line_no": pa.array(piece.line_no),
        "line_end": pa.array(piece.line_end),
        "fault": nothing if piece.fault is None else pa.array(piece.fault, pa.string()),
        "raw": nothing if piece.raw is None else pa.array(piece.raw, pa.string()),
    } | {c.name: _plain(piece.cells[c.name], c.kind) if c.name in given else nothing for c in contract.columns}
    table = pa.table(columns)
    if piece.fault is not None:
        table = table.take(pa.array(np.argsort(piece.line_no, kind="stable")))
    table = table.add_column(0, "record_no", pa.array(np.arange(first, first + count)))
    return _with_blanks(table, [column.name for column in contract.columns])


def _with_blanks(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Rows of blank cells are blank as blank lines are."""
    is_blank = pc.is_null(table["fault"])
    for name in columns:
        is_filled = pc.greater(pc.binary_length(table[name]), 0).fill_null(False)
        if pc.all(is_filled).as_py():
            return table
        is_blank = pc.and_not(is_blank, is_filled)
    fault = pc.if_else(is_blank, "BLANK", table["fault"])
    return table.set_column(table.schema.get_field_index("fault"), "fault", fault)


def _plain(cells: pa.ChunkedArray, kind: Kind) -> pa.ChunkedArray:
    """Text as it is compared: trimmed, and folded to half width where a kind is not free text."""
    if all(map(_is_plain, cells.chunks)):
        return cells
    cells = pc.utf8_trim_whitespace(cells)
    if kind is TEXT or pc.all(pc.string_is_ascii(cells)).as_py():
        return cells
    return pc.utf8_normalize(cells, form="NFKC")


def _is_plain(cells: pa.StringArray) -> bool:
    """Whether cells hold printable ASCII alone and no space: nothing to trim, nothing to fold."""
    signs = signs_of(cells)
    return bool(signs.min(initial=ord("~")) > ord(" ") and signs.max(initial=0) <= ord("~"))
