"""What can be worked out of a hidden count from those that are shown: by linear programming, over all sums at once."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

Cell = tuple[str, str, str]
"""Place, measure (all, level, dimension) and item."""


def rooms(county: str, cells: dict[Cell, int | None], sought: list[Cell]) -> list[float]:
    """How far the least and the greatest value of each sought cell lie apart, by all that the shown ones say.

    Levels of a place are its families, towns are the county; a dimension is at most the families, and all dimensions
    together are at least as many.
    """
    at = {cell: i for i, cell in enumerate(cells)}
    places = {place for place, *_ in cells}
    equal, least = [], []

    def line(terms: dict[Cell, int]) -> list[float]:
        row = np.zeros(len(cells))
        for cell, sign in terms.items():
            row[at[cell]] = sign
        return list(row)

    for place in places:
        whole = (place, "all", "all")
        equal.append(line({cell: 1 for cell in cells if cell[:2] == (place, "level")} | {whole: -1}))
        dims = [cell for cell in cells if cell[:2] == (place, "dimension")]
        least.append(line(dict.fromkeys(dims, -1) | {whole: 1}))
        least += [line({cell: 1, whole: -1}) for cell in dims]
    for measure, item in {cell[1:] for cell in cells}:
        same = [cell for cell in cells if cell[1:] == (measure, item)]
        equal.append(line({cell: -1 if cell[0] == county else 1 for cell in same}))
    bounds = [(0, None) if value is None else (value, value) for value in cells.values()]
    found = []
    for cell in sought:
        ends = [
            linprog(
                sign * np.eye(len(cells))[at[cell]], A_ub=least, b_ub=np.zeros(len(least)), A_eq=equal,
                b_eq=np.zeros(len(equal)), bounds=bounds,
            )
            for sign in (1, -1)
        ]  # fmt: skip
        found.append(np.inf if 3 in (end.status for end in ends) else -ends[1].fun - ends[0].fun)
    return found
