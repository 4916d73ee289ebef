"""What we publish, opened in a real spreadsheet: Chinese whole, no number mangled, no formula run, and filled in."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from canaries import RUNNABLE_HOUSEHOLDS
from homes import NIGHT, cells, records
from inboxes import ask, drop, take_in
from soffice import AS_IT_COMES, AS_WORKBOOK, PROGRAM, Office, as_csv, read_as_text
from xlsxwriter.utility import xl_rowcol_to_cell

from assets.home import Home
from assets.lists.cells import as_csv as list_as_csv
from assets.lists.workbook import as_workbook
from assets.passwords import locked
from expectations.contract import contracts
from expectations.listing import lists

pytestmark = [pytest.mark.office, pytest.mark.xdist_group("office")]

LIST = lists()["risk_list"]
OUTCOMES = contracts()["civil_affairs_followups"].column("outcome").codes
COUNTY_LIST = "risk_list_370402"
FORMULAS = ('=HYPERLINK("http://x","点我")', "+cmd|' /C calc'!A0", "@SUM(1+1)", "-2+3", "＝1+1")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    if not PROGRAM:
        pytest.skip("no LibreOffice on this machine")
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def outbox(planted: Home) -> Path:
    return planted.outbox / NIGHT.isoformat()


def published(outbox: Path, suffix: str) -> dict[str, Path]:
    return {path.stem: path for path in sorted(outbox.glob(f"*.{suffix}"))}


def differing(one: Sequence[Sequence[str]], other: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Where two tables differ, never what stands there."""
    if [len(row) for row in one] != [len(row) for row in other]:
        return [(len(one), len(other))]
    return [(y, x) for y, row in enumerate(one) for x, cell in enumerate(row) if cell != other[y][x]]


