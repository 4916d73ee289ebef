"""How dear intake and load are beside a bare read and a plain load, on files that take seconds: what the tests hold on to.

python -m tests.benchmark.intake.ratios     measure anew and write ratios.csv

The judge is left out: on so few rows its start is all that would be measured.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmark.held import write_down
from tests.benchmark.intake import files, run
from tests.benchmark.scale.measuring import two_cores
from tests.inboxes import in_this_process

FILE = Path(__file__).with_name("ratios.csv")
ROWS, TURNS = 50_000, 4
RATIOS = (("intake", "bare"), ("intake of GB18030", "intake"), ("load", "plain"))


def measured(folder: Path) -> dict[tuple[str, str], float]:
    """CPU by CPU within this process, the best of some turns each; less is better."""
    utf8, gb18030 = folder / "utf-8", folder / "gb18030"
    files.write_text(utf8, ROWS)
    files.write_gb18030(utf8, gb18030)
    turns: dict[str, Callable[[Path], None]] = {
        "bare": lambda target: run.bare(utf8, target),
        "intake": lambda target: run.intake(utf8, target),
        "intake of GB18030": lambda target: run.intake(gb18030, target),
        "plain": lambda target: run.plain(utf8, target),
        "load": lambda target: run.load(utf8, target),
    }
    best = dict.fromkeys(turns, float("inf"))
    with two_cores(), in_this_process():
        for turn in range(TURNS):
            for name, program in turns.items():
                target = folder / f"{name}-{turn}"
                target.mkdir()
                began = time.process_time()
                program(target)
                best[name] = min(best[name], time.process_time() - began)
    return {(of, by): best[of] / best[by] for of, by in RATIOS}


if __name__ == "__main__":
    write_down(FILE, measured)
