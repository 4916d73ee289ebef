"""Where a home may lie."""

from __future__ import annotations

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
