"""A list as a workbook: every cell to the letter and none a formula, what is offered, what is locked, and the password."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xlsxwriter
from homes import cells
from inboxes import AREA6, ask, csv_text, drop, file_name, good_row, take_in
from inboxes import NIGHT as TONIGHT
from python_calamine import CalamineWorkbook
from xlsxwriter.utility import xl_range

from assets.home import Home, Refusal
from assets.intake import inbox
from assets.lists.cells import as_csv, safe_cell
from assets.lists.workbook import MOST_SIGNS, as_workbook
from assets.passwords import WrongPassword, is_locked, locked, opened
from expectations.contract import contracts
from expectations.listing import EXPLAINED, ListContract, lists

LIST = lists()["risk_list"]
FOLLOWUPS = contracts()["civil_affairs_followups"]
AS_OF = date(2026, 1, 21)
SHEET = "xl/worksheets/sheet1.xml"
MAIN = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}

ODD = (
    "=HYPERLINK(\"http://x\")", "+cmd|' /C calc'!A0", "@SUM(A1)", "-5.0%", "＝1+1", "\tx", "0012", "1E5", "37040200100101",
    "370402001001001", "990402********002X", "2026-01-22", "1/2", "TRUE", "#N/A", " 前后有空格 ", "两\n行", "𠮷㐂", "&amp;<b>]]>",
    "_x0041_", "<r>x</r>", "<r></r></is></c><c r=\"A9\"><f>1+1</f></c><c><is><r></r>", "'", '"', "，,;|",
    "".join(map(chr, range(1, 32))),
)  # fmt: skip


def rows_of(contract: ListContract, *texts: str) -> list[list[str]]:
    """A row a text, which stands in every column that staff do not fill in."""
    return [["" if c.is_blank else safe_cell(text) for c in contract.columns] for text in texts]


def workbook(tmp_path: Path, *texts: str, contract: ListContract = LIST) -> bytes:
    return as_workbook(contract, AREA6, AS_OF, rows_of(contract, *texts), tmp_path)


def part(content: bytes, name: str = SHEET) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return ElementTree.fromstring(packed.read(name))


def column_of(key: str) -> int:
    return [c.key for c in LIST.columns].index(key)


def reach(ranges: str) -> set[int]:
    """The columns that a range such as `AK2:AK4` reaches, counted from 0."""
    letters = re.findall(r"([A-Z]+)\d+", ranges)
    numbers = [sum((ord(sign) - 64) * 26**at for at, sign in enumerate(reversed(text))) - 1 for text in letters]
    return set(range(min(numbers), max(numbers) + 1))


# Cells ----------------------------------------------------------------------------------------------------------------


def test_every_cell_is_that_of_the_csv_to_the_letter(tmp_path: Path) -> None:
    rows = rows_of(LIST, *ODD)
    written = cells(as_workbook(LIST, AREA6, AS_OF, rows, tmp_path))
    assert written[0] == [c.header for c in LIST.columns]
    assert written == cells(as_csv([c.header for c in LIST.columns], rows))


@pytest.mark.parametrize("kind", lists())
def test_no_cell_is_a_formula_or_a_number(tmp_path: Path, kind: str) -> None:
    for sheet in ("sheet1", "sheet2"):
        root = part(workbook(tmp_path, *ODD, contract=lists()[kind]), f"xl/worksheets/{sheet}.xml")
        found = root.findall(".//x:c", MAIN)
        assert len(found) > len(lists()[kind].columns)
        assert not root.findall(".//x:f", MAIN)
        assert {cell.get("t") for cell in found if len(cell)} == {"inlineStr"}


def test_a_text_too_long_for_a_cell_says_that_it_was_cut(tmp_path: Path) -> None:
    for text in ("x" * 40_000, "𠮷" * 40_000):
        shown = cells(workbook(tmp_path, text))[1][0]
        assert shown == text[:MOST_SIGNS] + "…" and len(shown.encode("utf-16-le")) // 2 <= 32_767


def test_signs_that_no_workbook_may_hold_do_not_spoil_it(tmp_path: Path) -> None:
    assert len(cells(workbook(tmp_path, "\ufffe\uffff\x00"))) == 2


def test_an_empty_list_is_a_workbook_with_its_head(tmp_path: Path) -> None:
    assert cells(workbook(tmp_path)) == [[c.header for c in LIST.columns]]


def test_the_same_rows_give_the_same_bytes_on_any_day(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one, other = workbook(tmp_path, *ODD), workbook(tmp_path / "other", *ODD)
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 31, 0, 0, 0)}
        assert set(re.findall(rb"\d{4}-\d\d-\d\dT", packed.read("docProps/core.xml"))) == {b"2026-01-21T"}
    assert list(tmp_path.rglob("*")) == [tmp_path / "other"], "rows were left behind on the disk"


# Convenience ------------------------------------------------------------------------------------------------------------


def test_the_head_stays_and_filters(tmp_path: Path) -> None:
    root = part(workbook(tmp_path, "一", "二"))
    pane = root.find(".//x:pane", MAIN)
    assert pane is not None and (pane.get("ySplit"), pane.get("xSplit"), pane.get("state")) == ("1", "2", "frozen")
    found = root.find("x:autoFilter", MAIN)
    assert found is not None and found.get("ref") == xl_range(0, 0, 2, len(LIST.columns) - 1)


def test_only_the_blanks_can_be_changed(tmp_path: Path) -> None:
    content = workbook(tmp_path, "一", "二")
    protection = part(content).find("x:sheetProtection", MAIN)
    assert protection is not None
    may = {"autoFilter", "formatColumns", "formatRows", "sort"}
    assert {name for name, told in protection.items() if told == "0"} == may
    styles = part(content, "xl/styles.xml").findall("x:cellXfs/x:xf", MAIN)
    locked_style = [(p := style.find("x:protection", MAIN)) is None or p.get("locked") != "0" for style in styles]
    for cell in part(content).findall(".//x:c", MAIN):
        at = cell.get("r", "")
        is_blank = LIST.columns[min(reach(at))].is_blank and not re.fullmatch(r"[A-Z]+1", at)
        assert locked_style[int(cell.get("s", "0"))] != is_blank, at


@pytest.mark.parametrize("kind", lists())
def test_what_nobody_fills_in_is_not_locked(tmp_path: Path, kind: str) -> None:
    contract = lists()[kind]
    protection = part(workbook(tmp_path, "一", contract=contract)).find("x:sheetProtection", MAIN)
    assert (protection is not None) == any(c.is_blank for c in contract.columns)


def test_blanks_offer_and_refuse(tmp_path: Path) -> None:
    rules = part(workbook(tmp_path, "一", "二")).findall(".//x:dataValidation", MAIN)
    told = {min(reach(rule.get("sqref", ""))): rule for rule in rules}
    kinds = {
        "visit_date": "date",
        "outcome": "list",
        "verified_income": "decimal",
        "verified_oop": "decimal",
        "verified_size": "whole",
    }
    assert {column_of(key): kind for key, kind in kinds.items()} == {at: rule.get("type") for at, rule in told.items()}
    outcome = told[column_of("outcome")]
    assert outcome.get("sqref") == xl_range(1, column_of("outcome"), 2, column_of("outcome"))
    formula = outcome.findtext("x:formula1", "", MAIN)
    assert formula == '"' + ",".join(FOLLOWUPS.column("outcome").codes.values()) + '"' and len(formula) <= 257


def test_long_sentences_wrap_and_chinese_counts_double(tmp_path: Path) -> None:
    def width(text: str) -> float:
        columns = part(workbook(tmp_path, text)).findall("x:cols/x:col", MAIN)
        return next(
            float(c.get("width", "0"))
            for c in columns
            if int(c.get("min", "0")) <= column_of("main_reason") + 1 <= int(c.get("max", "0"))
        )

    assert width("收" * 14) == width("x" * 28) > width("x" * 14)
    assert width("收" * 500) == width("收" * 60) < 40
    rows = part(workbook(tmp_path, "短", "收" * 60)).findall("x:sheetData/x:row", MAIN)
    assert [row.get("ht") is None for row in rows[1:]] == [True, False]


def test_levels_have_colours(tmp_path: Path) -> None:
    styles: dict[str, set[str]] = {}
    content = as_workbook(LIST, AREA6, AS_OF, rows_of(LIST, "红", "橙", "黄", "红"), tmp_path)
    for cell in part(content).findall(".//x:c", MAIN):
        at = cell.get("r", "")
        if min(reach(at)) == column_of("level_name") and at[-1] in "2345":
            styles.setdefault("".join(cell.itertext()), set()).add(cell.get("s", ""))
    assert styles.keys() == {"红", "橙", "黄"} and len(set.union(*styles.values())) == 3


def test_it_prints_landscape_with_its_head(tmp_path: Path) -> None:
    content = workbook(tmp_path, "一")
    page = part(content).find("x:pageSetup", MAIN)
    assert page is not None and page.get("orientation") == "landscape" and page.get("fitToHeight") == "0"
    titles = part(content, "xl/workbook.xml").find(".//x:definedName[@name='_xlnm.Print_Titles']", MAIN)
    assert titles is not None and titles.text == f"{LIST.title}!$A:$B,{LIST.title}!$1:$1"


@pytest.mark.parametrize("kind", lists())
def test_a_sheet_says_what_every_column_means(tmp_path: Path, kind: str) -> None:
    contract = lists()[kind]
    book = CalamineWorkbook.from_object(io.BytesIO(workbook(tmp_path, contract=contract)))
    assert book.sheet_names == [contract.title, EXPLAINED]
    told = {str(row[0]): str(row[1]) for row in book.get_sheet_by_name(EXPLAINED).to_python()}
    assert [c.header for c in contract.columns if not told.get(c.header)] == []
    assert not contract.is_filled_in or contract.how_to


# The way back -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


def followups(tmp_path: Path) -> bytes:
    """A workbook as ours are: cells, and a sheet that explains them."""
    columns = tuple(c for c in LIST.columns if c.key == "case_id" or c.is_blank)
    contract = ListContract("followups", "核查", (), columns, "case_id")
    rows = [
        [good_row(FOLLOWUPS, i, outcome=label).get(c.key, "") for c in columns]
        for i, label in enumerate(FOLLOWUPS.column("outcome").codes.values(), start=1)
    ]
    return as_workbook(contract, AREA6, AS_OF, rows, tmp_path)


def test_intake_reads_every_choice_that_the_list_offers(home: Home, tmp_path: Path) -> None:
    drop(home, file_name(FOLLOWUPS, "20260131", suffix="xlsx"), followups(tmp_path))
    (receipt,) = take_in(home)
    assert (receipt.state, receipt.code, receipt.records) == ("taken", "", 18)
    rows = ask(home, "select outcome, visit_date from civil_affairs_followups order by outcome")
    assert [row["outcome"] for row in rows] == list(FOLLOWUPS.column("outcome").codes)
    assert {row["visit_date"] for row in rows} == {date(2026, 1, 5)}


def test_a_sheet_that_explains_is_no_data_but_may_be_the_only_one(home: Home) -> None:
    text = csv_text(FOLLOWUPS, [good_row(FOLLOWUPS)])
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet(EXPLAINED)
        for line, row in enumerate(text.splitlines()):
            for place, cell in enumerate(row.split(",")):
                sheet.write_string(line, place, cell)
    drop(home, file_name(FOLLOWUPS, "20260131", suffix="xlsx"), out.getvalue())
    (receipt,) = inbox.take_in(home, TONIGHT)
    assert (receipt.state, receipt.records) == ("taken", 1)


# The password -----------------------------------------------------------------------------------------------------------


def keep(home: Home, text: str, mode: int = 0o600) -> None:
    path = home.root / "secrets" / "workbook.password"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def test_a_locked_workbook_opens_with_its_password_alone(tmp_path: Path) -> None:
    plain = workbook(tmp_path, *ODD)
    path = tmp_path / "locked.xlsx"
    path.write_bytes(locked(plain, "春分 7!"))
    assert is_locked(path) and "预警编号".encode() not in path.read_bytes()
    assert opened(path, ("另一个", "春分 7!")).getvalue() == plain
    for wrong in ((), ("另一个",)):
        with pytest.raises(WrongPassword):
            opened(path, wrong)


@pytest.mark.parametrize(
    ("ours", "theirs", "state", "code"),
    [
        ("春分", "春分", "taken", ""),
        ("夏至\n春分", "春分", "taken", ""),
        ("夏至", "春分", "refused", "FILE-PASSWORD"),
        ("", "春分", "refused", "FILE-PASSWORD"),
        ("春分", "", "taken", ""),
    ],
)
def test_intake_opens_what_comes_back_locked(
    home: Home, tmp_path: Path, ours: str, theirs: str, state: str, code: str
) -> None:
    if ours:
        keep(home, ours + "\n")
    content = followups(tmp_path)
    drop(home, file_name(FOLLOWUPS, "20260131", suffix="xlsx"), locked(content, theirs) if theirs else content)
    (receipt,) = inbox.take_in(home, TONIGHT)
    assert (receipt.state, receipt.code, receipt.records) == (state, code, 18 if state == "taken" else 0)


def test_a_locked_workbook_that_is_cut_or_changed_is_damaged(home: Home, tmp_path: Path) -> None:
    keep(home, "春分")
    whole = locked(followups(tmp_path), "春分")
    at = len(whole) // 2
    for seq, content in enumerate((whole[:at], whole[:at] + bytes(64) + whole[at + 64 :], whole[:600]), start=1):
        drop(home, file_name(FOLLOWUPS, "20260131", seq, "xlsx"), content)
    assert {(r.state, r.code) for r in inbox.take_in(home, TONIGHT)} == {("refused", "FILE-DAMAGED")}


def test_a_password_that_others_can_read_or_that_is_none_is_refused(home: Home) -> None:
    assert home.workbook_passwords() == ()
    keep(home, "新的\n旧的\n")
    assert home.workbook_passwords() == ("新的", "旧的")
    for text, mode, says in (("春分", 0o640, "0600"), ("\n", 0o600, "empty")):
        keep(home, text, mode)
        with pytest.raises(Refusal, match=says):
            home.workbook_passwords()
