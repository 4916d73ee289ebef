"""Where a home may lie, and what a killed process leaves in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assets.home import Home, Refusal


@pytest.mark.parametrize("name", ["it's", "w[1]", "all*", "why?", "a{b}"])
def test_a_path_that_a_query_would_misread_is_refused_before_anything_is_made(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refusal, match="choose another"):
        Home.at(tmp_path / name)
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("name", ["低收入", "with space", "a-b_c.d"])
def test_other_paths_are_fine(tmp_path: Path, name: str) -> None:
    assert Home.at(tmp_path / name).inbox.is_dir()


def test_what_a_killed_process_left_behind_is_wiped_and_what_a_living_one_uses_stays(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    gone, here = 2**22 + 1, os.getpid()  # no process has so high a number
    for name in (f"scratch-{gone}", f"spill-{gone}", f"scratch-{here}", "spill-1"):
        (home.staging / name / "vault").mkdir(parents=True)
    home.wipe_left_behind()
    assert {path.name for path in home.staging.iterdir()} == {f"scratch-{here}", "spill-1"}
