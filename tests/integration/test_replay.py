"""A past list comes out again byte for byte, whatever has come, been corrected or been changed since."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import once
from homes import copy_of, differing, manifest, records
from inboxes import AREA6
from town import FALLEN, FIRST, GONE, HEAD, JUST_UNDER, LATER, NIGHT, next_day, too_late, town

from assets import known
from assets.home import Home, Refusal
from assets.rules import catalogue
from pipelines.cli import main
from pipelines.explaining import explain
from pipelines.replaying import replay
from pipelines.running import run_night

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def past(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Three nights of a small town; what came after the second changed everything. Copy it, never change it."""

    def make(root: Path) -> None:
        home = town(Home.at(root))
        run_night(home, FIRST)
        next_day(home)
        run_night(home, NIGHT)
        too_late(home)
        run_night(home, LATER)

    return once(tmp_path_factory, "past", make)


@pytest.fixture
def home(past: Home, tmp_path: Path) -> Home:
    return copy_of(past, tmp_path / "home")


def untouched(home: Home) -> dict[str, bytes]:
    """Everything of a home that a look back must leave alone."""
    folders = ("lake", "outbox", "ledger", "rejects", "vault", "reference", "archive", "secrets")
    return {
        str(path.relative_to(home.root)): path.read_bytes()
        for folder in folders for path in sorted((home.root / folder).rglob("*")) if path.is_file()
    }  # fmt: skip


def listed(home: Home, night: object) -> set[str]:
    folder = home.outbox / str(night)
    return {row["家庭编号"] for row in records((folder / f"risk_list_{AREA6}.csv").read_bytes())}


def assert_equal(home: Home, is_from_scratch: bool = False) -> None:
    found = replay(home, NIGHT, is_from_scratch)
    assert found.differing == () and found.equal == len(manifest(home, NIGHT)["files"]) > 3


def test_what_came_too_late_would_have_changed_the_list(past: Home) -> None:
    assert listed(past, NIGHT) == {GONE, FALLEN}
    assert len(listed(past, LATER)) == 3


def test_late_files_and_corrections_do_not_leak_and_nothing_stays(home: Home) -> None:
    before, environment = untouched(home), dict(os.environ)
    found = replay(home, NIGHT)
    assert found.differing == () and found.notes == ()
    assert differing(untouched(home), before) == []
    assert list(home.staging.glob("scratch-*")) == [] and dict(os.environ) == environment


@pytest.fixture
def other_rules(tmp_path: Path) -> Iterator[None]:
    """The catalogue of a later day: half of the income must be gone, and the sentence reads otherwise."""
    folder = tmp_path / "rules"
    shutil.copytree(catalogue.FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = (folder / "income.yaml").read_text(encoding="utf-8")
    text = text.replace(">= $inc_drop_note * income_before", ">= $inc_drop_alert * income_before")
    (folder / "income.yaml").write_text(text.replace("近三个月月均收入", "三个月来月均收入"), encoding="utf-8")
    with catalogue.read_from(folder):
        yield


def test_later_rules_and_standards_do_not_leak(home: Home, other_rules: None) -> None:
    """Not even a standard that says it was known long ago."""
    standards = f"{HEAD}dibao,{AREA6},any,4000,month,2020-01-01,,2020-01-01,raised and dated back\n"
    (home.reference / "standards.csv").write_text(standards, encoding="utf-8")
    (home.reference / "parameters.csv").write_text(
        f"{HEAD}inc_drop_note,,any,0.9,ratio,2000-01-01,,2000-01-01,x\n", encoding="utf-8"
    )
    assert_equal(home)
    run_night(home, NIGHT)
    assert listed(home, NIGHT) == {GONE, FALLEN, JUST_UNDER}, "published anew by what is known now"
    assert manifest(home, NIGHT)["inputs"]["standards"] != manifest(home, FIRST)["inputs"]["standards"]
    assert_equal(home)


def test_the_whole_chain_is_rebuilt_from_scratch_and_where_the_lake_is_lost(home: Home) -> None:
    assert_equal(home, is_from_scratch=True)
    shutil.rmtree(home.root / "lake")
    found = replay(home, NIGHT)
    assert found.differing == () and any(str(FIRST) in note for note in found.notes)
    today = CliRunner().invoke(main, ["replay", "--home", str(home.root), "--as-of", str(NIGHT), "--with", "today"])
    assert today.exit_code == 0 and "0 enter, 0 leave, 0 rise, 0 fall" in today.output


def test_a_list_that_is_not_what_comes_out_again_is_named_and_can_be_kept(home: Home, tmp_path: Path) -> None:
    path = home.outbox / str(NIGHT) / "manifest.json"
    told = json.loads(path.read_bytes())
    told["files"][0]["sha256"] = "0" * 64
    told["files"][1] |= {"sha256": "0" * 64, "is_locked": True}
    told["inputs"]["code"]["tables"] = "another"
    path.write_text(json.dumps(told), encoding="utf-8")
    kept = tmp_path / "kept"
    run = CliRunner().invoke(main, ["replay", "--home", str(home.root), "--as-of", str(NIGHT), "--keep", str(kept)])
    assert run.exit_code == 1
    assert f"differs: {told['files'][0]['path']}" in run.output and "bytes may differ" in run.output
    assert told["files"][1]["path"] not in run.output and "1 个加密文件" in run.output
    assert explain(Home.at(kept), FALLEN, NIGHT).is_listed, "what was kept can be asked"
    with pytest.raises(Refusal, match="is not empty"):
        replay(home, NIGHT, keep=kept)


def test_what_is_lost_is_told_in_one_sentence(home: Home) -> None:
    with pytest.raises(Refusal, match="the nights published go from 2026-01-20 to 2026-01-22"):
        replay(home, LATER.replace(day=23))
    kept = manifest(home, NIGHT)["inputs"]["known"]
    (home.archive / "known" / kept["shipped/parameters.csv"]).unlink()
    with pytest.raises(Refusal, match=r"shipped/parameters\.csv as 2026-01-21 knew it is lost"):
        replay(home, NIGHT)
    told = manifest(home, NIGHT)["inputs"]["deliveries"][0]
    (home.archive / told["sha256"]).unlink()
    with pytest.raises(Refusal, match=r"no longer holds delivery 1 of 2026-01-20 .civil_affairs"):
        replay(home, NIGHT)


def test_what_a_night_knew_is_kept_once(past: Home) -> None:
    kept = [manifest(past, night)["inputs"]["known"] for night in (FIRST, NIGHT, LATER)]
    assert kept[0] == kept[1] == kept[2]
    assert {name.partition("/")[0] for name in kept[0]} == {"rules", "shipped", "reference"}
    assert {path.name for path in (past.archive / "known").iterdir()} == set(kept[0].values())
    assert known.is_kept(past, NIGHT)
