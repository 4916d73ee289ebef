"""The catalogue on a small simulated county: what it finds, at how many visits, falls by no more than a margin."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from assets.home import Home
from tests.evaluation.floor import fallen, floors, reached

HELD = [
    {"measure": "recall", "better": "more", "measured": "0.6", "margin": "0.1"},
    {"measure": "visits_per_find", "better": "less", "measured": "9", "margin": "2"},
]
LOOSE = {
    "inc_drop_note": "0.03", "inc_drop_alert": "0.06", "inc_drop_floor": "0.05", "edge_multiple": "4",
    "med_che_share": "0.02", "med_che_floor": "100", "med_share_note": "0.01", "med_share_alert": "0.01",
    "med_share_high": "0.02", "med_share_floor": "100", "med_spike_ratio": "1", "med_spike_floor": "100",
    "med_stay_others": "300", "med_abs_others": "900", "rigid_share": "0.02", "rigid_multiple": "6", "esi_share": "0.99",
}  # fmt: skip


@pytest.mark.parametrize(
    ("recall", "visits", "worse"),
    [
        (0.5, 11.0, []),
        (0.49, 11.0, ["recall"]),
        (0.5, 11.1, ["visits_per_find"]),
        (0.0, None, ["recall", "visits_per_find"]),
    ],
)
def test_a_figure_under_its_floor_is_told(recall: float, visits: float | None, worse: list[str]) -> None:
    told = fallen({"recall": recall, "visits_per_find": visits}, HELD)
    assert [one.split()[0] for one in told] == worse


def test_the_catalogue_holds_its_floors(tmp_path: Path) -> None:
    assert fallen(reached(tmp_path / "home"), floors()) == []


def loosen(home: Home) -> None:
    with (home.reference / "parameters.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["name", "area_prefix", "residence", "value", "unit", "valid_from", "valid_to", "known_at", "document"]
        )
        for name, value in LOOSE.items():
            unit = "yuan" if float(value) >= 100 else "ratio"
            writer.writerow([name, "", "any", value, unit, "2000-01-01", "", "2000-01-01", "loose"])


@pytest.mark.slow
def test_a_catalogue_whose_thresholds_are_all_loose_falls_below_them(tmp_path: Path) -> None:
    told = {one.split()[0] for one in fallen(reached(tmp_path / "home", loosen), floors())}
    assert told & {"precision", "visits_per_find"}
