"""What the catalogue must reach on one small simulated county: what it reached last, less a margin.

python tests/evaluation/floor.py    measure anew, and write what was reached into floor.csv; margins stay as they are
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from assets.home import Home
from pipelines.bench import make_world
from pipelines.evaluation.measuring import Rows, measured
from pipelines.evaluation.nights import run_nights
from pipelines.evaluation.seeds import Trial

FILE = Path(__file__).with_name("floor.csv")
TRIAL = Trial(households=3000, nights=3, seeds=(11,))
BESIDE = "_beside_any_rule"

Figures = Mapping[str, float | None]


def reached(root: Path, laid_over: Callable[[Home], None] = lambda home: None) -> Figures:
    """The figures of the county after its nights; `laid_over` may change its reference tables before them."""
    (seed,) = TRIAL.seeds
    make_world(root, TRIAL.households, seed, TRIAL.days[0], TRIAL.nights)
    home = Home.at(root)
    laid_over(home)
    run_nights(home, TRIAL.days, seed, lambda text: None)
    return figures(measured(home)["summary"])


def figures(summary: Rows) -> Figures:
    ours, other = (next(row for row in summary if row["system"] == system) for system in ("lowincome", "any_rule"))
    beside = {f"{name}{BESIDE}": (ours[name] or 0) - (other[name] or 0) for name in ("precision", "recall")}
    return ours | beside


def floors() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fallen(found: Figures, held: list[dict[str, str]]) -> list[str]:
    """Each measure that is worse than its floor, in words; a measure without a figure is."""
    told = []
    for row in held:
        figure, measured_last, margin = found[row["measure"]], float(row["measured"]), float(row["margin"])
        is_more = row["better"] == "more"
        floor = measured_last - margin if is_more else measured_last + margin
        if figure is None or (figure < floor if is_more else figure > floor):
            shown = "none" if figure is None else f"{figure:.4g}"
            told.append(f"{row['measure']} is {shown}, and {'at least' if is_more else 'at most'} {floor:.4g} is held")
    return told


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = reached(Path(folder) / "home")
    rows = [row | {"measured": f"{found[row['measure']]:.4g}"} for row in floors()]
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
