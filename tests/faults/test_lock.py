"""One home, one writer: a second run is refused with one sentence, and a killed run never leaves the lock behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from homes import NIGHT, cli, command, copy_of, current, differing, environment, published

from assets.home import Home, Refusal

HOLDING = """
import sys, time
from assets.home import Home
with Home.at(sys.argv[1]).owned():
    print("held", flush=True)
    time.sleep(600)
"""
SENTENCE = re.compile(r"错误：Another run is writing in this home \(home\)[^\n]*\n")


@contextmanager
def held(home: Home) -> Iterator[subprocess.Popen[str]]:
    """Another process that owns the home."""
    program = [sys.executable, "-c", HOLDING, str(home.root)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=environment()) as other:
        assert other.stdout and other.stdout.readline() == "held\n"
        try:
            yield other
        finally:
            other.kill()


def everything(home: Home) -> set[str]:
    return {str(path.relative_to(home.root)) for path in home.root.rglob("*") if home.dagster not in path.parents}


def test_a_second_run_is_refused_with_one_sentence_and_touches_nothing(evening: Home, tmp_path: Path) -> None:
    home = copy_of(evening, tmp_path / "home")
    with held(home):
        before = everything(home)
        refused = cli("run", "--home", home.root, "--as-of", NIGHT)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert SENTENCE.fullmatch(refused.stderr), refused.stderr
        assert everything(home) == before


@pytest.mark.slow
def test_of_two_runs_at_once_one_is_refused_and_the_other_is_undisturbed(
    evening: Home, undisturbed: Home, tmp_path: Path
) -> None:
    home = copy_of(evening, tmp_path / "home")
    runs = [
        subprocess.Popen(
            command("run", "--as-of", NIGHT), env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    told = [run.communicate(timeout=300) for run in runs]
    assert sorted(run.returncode for run in runs) == [0, 1]
    _, refused = told[0] if runs[0].returncode else told[1]
    assert SENTENCE.fullmatch(refused), refused
    assert not differing(published(home, NIGHT), published(undisturbed, NIGHT))


def test_the_lock_is_free_as_soon_as_its_owner_is_killed(evening: Home, tmp_path: Path) -> None:
    """The owner alone is killed, in the middle of intake: its reading children may live a moment longer."""
    home = copy_of(evening, tmp_path / "home")
    with subprocess.Popen(
        command("run", "--as-of", NIGHT), env=environment(home), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as run:  # fmt: skip
        deadline = time.monotonic() + 120
        while not list(home.staging.glob("*.arrow")) and run.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        assert run.poll() is None, "the run ended before it could be killed"
        with pytest.raises(Refusal), home.owned():
            pass
        run.kill()
        run.wait()
        with home.owned():
            assert current(home)
        os.killpg(run.pid, signal.SIGKILL)


def test_whoever_only_asks_needs_no_lock(demo: Home, tmp_path: Path) -> None:
    home = copy_of(demo, tmp_path / "home")
    with held(home):
        answer = cli("sql", "--home", home.root, "select count(*) as n from hits", "--format", "csv")
    assert (answer.returncode, answer.stdout.splitlines()[0]) == (0, "n")
