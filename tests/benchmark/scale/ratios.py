"""How dear the core job is beside a scan and beside pandas, on a county that takes seconds: what the tests hold on to.

python -m tests.benchmark.scale.ratios     measure anew and write ratios.csv
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmark.held import write_down
from tests.benchmark.scale.core import with_duckdb, with_pandas
from tests.benchmark.scale.county import write_county
from tests.benchmark.scale.measuring import rows_that_differ, two_cores

FILE = Path(__file__).with_name("ratios.csv")
PERSONS, TURNS = 20_000, 5
RATIOS = (("raw", "scan"), ("raw", "pandas"), ("kept", "pandas"), ("kept", "raw"))


def measured(folder: Path) -> dict[tuple[str, str], float]:
    """CPU by CPU within this process, the best of five turns each; less is better. Fails where rows differ."""
    county, months = folder / "county", folder / "months"
    months.mkdir(parents=True)
    write_county(county, PERSONS)
    answers = {name: folder / f"{name}.parquet" for name in ("scan", "raw", "kept", "pandas")}
    turns: dict[str, Callable[[], None]] = {
        "scan": lambda: with_duckdb.main(str(county), str(answers["scan"]), "scan"),
        "raw": lambda: with_duckdb.main(str(county), str(answers["raw"]), "raw"),
        "kept": lambda: with_duckdb.main(str(months), str(answers["kept"]), "kept"),
        "pandas": lambda: with_pandas.main(county, str(answers["pandas"])),
    }
    best = dict.fromkeys(turns, float("inf"))
    with two_cores():
        with_duckdb.main(str(county), str(months / "household_months.parquet"), "months")
        for _ in range(TURNS):
            for name, turn in turns.items():
                began = time.process_time()
                turn()
                best[name] = min(best[name], time.process_time() - began)
    for name in ("kept", "pandas"):
        assert rows_that_differ(str(answers["raw"]), str(answers[name])) == 0, name
    return {(of, by): best[of] / best[by] for of, by in RATIOS}


if __name__ == "__main__":
    write_down(FILE, measured)