def sheet(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.read("xl/worksheets/sheet1.xml").decode()


def formulas(content: bytes) -> list[str]:
    """Formulas of the cells; what a choice or a filter refers to is none."""
    return re.findall(r"<f[ >/]", sheet(content))


# Opened -----------------------------------------------------------------------------------------------------------------


def test_every_workbook_opens_as_it_was_written(office: Office, outbox: Path) -> None:
    """And by it the CSV, which holds the same cells."""
    found = office.converted([*published(outbox, "xlsx").values()], as_csv())
    written = {name: cells(path.read_bytes()) for name, path in published(outbox, "csv").items()}
    assert found.keys() == written.keys() and len(found) > 20
    assert {name: bad for name in found if (bad := differing(cells(found[name]), written[name]))} == {}
    household = {row["家庭编号"] for row in records(found[COUNTY_LIST])}
    assert {f"'{number}" for number in RUNNABLE_HOUSEHOLDS} <= household


def test_every_csv_opens_as_it_was_written(office: Office, outbox: Path) -> None:
    files = published(outbox, "csv")
    found = office.converted([*files.values()], AS_WORKBOOK, read_as_text(columns=len(LIST.columns)))
    assert found.keys() == files.keys()
    assert {n: bad for n, path in files.items() if (bad := differing(cells(found[n]), cells(path.read_bytes())))} == {}


def test_a_double_click_on_a_csv_spoils_no_key_and_runs_nothing(office: Office, outbox: Path) -> None:
    """Every column is guessed at: what looks like a number becomes one, and must still be the same."""
    files = published(outbox, "csv")
    found = office.converted([*files.values()], AS_WORKBOOK, AS_IT_COMES)
    assert [name for name, content in found.items() if formulas(content)] == []
    rows, written = records(found[COUNTY_LIST]), records(files[COUNTY_LIST].read_bytes())
    keys = ("预警编号", "家庭编号", "网格编码", "户主身份证号", "联系电话", "主要原因", "村社区")
    for row, as_written in zip(rows, written, strict=True):
        for key in keys:
            cell = row[key]
            assert (f"{cell:.0f}" if isinstance(cell, float) else cell) == as_written[key], key


def odd_lists(folder: Path) -> tuple[Path, Path, list[list[str]]]:
    """A list of cells that spreadsheets like to spoil, in both formats; the reasons hold what would run."""
    odd = (
        "0012",
        "000000",
        "1E5",
        "37040200100101",
        "370402001001001",
        "370402********0010",
        "2026-01-22",
        "1/2",
        "TRUE",
        "𠮷㐂",
    )
    rows = [
        ["" if c.is_blank else odd[(y + x) % len(odd)] for x, c in enumerate(LIST.columns)] for y in range(len(odd))
    ]
    for row, formula in zip(rows, FORMULAS, strict=False):
        row[2] = row[7] = f"'{formula}"
    header = [c.header for c in LIST.columns]
    (folder / "odd.csv").write_bytes(list_as_csv(header, rows))
    (folder / "odd.xlsx").write_bytes(as_workbook(LIST, "370402", NIGHT, rows, folder))
    return folder / "odd.csv", folder / "odd.xlsx", [header, *rows]


def test_no_number_is_mangled_and_no_formula_run(office: Office, tmp_path: Path) -> None:
    plain, workbook, written = odd_lists(tmp_path)
    shown = office.converted([workbook], as_csv())["odd"]
    assert differing(cells(shown), written) == []
    as_text = office.converted([plain], AS_WORKBOOK, read_as_text(len(LIST.columns)))["odd"]
    assert differing(cells(as_text), written) == []
    guessed = office.converted([plain], AS_WORKBOOK, AS_IT_COMES)["odd"]
    for content in (as_text, guessed, office.converted([workbook], AS_WORKBOOK)["odd"]):
        assert not formulas(content)


def test_a_gb18030_list_opens_whole(office: Office, tmp_path: Path) -> None:
    rows = [["收入骤减", "𠮷㐂", "0012"]]
    (tmp_path / "gb.csv").write_bytes(list_as_csv(["一", "二", "三"], rows, "gb18030"))
    found = office.converted([tmp_path / "gb.csv"], AS_WORKBOOK, read_as_text(3).replace(",76,", ",85,"))
    assert cells(found["gb"]) == [["一", "二", "三"], *rows]


def test_saved_again_it_keeps_its_choices_filters_and_locks(office: Office, outbox: Path) -> None:
    saved = office.converted([outbox / f"{COUNTY_LIST}.xlsx"], AS_WORKBOOK)[COUNTY_LIST]
    assert differing(cells(saved), cells((outbox / f"{COUNTY_LIST}.csv").read_bytes())) == []
    text = sheet(saved)
    assert f"<formula1>&quot;{','.join(OUTCOMES.values())}&quot;</formula1>" in text
    assert {kind for rule in re.findall(r"<dataValidation [^>]*>", text) for kind in re.findall(r' type="(\w+)"', rule)} == {
        "date", "list", "decimal", "whole"
    }  # fmt: skip
    assert '<sheetProtection sheet="true"' in text and "<autoFilter " in text and not formulas(saved)


# Filled in --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def filled(office: Office, outbox: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A grid's list behind a password, filled in by hand to the last row and saved in every manner."""
    grids = [path for name, path in published(outbox, "xlsx").items() if re.fullmatch(r"risk_list_\d{14}", name)]
    path = next(path for path in grids if 2 <= len(cells(path.read_bytes())) - 1 <= len(FORMULAS))
    at = {column.key: place for place, column in enumerate(LIST.columns)}
    typed = {xl_rowcol_to_cell(1, at["case_id"]): "改了"}
    for line in range(1, len(cells(path.read_bytes()))):
        answers = {
            "visit_date": "2026-01-22", "visitor": "网格员", "outcome": list(OUTCOMES.values())[line - 1],
            "verified_income": "1200.5", "verified_oop": "0", "verified_size": "3", "note": FORMULAS[line - 1],
        }  # fmt: skip
        typed |= {xl_rowcol_to_cell(line, at[key]): words for key, words in answers.items()}
    sealed = tmp_path_factory.mktemp("sealed") / "list.xlsx"
    sealed.write_bytes(locked(path.read_bytes(), "春分"))
    return {"as published": path.read_bytes()} | office.filled_in(sealed, typed, "春分", "夏至")


def test_only_the_blanks_could_be_filled_in(filled: dict[str, bytes]) -> None:
    before, after = records(filled["as published"]), records(filled["xlsx"])
    blanks = {c.header for c in LIST.columns if c.is_blank}
    assert after and len(before) == len(after)
    for row, was in zip(after, before, strict=True):
        assert {k: v for k, v in row.items() if k not in blanks} == {k: v for k, v in was.items() if k not in blanks}
    assert [row["备注"] for row in after] == list(FORMULAS[: len(after)]), "what looks like a formula is a text"
    assert not formulas(filled["xlsx"])


@pytest.mark.parametrize(("way", "suffix"), [("xlsx", "xlsx"), ("csv", "csv"), ("gb18030", "csv"), ("locked", "xlsx")])
def test_what_libreoffice_has_saved_is_taken_in(
    filled: dict[str, bytes], tmp_path: Path, way: str, suffix: str
) -> None:
    home = Home.at(tmp_path / "home")
    key = home.root / "secrets" / "workbook.password"
    key.write_text("夏至\n", encoding="utf-8")
    key.chmod(0o600)
    drop(home, f"civil_affairs_followups_370402_20260131_01.{suffix}", filled[way])
    (receipt,) = take_in(home)
    assert (receipt.state, receipt.code) == ("taken", "")
    rows = ask(home, "from civil_affairs_followups")
    wanted = records(filled["as published"])
    assert {row["case_id"]: row["outcome"] for row in rows} == {
        row["预警编号"]: code for row, code in zip(wanted, OUTCOMES, strict=False)
    }
    for row in rows:
        assert (row["visit_date"], row["visitor"]) == (date(2026, 1, 22), "网格员")
        assert (row["verified_income"], row["verified_oop"], row["verified_size"]) == (120_050, 0, 3)


def test_a_csv_that_libreoffice_wrote_is_a_csv(filled: dict[str, bytes]) -> None:
    """Else the test above would say nothing of re-encoded files."""
    text = filled["gb18030"].decode("gb18030")
    assert next(csv.reader(io.StringIO(text))) == [c.header for c in LIST.columns]
    with pytest.raises(UnicodeDecodeError):
        filled["gb18030"].decode()
