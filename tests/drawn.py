"""Tables drawn in a test: cells between bars, the first line names the columns, a blank cell is nothing."""

from __future__ import annotations

from fractions import Fraction


def drawn(table: str) -> list[dict[str, str]]:
    """The rows of a drawn table as text by column. Raises ValueError where a row has more or fewer cells than the head."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.splitlines() if line.strip()]
    if not lines:
        return []
    head, *rows = lines
    for row in rows:
        if len(row) != len(head):
            raise ValueError(f"{len(head)} columns are drawn, but this row has {len(row)} cells: {' | '.join(row)}")
    return [dict(zip(head, row, strict=True)) for row in rows]


def figure(cell: str) -> bool | Fraction | str | None:
    """A cell as what it looks like: nothing, true or false, a number (`2/3` and `.25` are exact), else text."""
    if cell in ("", "true", "false"):
        return {"": None, "true": True, "false": False}[cell]
    try:
        return Fraction(cell)
    except ValueError:
        return cell
