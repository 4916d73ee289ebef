"""One reference file as text cells, whatever program saved it, and as values; what is wrong is told cell by cell."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.intake import delimited
from assets.reference.declared import ReferenceFile

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
    """The rows that can be read, by column, with their `line`; and the faults of the others."""
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
    header = [cell.strip() for cell in next(lines, [])]
    while header and not header[-1]:
        header.pop()
    if sorted(header) != sorted(names):
        return nothing, [
            fault(1, "", f"does not name the columns {','.join(names)}", "let it name just these, in any order")
        ]
    found, faults = nothing, []
    columns = [(header.index(column.name), column) for column in file.columns]
    for cells in lines:
        line = lines.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
            faults.append(
                fault(line, "", f"has {len(cells)} cells, not {len(header)}", "quote a cell that holds a comma")
            )
            continue
        row: list[Any] = [line]
        is_whole = True
        for place, column in columns:
            cell = cells[place].strip()
            value = column.kind.read(cell) if cell else None
            if value is None and (cell or column.is_required):
                says = (
                    "was turned into a number such as 3.7E+11 by a spreadsheet"
                    if _DESTROYED.fullmatch(cell)
                    else f"is not {column.kind.says}"
                    if cell
                    else "is blank"
                )
                faults.append(fault(line, column.name, says, f"write {column.kind.says}"))
                is_whole = False
            row.append(value)
        if is_whole:
            for name, value in zip(found, row, strict=True):
                found[name].append(value)
    return found, faults
