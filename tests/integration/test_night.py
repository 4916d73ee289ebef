"""A whole night: the same inputs give the same bytes, the lists are what their manifest says, past nights stay."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from homes import EVE, NIGHT, cells, cli, copy_of, current, differing, forget_inbox, manifest, published, records

from assets.home import Home
from expectations.listing import lists
from pipelines.running import run_night

WHOLE_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")


@pytest.mark.parametrize("settings", [
    pytest.param({"LOWINCOME_THREADS": "1"}, marks=pytest.mark.slow),
    pytest.param({"LOWINCOME_THREADS": "4", "LOWINCOME_BUCKETS": "4"}, marks=pytest.mark.slow),
], ids=["one thread", "four threads, four buckets"])  # fmt: skip
def test_threads_and_buckets_change_no_byte(county: Home, demo: Home, tmp_path: Path, settings: dict[str, str]) -> None:
    home = copy_of(county, tmp_path / "home")
    os.environ.update(settings)
    run_night(home, NIGHT)
    assert differing(published(home, NIGHT), published(demo, NIGHT)) == []


@pytest.mark.slow
def test_the_order_in_which_files_lie_changes_no_byte(county: Home, demo: Home, tmp_path: Path) -> None:
    home = copy_of(county, tmp_path / "home")
    paths = sorted((p for p in home.inbox.rglob("*") if p.is_file()), reverse=True)
    for age, path in enumerate(paths):
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content)
        os.utime(path, (1_700_000_000 + age, 1_700_000_000 + age))
    run_night(home, NIGHT)
    assert differing(published(home, NIGHT), published(demo, NIGHT)) == []


def test_a_repeated_and_an_older_night_change_nothing_and_what_has_come_waits(
    undisturbed: Home, tmp_path: Path
) -> None:
    home = copy_of(undisturbed, tmp_path / "home")
    before = {night: published(home, night) for night in (EVE, NIGHT)}
    pointer = (home.outbox / "CURRENT.json").read_bytes()
    late = home.inbox / "civil_affairs" / "civil_affairs_income_370402_202512_77.csv"
    late.parent.mkdir(exist_ok=True)
    late.write_text("身份证号,姓名,家庭编号,类别,月金额,起始年月\n", encoding="utf-8")
    for night in (NIGHT, EVE):
        run_night(home, night)
        assert late.exists() and differing(published(home, night), before[night]) == []
        assert (home.outbox / "CURRENT.json").read_bytes() == pointer
    assert current(home) == NIGHT.isoformat()
    run_night(home, NIGHT + timedelta(days=1))
    assert not late.exists()
    assert current(home) == (NIGHT + timedelta(days=1)).isoformat()


@pytest.mark.slow
def test_a_past_night_is_rebuilt_from_archive_and_ledger(undisturbed: Home, tmp_path: Path) -> None:
    home = copy_of(undisturbed, tmp_path / "home")
    before = {night: published(home, night) for night in (EVE, NIGHT)}
    shutil.rmtree(home.root / "lake")
    shutil.rmtree(home.staging)
    for night in (EVE, NIGHT):
        run_night(home, night)
        assert differing(published(home, night), before[night]) == []


def test_the_manifest_says_what_is_there(demo: Home) -> None:
    told = manifest(demo, NIGHT)
    folder = demo.outbox / NIGHT.isoformat()
    nobody_yet = {"overdue", "waiting"}  # on a first night of few families
    assert {file["kind"] for file in told["files"]} - nobody_yet == {*lists(), "bulletin"} - nobody_yet
    for file in told["files"]:
        content = (folder / file["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        if file["kind"] == "bulletin":
            continue
        rows = cells(content)
        headers = {column.key: column.header for column in lists()[file["kind"]].columns}
        assert len(rows) - 1 == file["rows"]
        assert rows[0] == [headers[key] for key in file["columns"]]
    assert len(told["inputs"]["deliveries"]) == len(list(demo.ledger.glob("[0-9]*.json")))


def test_lists_are_as_spreadsheets_of_the_field_expect_them(demo: Home) -> None:
    for name, content in published(demo, NIGHT).items():
        if name.endswith(".csv"):
            assert content.startswith(b"\xef\xbb\xbf") and content.endswith(b"\r\n")
            assert b"\n" not in content.replace(b"\r\n", b"")
            text = content.decode("utf-8-sig")
            assert not WHOLE_NUMBER.search(text), name
            for row in cells(content)[1:]:
                assert not any(
                    cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")) for cell in row
                )


def test_the_county_list_cut_by_town_is_the_town_lists(demo: Home) -> None:
    files = published(demo, NIGHT)
    county = records(files["risk_list_370402.csv"])
    towns = {n: records(c) for n, c in files.items() if re.fullmatch(r"risk_list_370402\d{3}\.csv", n)}
    assert county and sorted(r["预警编号"] for r in county) == sorted(r["预警编号"] for t in towns.values() for r in t)
    for name, rows in towns.items():
        of_no_town = "370402000"  # families that civil affairs does not know have no grid
        town = name.removeprefix("risk_list_").removesuffix(".csv")
        assert {row["网格编码"][:9] or of_no_town for row in rows} == {town}
    order = [(row["网格编码"][:12], row["网格编码"], -int(row["等级值"])) for row in county if row["网格编码"]]
    assert order == sorted(order)


def test_evidence_names_files_and_lines_that_exist(demo: Home) -> None:
    told = manifest(demo, NIGHT)
    archived = {d["file"]: demo.archive / d["sha256"] for d in told["inputs"]["deliveries"]}
    rows = records(published(demo, NIGHT)["evidence_370402.csv"])
    assert rows
    listed = {row["预警编号"] for row in records(published(demo, NIGHT)["risk_list_370402.csv"])}
    assert {row["预警编号"] for row in rows} == listed
    named = [row for row in rows if row["文件"]]
    assert len(named) > len(rows) / 2
    for row in named:
        path = archived[row["文件"]]
        if row["文件"].endswith(".csv"):
            lines = path.read_bytes().count(b"\n") + 1
            assert all(1 < int(line) <= lines for line in row["行号"].replace("…", "").split())


def test_the_numbers_in_a_reason_are_those_of_the_evidence(demo: Home) -> None:
    checked = 0
    for row in records(published(demo, NIGHT)["evidence_370402.csv"]):
        numbers = json.loads(row["计算数据（分）"])
        for name in ("oop_year", "income_year", "oop_quarter"):
            if row["规则"].startswith("MED-") and isinstance(numbers.get(name), int) and name in ("oop_year",):
                assert f"{numbers[name] / 100:.2f}" in row["原因"]
                checked += 1
    assert checked


def test_no_cell_of_one_to_four_is_shown(demo: Home) -> None:
    rows = records(published(demo, NIGHT)["statistics_370402.csv"])
    assert rows
    assert not {row["家庭数"] for row in rows} & {"1", "2", "3", "4"}


def test_an_empty_county_has_a_night_too(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    forget_inbox(home)
    run_night(home, NIGHT)
    assert current(home) == NIGHT.isoformat() and manifest(home, NIGHT)["files"] == []


@pytest.mark.slow
def test_the_night_of_the_command_line_is_the_night_of_the_job(county: Home, demo: Home, tmp_path: Path) -> None:
    home = copy_of(county, tmp_path / "home")
    run = cli("run", "--as-of", NIGHT, "--home", home.root)
    assert run.returncode == 0, run.stderr[-500:]
    assert "risk_list_370402.csv" in run.stdout and re.search(r" (\d+)/\1 outbox", run.stderr)
    assert differing(published(home, NIGHT), published(demo, NIGHT)) == []
