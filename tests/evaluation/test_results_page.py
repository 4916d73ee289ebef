"""The results page is drawn from kept measures alone: the same twice, every figure there, its catalogue named."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

from pipelines.evaluation.page import PAGE, is_stale, made_by, write_page
from pipelines.evaluation.seeds import Trial, catalogue_version, county_version
from tests.evaluation.test_measures import measures

DOCS = Path(__file__).parents[2] / "docs"
TRIAL = Trial(households=10, nights=4, seeds=(1, 2))


def found() -> dict[int, dict[str, Any]]:
    needs = (
        "family | kind | from | to\n f1 | need | 2026-02-01 |\n f2 | need | 2026-02-01 |\n f5 | strain | 2026-02-01 |"
    )
    one = "system | family | night | score\n lowincome | f1 | 2 | 2\n lowincome | f5 | 2 | 1\n any_rule | f3 | 2 | 1\n any_rule | f1 | 3 | 2"
    other = one.replace("any_rule | f1", "any_rule | f4") + "\n lowincome | f2 | 3 | 3"
    standing = "family | night | score\n f1 | 2 | 2\n f5 | 2 | 1"
    return {seed: measures(needs, listed, standing=standing) for seed, listed in ((1, one), (2, other))}


def written(folder: Path) -> dict[str, bytes]:
    write_page(folder, TRIAL, found())
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_measures_give_the_same_bytes_and_every_figure_of_the_page_is_there(tmp_path: Path) -> None:
    files = written(tmp_path / "once")
    assert files == written(tmp_path / "again")
    page = files.pop(PAGE).decode()
    assert set(re.findall(r"\]\((results/[a-z_]+\.svg)\)", page)) == set(files)
    assert all(drawing.startswith(b"<svg") for drawing in files.values())
    assert "| 召回率 / recall | 75.0 % (0.0 % … 392.7 %) |" in page  # a half and the whole: two seeds say little
    assert "2.0, 1 of 2 seeds" in page  # every hit of any rule finds nobody in the other


def test_counties_in_which_nothing_happened_have_a_page_too(tmp_path: Path) -> None:
    nothing = measures("family | kind | from | to", "family | night")
    text = write_page(tmp_path, TRIAL, {1: nothing, 2: nothing}).read_text(encoding="utf-8")
    assert "| 召回率 / recall | – |" in text


def test_a_page_of_another_catalogue_or_county_is_stale(tmp_path: Path) -> None:
    page = write_page(tmp_path, TRIAL, found())
    assert made_by(page) == (catalogue_version(), county_version()) and not is_stale(page)
    text = page.read_text(encoding="utf-8")
    for version in (catalogue_version(), county_version()):
        page.write_text(text.replace(version, "0123456789abcdef"), encoding="utf-8")
        assert is_stale(page)


def test_the_page_in_docs_names_its_catalogue_and_tells_when_it_is_stale() -> None:
    page = DOCS / PAGE
    assert all(re.fullmatch("[0-9a-f]{16}", version) for version in made_by(page))
    if is_stale(page):
        warnings.warn(f"docs/{PAGE} is of another catalogue: make results", stacklevel=1)
