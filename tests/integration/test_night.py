"""One night, seen from outside: same inputs same bytes, what is published and what its manifest says of it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from homes import EVE, NIGHT, cells, copy_of, current, differing, forget_inbox, manifest, published, records
from scipy.optimize import linprog

from assets.home import Home
from assets.intake import ledger
from assets.night import Night
from assets.rules.catalogue import rules
from expectations.contract import contracts
from expectations.listing import lists
from pipelines.running import run_night

NEXT = NIGHT + timedelta(days=1)
AREA6 = "370402"


# The same bytes ---------------------------------------------------------------------------------------------------


def in_another_order(home: Home, seed: int) -> None:
    """The same files, come in another order: other inodes, other times, some of them minutes ago."""
    files = {path.relative_to(home.inbox): path.read_bytes() for path in home.inbox.rglob("*") if path.is_file()}
    forget_inbox(home)
    names = sorted(files)
    draw = random.Random(seed)
    draw.shuffle(names)
    for name in names:
        path = home.inbox / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(files[name])
        at = 1_700_000_000 + draw.randrange(50_000_000)
        os.utime(path, (at, at))


@pytest.mark.parametrize(
    ("threads", "buckets"),
    [(4, 4), pytest.param(1, 1, marks=pytest.mark.slow), pytest.param(2, 16, marks=pytest.mark.slow)],
)
def test_the_same_inputs_give_the_same_bytes(
    made: Home, demo: Home, monkeypatch: pytest.MonkeyPatch, threads: int, buckets: int
) -> None:
    monkeypatch.setenv("LOWINCOME_THREADS", str(threads))
    monkeypatch.setenv("LOWINCOME_BUCKETS", str(buckets))
    in_another_order(made, seed=threads)
    run_night(made, NIGHT)
    assert len(list((made.table("hits", NIGHT)).glob("bucket=*"))) == buckets
    assert not differing(published(made, NIGHT), published(demo, NIGHT))


@pytest.mark.slow
def test_rows_in_another_order_change_only_where_they_lay(made: Home, demo: Home) -> None:
    """Rows of the files that hold no dirt are shuffled; a list may differ in line numbers and hashes alone."""
    with (made.root / "truth" / "dirt.csv").open(encoding="utf-8", newline="") as file:
        soiled = {row["file"] for row in csv.DictReader(file)}
    draw, shuffled = random.Random(5), 0
    for path in sorted(made.inbox.rglob("*.csv")):
        if str(path.relative_to(made.inbox)) in soiled or "_01." not in path.name:
            continue
        head, *rows = path.read_bytes().splitlines(keepends=True)
        if not head.startswith(b"\xff\xfe"):
            draw.shuffle(rows)
            path.write_bytes(head + b"".join(rows))
            shuffled += 1
    assert shuffled > 50
    run_night(made, NIGHT)
    one, other = published(made, NIGHT), published(demo, NIGHT)
    assert one.keys() == other.keys()
    same = [name for name in one if name.startswith(("risk_list", "statistics"))]
    assert not differing({name: one[name] for name in same}, {name: other[name] for name in same})
    lines = next(c.header for c in lists()["evidence"].columns if c.key == "lines")
    for name in (name for name in one if name.startswith("evidence")):
        assert [row | {lines: ""} for row in records(one[name])] == [row | {lines: ""} for row in records(other[name])]


@pytest.mark.slow
def test_a_repeated_and_an_older_night_change_nothing(undisturbed: Home, tmp_path: Path) -> None:
    """Nor does a file that lies in the inbox by then. What they leave: the same bytes, and the same current night."""
    home = copy_of(undisturbed, tmp_path / "home")
    before = {night: published(home, night) for night in (EVE, NIGHT)}
    late = home.inbox / "employment" / f"employment_pensions_{AREA6}_202601_01.csv"
    late.parent.mkdir(exist_ok=True)
    shutil.copyfile(archived(home, f"employment_pensions_{AREA6}_202512_01.csv"), late)
    for night in (NIGHT, EVE, EVE - timedelta(days=3), NIGHT):
        run_night(home, night)
        assert current(home) == NIGHT.isoformat()
        for kept, files in before.items():
            assert not differing(published(home, kept), files), f"{kept} after {night} was run again"
    assert late.exists()
    assert not manifest(home, EVE - timedelta(days=3))["inputs"]["deliveries"]


def archived(home: Home, file: str) -> Path:
    """The immutable copy of a delivery."""
    receipts = [json.loads(path.read_bytes()) for path in home.ledger.glob("*.json")]
    return next(home.archive / r["sha256"] for r in receipts if r["file"] == file)


@pytest.mark.slow
def test_a_file_that_comes_after_the_night_counts_for_the_next_one(demo: Home, tmp_path: Path) -> None:
    home = copy_of(demo, tmp_path / "home")
    name = f"employment_pensions_{AREA6}_202601_01.csv"
    (home.inbox / "employment").mkdir(exist_ok=True)
    shutil.copyfile(archived(home, f"employment_pensions_{AREA6}_202512_01.csv"), home.inbox / "employment" / name)
    run_night(home, NIGHT)
    assert (home.inbox / "employment" / name).exists()
    assert not differing(published(home, NIGHT), published(demo, NIGHT))
    run_night(home, NEXT)
    assert not (home.inbox / "employment" / name).exists()
    assert current(home) == NEXT.isoformat()
    received = {d["file"]: d["received_on"] for d in manifest(home, NEXT)["inputs"]["deliveries"]}
    assert received[name] == NEXT.isoformat()
    assert set(received.values()) == {NIGHT.isoformat(), NEXT.isoformat()}


@pytest.mark.slow
def test_nights_are_rebuilt_from_archive_and_ledger(undisturbed: Home, tmp_path: Path) -> None:
    """Everything that was worked out is gone; one night after the other gives the very bytes again."""
    home = copy_of(undisturbed, tmp_path / "home")
    for folder in ("lake", "staging", "rejects"):
        shutil.rmtree(home.root / folder)
        (home.root / folder).mkdir()
    for night in (EVE, NIGHT):
        run_night(home, night)
        assert not differing(published(home, night), published(undisturbed, night)), night
    assert current(home) == NIGHT.isoformat()


@pytest.mark.slow
def test_the_last_night_alone_is_rebuilt_too(undisturbed: Home, tmp_path: Path) -> None:
    """Whoever wants the last list back need not know that its cases lean on the night before."""
    home = copy_of(undisturbed, tmp_path / "home")
    shutil.rmtree(home.root / "lake")
    (home.root / "lake").mkdir()
    run_night(home, NIGHT)
    assert not differing(published(home, NIGHT), published(undisturbed, NIGHT))


# What is published ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(demo: Home) -> dict[str, bytes]:
    return published(demo, NIGHT)


def test_the_manifest_is_right_to_the_letter(demo: Home, files: dict[str, bytes]) -> None:
    told = manifest(demo, NIGHT)
    assert told["as_of"] == NIGHT.isoformat()
    assert {f["path"] for f in told["files"]} == files.keys() - {"manifest.json"}
    assert {f["kind"] for f in told["files"]} == set(lists())
    for file in told["files"]:
        content, contract = files[file["path"]], lists()[file["kind"]]
        header, *rows = cells(content)
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["rows"] == len(rows)
        assert file["columns"] == [c.key for c in contract.columns]
        assert header == [c.header for c in contract.columns]
        assert file["title"] == contract.title
        assert file["path"] == f"{file['kind']}_{file['area']}.csv"
    deliveries = told["inputs"]["deliveries"]
    assert [d["delivery_no"] for d in deliveries] == list(range(1, len(deliveries) + 1))
    assert {d["sha256"] for d in deliveries} == {path.name for path in demo.archive.iterdir()}
    assert {r.file for r in ledger.receipts(demo, NIGHT)} == {d["file"] for d in deliveries}


def test_every_file_is_what_spreadsheets_of_the_field_expect(files: dict[str, bytes]) -> None:
    """UTF-8 with a mark, CRLF, every row as wide as its header, nothing that runs."""
    for name, content in files.items():
        if name.endswith(".csv"):
            assert content.startswith(b"\xef\xbb\xbf") and content.count(b"\xef\xbb\xbf") == 1, name
            assert content.endswith(b"\r\n") and content.count(b"\n") == content.count(b"\r\n"), name
            rows = cells(content)
            assert {len(row) for row in rows} == {len(rows[0])}, name
            assert not {cell[0] for row in rows for cell in row if cell} & set("=+-@\t\r＝＋－＠"), name


def test_town_lists_are_the_county_list_cut_into_pieces(demo: Home, files: dict[str, bytes]) -> None:
    told = [f for f in manifest(demo, NIGHT)["files"] if f["kind"] == "risk_list"]
    county = [f for f in told if len(f["area"]) == 6]
    towns = [f for f in told if len(f["area"]) == 9]
    assert len(county) + len(towns) == len(told) and len(county) == 1 and len(towns) > 2
    whole = records(files[county[0]["path"]])
    pieces = [row for town in towns for row in records(files[town["path"]])]
    assert sorted(pieces, key=lambda row: int(row["序号"])) == whole
    for town in towns:
        rows = records(files[town["path"]])
        assert rows and {row["村社区"][:9] for row in rows} <= {town["area"]} | {row["村社区"][:9] for row in rows}
        assert len({row["乡镇街道"] for row in rows}) == 1
        assert [int(row["序号"]) for row in rows] == sorted(int(row["序号"]) for row in rows)


def test_every_row_of_the_list_is_a_case_with_its_reason(files: dict[str, bytes]) -> None:
    rows = records(files[f"risk_list_{AREA6}.csv"])
    assert len({row["预警编号"] for row in rows}) == len(rows) >= 20
    assert [int(row["序号"]) for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        assert row["等级"] == {"3": "红", "2": "橙", "1": "黄"}[row["等级值"]]
        assert row["主要原因"] and set(row["规则"].split("、")) <= set(rules())
        assert row["首次预警日期"] == NIGHT.isoformat() and row["变化"] == "new" and row["连续预警次数"] == "1"
        assert not any(row[c.header] for c in lists()["risk_list"].columns if c.is_blank)


def test_evidence_names_files_and_lines_that_are_there(demo: Home, files: dict[str, bytes]) -> None:
    """Every line that a reason leans on exists in the very file that was delivered, and belongs to a listed family."""
    rows = records(files[f"evidence_{AREA6}.csv"])
    listed = {row["预警编号"]: row for row in records(files[f"risk_list_{AREA6}.csv"])}
    assert {row["预警编号"] for row in rows} == listed.keys()
    rules_told = defaultdict(set)
    for row in rows:
        rules_told[row["预警编号"]].add(row["规则"])
        assert json.loads(row["计算数据（分）"])
    for case, row in listed.items():
        assert set(row["规则"].split("、")) <= rules_told[case]
    receipts = {r.file: r for r in ledger.receipts(demo, NIGHT)}
    looked_at = 0
    for row in rows:
        if row["文件"]:
            receipt = receipts[row["文件"]]
            assert receipt.extract == row["数据集"] and receipt.received_on == row["收到日期"]
            for line in row["行号"].removesuffix(" …").split():
                assert 2 <= int(line) <= receipt.records + 2, f"{row['文件']} has no line {line}"
                looked_at += 1
    assert looked_at > 100


def test_evidence_lines_are_lines_of_the_family(demo: Home, files: dict[str, bytes]) -> None:
    """Read from the archived file itself: the line holds the number of one of the family's members."""
    members = defaultdict(set)
    for row in csv.DictReader(io.StringIO(text_of(demo, f"civil_affairs_members_{AREA6}_202512_01.csv"))):
        members[row["家庭编号"]].add(row["身份证号"])
    name = f"employment_contributions_{AREA6}_202512_01.csv"
    lines = text_of(demo, name).splitlines()
    looked_at = 0
    for row in records(files[f"evidence_{AREA6}.csv"]):
        if row["文件"] == name and row["家庭编号"]:
            for line in row["行号"].removesuffix(" …").split():
                assert lines[int(line) - 1].split(",")[0] in members[row["家庭编号"]], (
                    f"line {line} is of another family"
                )
                looked_at += 1
    assert looked_at > 5


