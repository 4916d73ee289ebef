"""A run killed at any moment: the last list stays whole and current, the next run gives an undisturbed run's bytes."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from homes import EVE, NIGHT, cells, command, copy_of, current, differing, environment, manifest, published

from assets.home import Home
from assets.night import Night
from pipelines.definitions import defs
from pipelines.running import run_night

KILLS = int(os.environ.get("LOWINCOME_KILLS", "20"))
SEED = int(os.environ.get("LOWINCOME_SEED", random.SystemRandom().randrange(1 << 32)))


@dataclass(frozen=True)
class Moment:
    """When a run is killed: some seconds after so many of its steps have ended."""

    steps: int
    seconds: float

    @staticmethod
    def drawn(draw: random.Random) -> Moment:
        return Moment(draw.randrange(len(defs.resolve_job_def("nightly").graph.nodes)), round(draw.uniform(0, 0.8), 3))


def kill_a_run(home: Home, moment: Moment) -> bool:
    """Start a run and kill it with all its children at a moment; whether it still ran."""
    with subprocess.Popen(
        command("run", "--as-of", NIGHT), env=environment(home), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as run:  # fmt: skip
        assert run.stderr
        ended = 0
        while ended < moment.steps and (line := run.stderr.readline()):
            ended += line.startswith("[")
        try:
            run.wait(moment.seconds if moment.steps else 4 * moment.seconds)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            return True
    return False


def assert_undisturbed(home: Home, undisturbed: Home, told: str) -> None:
    run_night(home, NIGHT)
    assert current(home) == NIGHT.isoformat(), told
    assert not differing(published(home, NIGHT), published(undisturbed, NIGHT)), told


@pytest.mark.parametrize("kills", [1, pytest.param(3, marks=pytest.mark.slow)])
def test_kills_one_after_the_other_leave_no_trace(kills: int, evening: Home, undisturbed: Home, tmp_path: Path) -> None:
    draw = random.Random(SEED)
    home = copy_of(evening, tmp_path / "home")
    moments = [Moment.drawn(draw) for _ in range(kills)]
    for moment in moments:
        kill_a_run(home, moment)
        assert current(home) in (EVE.isoformat(), NIGHT.isoformat()), f"LOWINCOME_SEED={SEED}, {moments}"
    assert_undisturbed(home, undisturbed, f"LOWINCOME_SEED={SEED}, {moments}")


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_no_trace(evening: Home, undisturbed: Home, tmp_path: Path) -> None:
    draw = random.Random(SEED)
    print(f"LOWINCOME_SEED={SEED} LOWINCOME_KILLS={KILLS}")
    killed = 0
    for place in range(KILLS):
        home = copy_of(evening, tmp_path / f"home{place}")
        moment = Moment.drawn(draw)
        killed += kill_a_run(home, moment)
        told = f"LOWINCOME_SEED={SEED}, kill {place} of {moment}"
        assert current(home) in (EVE.isoformat(), NIGHT.isoformat()), told
        assert_undisturbed(home, undisturbed, told)
        shutil.rmtree(home.root)
    assert killed > KILLS // 2, "most runs ended before they were killed"


# Killed at one call -----------------------------------------------------------------------------------------------

DYING = """
import fnmatch, os, signal, sys
call, pattern, place, *arguments = sys.argv[1:]
real, seen = getattr(os, call), 0
def dying(*paths, **options):
    global seen
    if fnmatch.fnmatch(str(paths[-1]), pattern):
        seen += 1
        if seen == int(place):
            os.killpg(0, signal.SIGKILL)
    return real(*paths, **options)
setattr(os, call, dying)
from pipelines.cli import main
main(arguments)
"""


def kill_at(home: Home, call: str, pattern: str, place: int = 1) -> None:
    """Run the night and kill it just before the n-th call of `os.<call>` whose (last) path fits the pattern."""
    run = subprocess.run(
        [sys.executable, "-c", DYING, call, pattern, str(place), "run", "--as-of", NIGHT.isoformat()],
        env=environment(home), start_new_session=True, capture_output=True, check=False,
    )  # fmt: skip
    assert run.returncode == -signal.SIGKILL, f"os.{call} of {pattern} was never called"


@pytest.mark.slow
def test_the_two_most_awkward_moments_leave_no_trace(evening: Home, undisturbed: Home, tmp_path: Path) -> None:
    """Killed between a receipt and its file's leaving of the inbox, then between a list and the pointer to it."""
    home = copy_of(evening, tmp_path / "home")
    receipts = len(list(home.ledger.glob("*.json")))
    kill_at(home, "unlink", f"{home.inbox}/*", 3)
    assert len(list(home.ledger.glob("*.json"))) == receipts + 3
    kill_at(home, "replace", f"{home.outbox}/CURRENT.json")
    assert current(home) == EVE.isoformat()
    assert_undisturbed(home, undisturbed, "killed twice")


@pytest.mark.slow
def test_a_repeated_night_never_takes_the_current_list_away(
    undisturbed: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a run is about to do to the disk, and after it has done so, the list that people have open is whole."""
    home = copy_of(undisturbed, tmp_path / "home")
    looks = 0

    def watched(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal looks
            looks += 1
            assert current(home) == NIGHT.isoformat(), f"before os.{name}"
            answer = real(*arguments, **options)
            assert current(home) == NIGHT.isoformat(), f"after os.{name}"
            return answer

        return call

    for name in ("replace", "rename", "unlink", "rmdir", "fsync"):
        monkeypatch.setattr(os, name, watched(name))
    run_night(home, NIGHT)
    monkeypatch.undo()
    assert looks > 100
    assert not differing(published(home, NIGHT), published(undisturbed, NIGHT))


@pytest.mark.slow
def test_what_a_killed_night_took_in_is_not_lost_to_the_next_one(evening: Home, tmp_path: Path) -> None:
    """The night never ran to its end, and nobody ran it again: the next night reads what it had taken in."""
    home, calm = copy_of(evening, tmp_path / "home"), copy_of(evening, tmp_path / "calm")
    kill_at(home, "replace", f"{home.root}/lake/employment_pensions/{NIGHT}")
    next_night = NIGHT + timedelta(days=1)
    run_night(home, next_night)
    run_night(calm, next_night)
    with Night.of(home, next_night) as night:
        night.open("deliveries")
        lost = night.connection.execute(
            "select count(*) from deliveries where records <> "
            "accepted + rejected + superseded + duplicate + blank + held + refused"
        ).fetchall()
    assert lost == [(0,)], "deliveries of the killed night have no verdict"
    for name in (f["path"] for f in manifest(calm, next_night)["files"] if f["kind"] in ("risk_list", "statistics")):
        assert cells(published(home, next_night)[name]) == cells(published(calm, next_night)[name]), name


def test_what_a_killed_run_spilled_is_wiped_by_the_next_one(evening: Home, tmp_path: Path) -> None:
    home = copy_of(evening, tmp_path / "home")
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    for left, is_kept in ((home.staging / f"spill-{ended.pid}", False), (home.staging / f"spill-{os.getppid()}", True)):
        left.mkdir()
        (left / "duckdb_temp_storage.tmp").write_bytes(b"plain text of somebody's row")
        with home.owned():
            assert left.exists() == is_kept


def test_a_night_that_ended_leaves_nothing_in_staging(undisturbed: Home) -> None:
    assert not [path.name for path in undisturbed.staging.iterdir()]
