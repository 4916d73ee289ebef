"""What is published, held against the files that came in: every line named, every fault told, no hidden count told."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import shutil
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import product
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from disclosure import Cell, rooms
from homes import EVE, NIGHT, cells, copy_of, current, differing, manifest, published, records

from assets.home import Home, Refusal
from assets.intake import ledger
from assets.lists.publishing import publish
from assets.night import Night
from assets.passwords import is_locked, opened
from assets.rules.catalogue import rules
from expectations.contract import contracts
from expectations.listing import lists
from pipelines.running import run_night

AREA6 = "370402"


@pytest.fixture(scope="module")
def files(demo: Home) -> dict[str, bytes]:
    return published(demo, NIGHT)


def archived(home: Home, file: str) -> Path:
    """The immutable copy of a delivery."""
    return next(home.archive / r.sha256 for r in ledger.receipts(home, NIGHT) if r.file == file)


def text_of(home: Home, file: str) -> str:
    return archived(home, file).read_text(encoding="utf-8-sig")


# What the list cannot say -------------------------------------------------------------------------------------------


def test_the_head_of_the_list_says_what_is_held_and_why(evening: Home) -> None:
    """The evening before, nothing of December has come: a list of its own, the manifest, and a failed check say so."""
    held = [row for row in manifest(evening, EVE)["held"] if row["state"] == "held"]
    assert {(row["area"], row["gate"], row["since_month"]) for row in held} == {(AREA6, "delivery", "2025-12-01")}
    assert {"INC-BELOW", "MED-ABS"} <= {rule for row in held for rule in row["rules"]}
    rows = [row for row in records(published(evening, EVE)[f"held_list_{AREA6}.csv"]) if row["状态"] == "暂缓"]
    assert {row["规则"] for row in rows} == {rule for row in held for rule in row["rules"]}
    assert all(
        row["乡镇街道"] == "全县" and "2025-12 未收到该月数据" in row["原因"] and not row["放行人"] for row in rows
    )


# Files --------------------------------------------------------------------------------------------------------------


def test_every_list_comes_twice_cell_by_cell_the_same(demo: Home, files: dict[str, bytes]) -> None:
    told = {file["path"]: file for file in manifest(demo, NIGHT)["files"]}
    for path, file in told.items():
        assert file["format"] == path.rsplit(".", 1)[1]
        twin = told[path.replace(".csv", ".xlsx")]
        assert cells(files[path]) == cells(files[twin["path"]]), path
        assert {k: file[k] for k in ("kind", "area", "rows", "columns")} == {
            k: twin[k] for k in ("kind", "area", "rows", "columns")
        }
    assert {file.get("encoding") for file in told.values()} == {"utf-8-sig", None}
    assert {file.get("is_locked") for file in told.values()} == {False, None}


def test_a_grid_has_the_families_of_the_county_that_live_in_it(files: dict[str, bytes]) -> None:
    wanted = defaultdict(list)
    for row in records(files[f"risk_list_{AREA6}.csv"]):
        wanted[row["网格编码"]].append(row | {"序号": str(len(wanted[row["网格编码"]]) + 1)})
    found = {name: name[10:-4] for name in files if re.fullmatch(r"risk_list_\d{14}\.csv", name)}
    assert set(found.values()) == wanted.keys() - {""} and len(found) > 3
    for name, grid in found.items():
        assert records(files[name]) == wanted[grid], name


def published_anew(home: Home) -> dict[str, bytes]:
    """The lists of a night written once more, from the tables as they lie there."""
    with Night.of(home, NIGHT) as night:
        publish(night)
    return published(home, NIGHT)


def test_what_is_no_grid_code_names_no_file(demo: Home, files: dict[str, bytes], tmp_path: Path) -> None:
    home = copy_of(demo, tmp_path / "home")
    path = home.table("risk_list", NIGHT) / "part.parquet"
    table = pq.read_table(path)
    odd = [
        None,
        "",
        "../../escaped",
        AREA6,
        f"{AREA6}001",
        f"{AREA6}001001",
        "370402199001011230",
        "37040200100１",
        "a\nb",
    ]
    grids = pa.array([odd[i % len(odd)] for i in range(table.num_rows)], pa.string())
    pq.write_table(table.set_column(table.column_names.index("grid_code"), "grid_code", grids), path)
    anew = published_anew(home)
    assert anew.keys() == {name for name in files if not re.match(r"risk_list_\d{10}", name)}
    towns = {name for name in anew if re.fullmatch(r"risk_list_\d{9}\.csv", name)}
    assert sum(len(records(anew[name])) for name in towns) == table.num_rows


def test_a_county_may_have_its_csv_in_gb18030_and_its_workbooks_locked(
    demo: Home, files: dict[str, bytes], tmp_path: Path
) -> None:
    home = copy_of(demo, tmp_path / "home")
    (home.reference / "parameters.csv").write_text(
        "name,area_prefix,residence,value,unit,valid_from,valid_to,known_at,document\n"
        f"lists_gb18030,{AREA6},any,1,count,2026-01-01,,2026-01-01,\n"
        "lists_gb18030,370402003,any,0,count,2026-01-01,,2026-01-01,\n"
        f"lists_gb18030,{AREA6}004,any,0,count,2026-01-01,,{NIGHT + timedelta(days=1)},not known yet\n",
        encoding="utf-8",
    )
    password = home.root / "secrets" / "workbook.password"
    password.write_text("春分\n", encoding="utf-8")
    password.chmod(0o600)
    anew = published_anew(home)
    assert anew.keys() == files.keys()
    told = {file["path"]: file for file in manifest(home, NIGHT)["files"]}
    for name in files.keys() - {"manifest.json"}:
        if name.endswith(".xlsx"):
            path = home.outbox / NIGHT.isoformat() / name
            assert told[name]["is_locked"] and is_locked(path)
            assert cells(opened(path, ("春分",)).getvalue()) == cells(files[name]), name
        elif name.endswith(".html"):
            assert anew[name] == files[name], name
        else:
            area = told[name]["area"]
            encoding = "gb18030" if area.startswith(AREA6) and area[:9] != "370402003" else "utf-8-sig"
            assert told[name]["encoding"] == encoding, name
            assert anew[name].decode(encoding) == files[name].decode("utf-8-sig"), name
    assert {file["encoding"] for file in told.values() if "encoding" in file} == {"gb18030", "utf-8-sig"}


# Reasons ------------------------------------------------------------------------------------------------------------


def test_every_row_of_the_list_is_a_case_with_its_reason(files: dict[str, bytes]) -> None:
    rows = records(files[f"risk_list_{AREA6}.csv"])
    assert len({row["预警编号"] for row in rows}) == len(rows) >= 15
    assert [int(row["序号"]) for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        assert row["等级"] == {"3": "红", "2": "橙", "1": "黄"}[row["等级值"]]
        assert row["主要原因"] and set(row["规则"].split("、")) <= set(rules())
        assert row["首次预警日期"] == NIGHT.isoformat() and row["变化"] == "新增" and row["连续预警次数"] == "1"
        assert not any(row[c.header] for c in lists()["risk_list"].columns if c.is_blank)


def test_every_rule_of_a_row_has_its_evidence(files: dict[str, bytes]) -> None:
    told = defaultdict(set)
    for row in records(files[f"evidence_{AREA6}.csv"]):
        told[row["预警编号"]].add(row["规则"])
        assert json.loads(row["计算数据（分）"]) and row["原因"] and row["规则名称"]
    for row in records(files[f"risk_list_{AREA6}.csv"]):
        assert set(row["规则"].split("、")) <= told[row["预警编号"]]


def test_the_lines_that_a_reason_names_are_those_of_the_family(demo: Home, files: dict[str, bytes]) -> None:
    """Read from the archived file itself: each line named holds the number of a member of the family."""
    members = defaultdict(set)
    for row in csv.DictReader(io.StringIO(text_of(demo, f"civil_affairs_members_{AREA6}_202512_01.csv"))):
        members[row["家庭编号"]].add(row["身份证号"])
    looked_at: Counter[str] = Counter()
    for extract, month in product(("employment_contributions", "health_settlements"), ("202511", "202512")):
        name = f"{extract}_{AREA6}_{month}_01.csv"
        lines = text_of(demo, name).splitlines()
        for row in records(files[f"evidence_{AREA6}.csv"]):
            if row["文件"] == name and row["家庭编号"]:
                for line in row["行号"].removesuffix(" …").split():
                    assert lines[int(line) - 1].split(",")[0] in members[row["家庭编号"]], f"{name} line {line}"
                    looked_at[extract] += 1
    assert looked_at["employment_contributions"] > 5 and looked_at["health_settlements"] > 5


# What departments hear ------------------------------------------------------------------------------------------------


def heard(home: Home, files: dict[str, bytes]) -> list[dict[str, str]]:
    told = [f for f in manifest(home, NIGHT)["files"] if (f["kind"], f["format"]) == ("data_quality", "csv")]
    return [row | {"area": f["area"]} for f in told for row in records(files[f["path"]])]


def test_bodies_hear_of_their_own_files_alone_and_in_words(demo: Home, files: dict[str, bytes]) -> None:
    receipts = {r.file: r for r in ledger.receipts(demo, NIGHT)}
    rows = heard(demo, files)
    assert {row["文件"] for row in rows} >= {r.file for r in receipts.values() if r.code}
    bodies = defaultdict(set)
    for row in rows:
        receipt = receipts[row["文件"]]
        bodies[row["area"]].add(row["部门"])
        contract = contracts().get(receipt.extract)
        assert row["area"] == (f"{contract.folder}_{contract.body}" if contract else "unknown_未知")
        assert 0 <= int(row["行号"]) <= receipt.records + 2
        assert row["错误"] != row["错误代码"] and row["改正办法"], f"{row['错误代码']} has no words"
    assert all(len(names) == 1 for names in bodies.values())


def test_an_unknown_column_is_told_in_words_too(planted: Home) -> None:
    rows = heard(planted, published(planted, NIGHT))
    extra = [row for row in rows if row["处理"] == "noted"]
    assert extra and all(row["错误"] != row["错误代码"] and row["改正办法"] for row in extra)


def test_every_dirty_spot_is_told_to_its_body(demo: Home, files: dict[str, bytes]) -> None:
    """The truth table says where dirt was planted; each line of it that spoils a record is answered."""
    harmless = {"lower_case_x", "full_width_digits", "id_of_15_digits", "other_name", "corrected_delivery",
                "duplicate_delivery", "blank_line", "duplicate_row", "other_number", "late_delivery",
                "short_delivery"}  # fmt: skip
    told = {(row["文件"], row["行号"]) for row in heard(demo, files)}
    with (demo.root / "truth" / "dirt.csv").open(encoding="utf-8", newline="") as file:
        spoiled = [stain for stain in csv.DictReader(file) if stain["kind"] not in harmless]
    assert len(spoiled) > 8
    for stain in spoiled:
        assert (Path(stain["file"]).name, stain["line"] or "0") in told, stain["kind"]


# Small cells ------------------------------------------------------------------------------------------------------------


def shown(content: bytes) -> dict[Cell, int | None]:
    """The statistics by town, measure and item; None where the count is hidden."""
    return {
        (row["乡镇代码"], row["口径"], row["项目"]): int(row["家庭数"]) if row["家庭数"].isdecimal() else None
        for row in records(content)
    }


def true_counts(home: Home) -> Counter[Cell]:
    with Night.of(home, NIGHT) as night:
        night.open("cases")
        rows = night.connection.execute(
            "select left(area12, 9), level, dimensions from cases where state = 'handed_out'"
        ).fetchall()
    counts: Counter[Cell] = Counter()
    for town, level, dimensions in rows:
        for place in (AREA6, town):
            counts.update(
                [(place, "all", "all"), (place, "level", str(level)), *((place, "dimension", d) for d in dimensions)]
            )
    return counts


@pytest.fixture(params=["demo", "planted"])
def county_of(request: pytest.FixtureRequest) -> Home:
    home: Home = request.getfixturevalue(request.param)
    return home


def test_shown_counts_are_true_and_none_is_small(county_of: Home) -> None:
    true = true_counts(county_of)
    cells = shown(published(county_of, NIGHT)[f"statistics_{AREA6}.csv"])
    assert set(true) <= set(cells) and any(cells.values())
    assert not [cell for cell, count in cells.items() if count is not None and count != true[cell]]
    assert not [count for count in cells.values() if count is not None and 0 < count < 5]


def test_no_hidden_count_can_be_worked_out_from_those_shown(county_of: Home) -> None:
    cells = shown(published(county_of, NIGHT)[f"statistics_{AREA6}.csv"])
    small = [cell for cell, count in true_counts(county_of).items() if 0 < count < 5]
    assert small and not [room for room in rooms(AREA6, cells, small) if room < 0.99]


# Nights in another order ------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_rows_in_another_order_change_only_where_they_lay(made: Home, demo: Home) -> None:
    """Rows of the files that hold no dirt are shuffled; the lists may differ in line numbers alone."""
    with (made.root / "truth" / "dirt.csv").open(encoding="utf-8", newline="") as file:
        soiled = {row["file"].replace("_02.", "_01.") for row in csv.DictReader(file)}
    draw, shuffled = random.Random(5), 0
    for path in sorted(made.inbox.rglob("*_01.csv")):
        head, *rows = path.read_bytes().splitlines(keepends=True)
        if path.relative_to(made.inbox).as_posix() not in soiled and not head.startswith(b"\xff\xfe"):
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
def test_a_night_run_belatedly_changes_no_other_one(undisturbed: Home, tmp_path: Path) -> None:
    """Same day, same ledger, same bytes: also where somebody runs a night in between that had been left out."""
    home = copy_of(undisturbed, tmp_path / "home")
    left_out, last = NIGHT + timedelta(days=1), NIGHT + timedelta(days=2)
    run_night(home, last)
    before = published(home, last)
    run_night(home, left_out)
    assert current(home) == last.isoformat()
    run_night(home, last)
    assert not differing(published(home, last), before)


@pytest.mark.slow
def test_a_list_whose_cases_have_lost_their_past_is_not_written(undisturbed: Home, tmp_path: Path) -> None:
    """Without the cases of the night before every family would be new: say so, rather than publish that."""
    home = copy_of(undisturbed, tmp_path / "home")
    shutil.rmtree(home.root / "lake")
    (home.root / "lake").mkdir()
    with pytest.raises(Refusal, match=EVE.isoformat()):
        run_night(home, NIGHT)
    assert not differing(published(home, NIGHT), published(undisturbed, NIGHT))


def test_all_extracts_of_the_contracts_were_used(demo: Home) -> None:
    """Else the tests above would look at a part of the county."""
    assert {r.extract for r in ledger.receipts(demo, NIGHT) if r.state == "taken"} == set(contracts())