def text_of(home: Home, file: str) -> str:
    return archived(home, file).read_text(encoding="utf-8-sig")


def test_bodies_hear_of_their_own_files_alone(demo: Home, files: dict[str, bytes]) -> None:
    receipts = {r.file: r for r in ledger.receipts(demo, NIGHT)}
    told = [f for f in manifest(demo, NIGHT)["files"] if f["kind"] == "data_quality"]
    heard = Counter(row["文件"] for f in told for row in records(files[f["path"]]))
    assert heard.keys() >= {r.file for r in receipts.values() if r.code}
    for file in told:
        rows = records(files[file["path"]])
        assert len({row["部门"] for row in rows}) == 1
        for row in rows:
            receipt = receipts[row["文件"]]
            assert receipt.folder in file["area"]
            assert 0 <= int(row["行号"]) <= receipt.records + 2
            assert row["错误"] and row["错误"] != row["错误代码"], f"{row['错误代码']} has no words"
    assert sum(r.records for r in receipts.values()) > 10_000


def test_every_dirty_spot_is_told_to_its_body(demo: Home, files: dict[str, bytes]) -> None:
    """The truth table says where dirt was planted; each line of it that spoils a record is answered."""
    harmless = {"lower_case_x", "full_width_digits", "id_of_15_digits", "other_name", "corrected_delivery",
                "duplicate_delivery", "blank_line", "duplicate_row"}  # fmt: skip
    told = {
        (row["文件"], row["行号"])
        for f in manifest(demo, NIGHT)["files"]
        if f["kind"] == "data_quality"
        for row in records(files[f["path"]])
    }
    with (demo.root / "truth" / "dirt.csv").open(encoding="utf-8", newline="") as file:
        for stain in csv.DictReader(file):
            if stain["kind"] not in harmless:
                assert (Path(stain["file"]).name, stain["line"] or "0") in told, stain["kind"]


