"""The disk is full, at any step: the last list stays current, one sentence says so, and the next run succeeds."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from homes import EVE, NIGHT, cli, copy_of, current, differing, published

from assets.home import Home, Refusal
from assets.night import Night
from pipelines.running import run_night

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def home(evening: Home, tmp_path: Path) -> Home:
    return copy_of(evening, tmp_path / "home")


def assert_stopped(home: Home) -> None:
    """The night stops with one sentence, and people's list is the old one, whole."""
    with pytest.raises(
        Refusal, match=r"^The night failed at \w+: (OSError|IOException) [^\n]*last good list stays[^\n]*$"
    ):
        run_night(home, NIGHT)
    assert current(home) == EVE.isoformat()


def fails_when(real: Callable[..., Any], is_due: Callable[..., bool], error: Exception) -> Callable[..., Any]:
    def failing(*arguments: Any, **options: Any) -> Any:
        if is_due(*arguments):
            raise error
        return real(*arguments, **options)

    return failing


def at_path(part: str) -> Callable[[int], bool]:
    """Whether an open file lies in a folder of the home."""
    return lambda descriptor: f"/{part}" in str(Path(f"/proc/self/fd/{descriptor}").readlink())


@pytest.mark.slow
def test_no_step_that_finds_the_disk_full_breaks_anything(
    home: Home, undisturbed: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One night after the other stops a little further on: archive, ledger, extract, table, list, pointer."""
    for part in ("archive/", "ledger/", "lake/employment_pensions/", "lake/hits/", "outbox/.2026-01-21.part/"):
        monkeypatch.setattr(os, "fsync", fails_when(os.fsync, at_path(part), FULL))
        assert_stopped(home)
        monkeypatch.undo()
    run_night(home, NIGHT)
    assert current(home) == NIGHT.isoformat()
    assert not differing(published(home, NIGHT), published(undisturbed, NIGHT))


@pytest.mark.slow
def test_a_table_that_cannot_be_written_breaks_nothing(
    home: Home, undisturbed: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB finds the disk full in the middle of a copy: half a file lies in a folder that has no name yet."""

    def copy(night: Night, sql: str, path: Path) -> None:
        if "household_profile" in str(path):
            path.write_bytes(b"PAR1 half of")
            raise duckdb.IOException(f'IO Error: Could not write file "{path}": No space left on device')
        real(night, sql, path)

    real = Night.copy
    monkeypatch.setattr(Night, "copy", copy)
    assert_stopped(home)
    monkeypatch.undo()
    run_night(home, NIGHT)
    assert not differing(published(home, NIGHT), published(undisturbed, NIGHT))


def test_a_pointer_that_cannot_be_written_leaves_the_old_one(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", fails_when(os.fsync, at_path("outbox/.CURRENT.json.part"), FULL))
    assert_stopped(home)


# A disk that is really full -----------------------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """A small disk of its own; calling it with a number of bytes gives it that size."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place)]
    if not mount or subprocess.run([mount, *options], capture_output=True, check=False).returncode:
        pytest.skip("A small disk cannot be mounted here; the failing writer above stands for it.")

    def sized(size: int) -> Path:
        subprocess.run([mount, "-o", f"remount,size={size}", str(place)], check=True, capture_output=True)
        return place

    yield sized
    subprocess.run(["umount", "-l", str(place)], check=True, capture_output=True)


@pytest.mark.slow
def test_a_disk_that_is_really_full_breaks_nothing(
    evening: Home, undisturbed: Home, disk: Callable[[int], Path]
) -> None:
    """From no room at all to almost enough: every run stops in one sentence, until the disk is large enough."""
    home = copy_of(evening, disk(64 << 20) / "home")
    stopped = 0
    for kilobytes in (0, 100, 400, 1000, 2000, 3000, 5000):
        used = shutil.disk_usage(home.root).used
        disk(used + (kilobytes << 10))
        run = cli("run", "--home", home.root, "--as-of", NIGHT)
        if run.returncode == 0:
            break
        stopped += 1
        assert (run.returncode, run.stdout) == (1, ""), run.stderr[-2000:]
        assert "Traceback" not in run.stderr, f"with {kilobytes} kB free: {run.stderr[-2000:]}"
        assert "MB left: make room and run again" in run.stderr.splitlines()[-1]
        assert current(home) in (EVE.isoformat(), NIGHT.isoformat())
    assert stopped >= 3
    disk(256 << 20)
    run = cli("run", "--home", home.root, "--as-of", NIGHT)
    assert run.returncode == 0, run.stderr[-2000:]
    assert current(home) == NIGHT.isoformat()
    assert not differing(published(home, NIGHT), published(undisturbed, NIGHT))
