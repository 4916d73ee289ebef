"""Memory is bounded by the household bucket, whatever the population: little of it, and next to no room to spill."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from homes import NIGHT

from assets import extracts
from assets.home import Home
from assets.night import Night, panel_tables
from tests.benchmark.growing import grow

PERSONS = 80_000


@pytest.mark.slow
def test_a_county_that_does_not_fit_as_one_bucket_fits_as_many(
    demo: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home.at(tmp_path / "home")
    assert grow(demo, home, NIGHT, PERSONS) > 0.9 * PERSONS
    with Night.of(home, NIGHT) as night:
        extracts.unlock(night.connection, b"grown")
        for table in panel_tables():
            night.write_panel(table)

    def work_out(buckets: int) -> dict[str, int]:
        monkeypatch.setenv("LOWINCOME_BUCKETS", str(buckets))
        with Night.of(home, NIGHT) as night:
            night.write_panel(next(table for table in panel_tables() if table.name == "households"))
        for name, value in (("MEMORY", "150MB"), ("SPILL", "1MB"), ("THREADS", "1")):
            monkeypatch.setenv(f"LOWINCOME_{name}", value)
        for step in ("facts", "household_months", "household_profile"):
            with Night.of(home, NIGHT) as night:
                extracts.unlock(night.connection, b"grown")
                getattr(night, f"write_{step}")()
        with Night.of(home, NIGHT) as night:
            counts = {name: night.rows(name) for name in ("households", "household_months", "household_profile")}
        for name in ("MEMORY", "SPILL", "THREADS"):
            monkeypatch.delenv(f"LOWINCOME_{name}")
        return counts

    households = work_out(16)
    assert len(set(households.values())) == 1 and min(households.values()) > 10_000
    with pytest.raises(duckdb.OutOfMemoryException):
        work_out(1)
