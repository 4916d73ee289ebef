"""What departments send between two nights lies in the inbox of the later one, once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.home import Home, Refusal
from pipelines.evaluation.nights import _deliver


def test_a_night_gets_what_came_since_the_night_before(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    for day in ("2026-01-05", "2026-01-06", "2026-01-07", "2026-01-21", "2026-01-22"):
        (home.root / "later" / day / "health").mkdir(parents=True)
        (home.root / "later" / day / "health" / f"{day}.csv").touch()
    got = []
    for before, night in ((None, date(2026, 1, 6)), (date(2026, 1, 6), date(2026, 1, 21))):
        _deliver(home, before, night)
        got.append(sorted(path.stem for path in home.inbox.rglob("*.csv")))
        for path in home.inbox.rglob("*.csv"):
            path.unlink()
    assert got == [["2026-01-05", "2026-01-06"], ["2026-01-07", "2026-01-21"]]


def test_a_file_that_still_waits_is_never_replaced(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    for folder in (home.root / "later" / "2026-01-05", home.inbox):
        (folder / "health").mkdir(parents=True)
        (folder / "health" / "one.csv").touch()
    with pytest.raises(Refusal, match="still waits in the inbox"):
        _deliver(home, None, date(2026, 1, 6))
