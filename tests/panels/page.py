"""The figures that docs/panels.md promises, as the tests read them: the rows of the table under a heading."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "panels.md"
_RULED = re.compile(r"[|\s:-]+")
_THOUSANDS = re.compile(r"^\d{1,3}(,\d{3})+$")


def rows(heading: str) -> list[dict[str, str]]:
    """By the words of the table's head; numbers stand without the commas of their thousands."""
    sections = re.split(r"^#+ ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (section,) = [lines for lines in (text.splitlines() for text in sections) if lines[:1] == [heading]]
    table = [line for line in section if line.startswith("|") and not _RULED.fullmatch(line)]
    head, *cells = [[_plain(cell.strip()) for cell in line.strip()[1:-1].split("|")] for line in table]
    return [dict(zip(head, row, strict=True)) for row in cells]


def _plain(cell: str) -> str:
    return cell.replace(",", "") if _THOUSANDS.fullmatch(cell) else cell