# Small cells -------------------------------------------------------------------------------------------------------


def shown(content: bytes) -> Iterator[tuple[str, str, str, int | None]]:
    for row in records(content):
        yield row["乡镇代码"], row["口径"], row["项目"], int(row["家庭数"]) if row["家庭数"] else None


def test_no_count_of_one_to_four_is_shown(files: dict[str, bytes]) -> None:
    counts = list(shown(files[f"statistics_{AREA6}.csv"]))
    assert len(counts) > 10
    assert not [count for *_, count in counts if count is not None and count < 5]


def test_shown_counts_are_those_of_the_list(demo: Home, files: dict[str, bytes]) -> None:
    with Night.of(demo, NIGHT) as night:
        night.open("cases")
        rows = night.connection.execute("select left(area12, 9), level, dimensions from cases").fetchall()
    true: Counter[tuple[str, str, str]] = Counter()
    for town, level, dimensions in rows:
        true.update([(town, "all", "all"), (town, "level", str(level)), *((town, "dimension", d) for d in dimensions)])
    given = {(town, measure, item): count for town, measure, item, count in shown(files[f"statistics_{AREA6}.csv"])}
    assert given.keys() == true.keys()
    assert not [key for key, count in given.items() if count is not None and count != true[key]]


def test_no_hidden_count_can_be_worked_out_from_those_shown(demo: Home, files: dict[str, bytes]) -> None:
    """Levels of a town add up to its whole, towns to the county, which the county's own list tells.

    Every hidden cell must still have room: its least and its greatest possible value differ (linear programming).
    """
    counts = [row for row in shown(files[f"statistics_{AREA6}.csv"]) if row[1] in ("all", "level")]
    place = {(town, item): i for i, (town, _, item, _) in enumerate(counts)}
    columns = Counter(row["等级值"] for row in records(files[f"risk_list_{AREA6}.csv"]))
    columns["all"] = sum(columns.values())
    sums: list[tuple[dict[int, int], int]] = []
    for town in {town for town, _ in place}:
        levels = {place[town, item]: 1 for item in "123" if (town, item) in place}
        sums.append((levels | {place[town, "all"]: -1}, 0))
    for item, total in columns.items():
        sums.append(({i: 1 for (_, other), i in place.items() if other == item}, total))
    equations = np.zeros((len(sums), len(place)))
    for line, (terms, _) in enumerate(sums):
        for i, sign in terms.items():
            equations[line, i] = sign
    bounds = [(1, None) if count is None else (count, count) for *_, count in counts]
    for (town, item), i in place.items():
        if counts[i][3] is None:
            goal = np.eye(len(place))[i]
            low, high = (
                linprog(sign * goal, A_eq=equations, b_eq=[total for _, total in sums], bounds=bounds).fun * sign
                for sign in (1, -1)
            )
            assert high - low > 0.5, f"the hidden count of {item} in {town} can only be one number"


def test_all_extracts_of_the_contracts_were_used(demo: Home) -> None:
    """Else the tests above would look at a part of the county."""
    assert {r.extract for r in ledger.receipts(demo, NIGHT) if r.state == "taken"} == set(contracts())
