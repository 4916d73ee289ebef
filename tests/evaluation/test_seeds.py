"""Intervals over seeds by example, what the seeds of a trial are, and a small trial through worker processes."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from processes import tree

from assets.home import Refusal
from pipelines.cli import main
from pipelines.evaluation.intervals import differences, interval, over_seeds
from pipelines.evaluation.seeds import KEPT, Trial, tried


def summaries(ours: list[float | None], theirs: list[float | None]) -> dict[int, list[dict[str, Any]]]:
    return {
        seed: [{"system": "lowincome", "recall": one}, {"system": "absolute_line", "recall": other}]
        for seed, (one, other) in enumerate(zip(ours, theirs, strict=True))
    }


def test_the_interval_is_students() -> None:
    """Of the ten differences of Student's own paper (1908, section IX): mean 1.58, standard deviation 1.230 (n - 1)."""
    hours = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
    mean, low, high = interval(hours)
    assert (mean, low, high) == (pytest.approx(1.58), pytest.approx(0.700, abs=1e-3), pytest.approx(2.460, abs=1e-3))


@pytest.mark.parametrize(
    ("values", "told"),
    [([], (None, None, None)), ([0.25], (0.25, None, None)), ([0.5, 0.5, 0.5], (0.5, 0.5, 0.5))],
)
def test_one_seed_says_nothing_of_others_and_equal_ones_leave_no_doubt(
    values: list[float], told: tuple[Any, ...]
) -> None:
    assert interval(values) == told


def test_differences_are_taken_within_each_seed() -> None:
    """Counties differ much, the two systems in each by a tenth exactly: apart the means overlap, paired they do not."""
    found = summaries([0.2, 0.5, 0.8], [0.1, 0.4, 0.7])
    apart = {row["system"]: row for row in over_seeds(found, ["system"], ["recall"])}
    assert apart["lowincome"]["low"] < apart["absolute_line"]["high"]
    (paired,) = differences(found, ["recall"])
    assert (paired["system"], paired["mean"]) == ("absolute_line", pytest.approx(0.1))
    assert paired["low"] == pytest.approx(0.1) and paired["high"] == pytest.approx(0.1)


def test_a_seed_without_a_figure_is_left_out_and_counted_out() -> None:
    found = summaries([0.2, 0.5, 0.8], [0.1, None, 0.7])
    assert {row["system"]: row["seeds"] for row in over_seeds(found, ["system"], ["recall"])} == {
        "lowincome": 3,
        "absolute_line": 2,
    }
    assert [row["seeds"] for row in differences(found, ["recall"])] == [2]


def test_nights_are_a_month_apart_over_the_turn_of_the_year() -> None:
    days = Trial(nights=14).days
    assert (len(days), days[0], days[-1]) == (14, date(2025, 1, 21), date(2026, 2, 21))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--seeds", "1,2,1"), "each once"),
        (("--seeds", "1;2"), "each once"),
        (("--home", "somewhere", "--seeds", "1"), "--home measures the nights of one home"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: tuple[str, ...], says: str) -> None:
    said = CliRunner().invoke(main, ["evaluate", *arguments])
    assert said.exit_code != 0 and says in said.output


@pytest.mark.slow
def test_seeds_run_apart_are_kept_and_are_named_where_they_fail(tmp_path: Path) -> None:
    trial = Trial(households=150, nights=2, seeds=(5, 6))
    heard: list[tuple[int, str]] = []
    first = tried(trial, tmp_path, lambda seed, text: heard.append((seed, text)))
    assert list(first) == [5, 6] and first[5] != first[6]
    assert {row["system"] for row in first[5]["summary"]} >= {"lowincome", "any_rule"}
    assert sorted(seed for seed, _ in heard) == [5] * trial.steps + [6] * trial.steps
    heard.clear()
    assert tried(trial, tmp_path, lambda seed, text: heard.append((seed, text))) == first
    assert sorted(heard) == [(5, KEPT), (5, "measured"), (6, KEPT), (6, "measured")]
    with pytest.raises(Refusal, match="Seed 7: A simulated county needs at least 150 households, not 2"):
        tried(Trial(households=2, nights=2, seeds=(7,)), tmp_path, lambda seed, text: None)


def is_running(pid: int) -> bool:
    """Whether it is there, and no zombie that nobody has fetched."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.slow
def test_who_stops_the_command_stops_its_workers(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pipelines.cli",
        "evaluate",
        "--seeds",
        "5",
        "--households",
        "400",
        "--keep",
        tmp_path,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        next(line for line in process.stdout if "made" in line)
        workers = set(tree(process.pid)) - {process.pid}
        assert workers
        process.terminate()
    for _ in range(100):
        if not any(is_running(pid) for pid in workers):
            return
        time.sleep(0.1)
    pytest.fail("a worker goes on ten seconds after the command has ended")
