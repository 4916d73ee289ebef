"""One reference file as text cells, whatever program saved it, and as values; what is wrong is told cell by cell."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.intake import delimited
from assets.reference.declared import Column, ReferenceFile

_DESTROYED = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong with one row, told without its cells: a file that is not what it should be may hold anything."""

    path: str
    line: int
    column: str
    says: str
    cure: str
    check: str

    def __str__(self) -> str:
        where = f" line {self.line}" if self.line else ""
        return f"{self.path}{where}: {' '.join(filter(None, (self.column, self.says)))}; {self.cure}"


def read(file: ReferenceFile, path: Path, called: str) -> tuple[dict[str, list[Any]], list[Fault]]:
    """The rows by column, with their `line`; a cell that cannot be read is None, and one of the faults."""
    nothing: dict[str, list[Any]] = {name: [] for name in ("line", *(column.name for column in file.columns))}

    def fault(line: int, column: str, says: str, cure: str) -> Fault:
        return Fault(called, line, column, says, cure, f"{file.stem}__readable")

    names = [column.name for column in file.columns]
    encoding, skip = delimited.encoding_of(path)
    content = path.read_bytes()[skip:]
    if content.startswith(b"PK"):
        return nothing, [fault(0, "", "is a workbook", "save it as CSV UTF-8 (逗号分隔) and put that here")]
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return nothing, [fault(0, "", "is neither UTF-8 nor GB18030 text", "save it as CSV UTF-8 (逗号分隔)")]
    separator = max(delimited.SEPARATORS, key=text.partition("\n")[0].count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        numbered = [(cells, lines.line_num) for cells in lines]
    except csv.Error:
        return nothing, [fault(lines.line_num, "", "cannot be split into cells", "look for a quote that does not end")]
    header = [cell.strip() for cell in numbered[0][0]] if numbered else []
    while header and not header[-1]:
        header.pop()
    if sorted(header) != sorted(names):
        says = f"does not name the columns {','.join(names)}"
        return nothing, [fault(1, "", says, "let it name just these, in any order")]
    found, faults = nothing, []
    columns = [(header.index(column.name), column) for column in file.columns]
    for cells, line in numbered[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
            says = f"has {len(cells)} cells, not {len(header)}"
            faults.append(fault(line, "", says, "quote a cell that holds a comma"))
            continue
        row: list[Any] = [line]
        for place, column in columns:
            cell = cells[place].strip()
            row.append(column.kind.read(cell) if cell else None)
            if row[-1] is None and (cell or column.is_required):
                faults.append(fault(line, column.name, _says(cell, column), f"write {column.kind.says}"))
        for name, value in zip(found, row, strict=True):
            found[name].append(value)
    return found, faults


def _says(cell: str, column: Column) -> str:
    if _DESTROYED.fullmatch(cell):
        return "was turned into a number such as 3.7E+11 by a spreadsheet"
    return f"is not {column.kind.says}" if cell else "is blank"
