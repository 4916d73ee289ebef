"""The filled-in list on its way back through the inbox: whatever a spreadsheet did to it, every row is accounted for."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inboxes import NIGHT, Row, ask, csv_text, drop, file_name, take_in

from assets.engine import kept_engine
from assets.home import Home
from expectations.case_ids import case_id
from expectations.contract import contracts
from expectations.lists.risk_list import risk_list

FOLLOWUPS = contracts()["civil_affairs_followups"]
HEADERS = {shown.key: shown.header for shown in risk_list.columns}
LIST_NAME = "risk_list_990402001"
OUTCOMES = ("accepted", "rejected", "superseded", "duplicate", "blank", "held", "refused")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home.at(tmp_path / "home")
    with kept_engine(home):
        yield home


def listed(i: int, **answer: str) -> dict[str, str]:
    """The i-th row of a published list by header, as it was handed out, with what a visit filled in."""
    row = {shown.key: "" if shown.is_blank else f"{shown.header}{i}" for shown in risk_list.columns}
    return {HEADERS[key]: cell for key, cell in (row | {"case_id": case_id(i)} | answer).items()}


VISIT = {"visit_date": "2026-02-09", "visitor": "某某", "outcome": "05"}


def as_text(rows: Iterable[Row], headers: Iterable[str] = HEADERS.values(), **style: Any) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(headers), **({"lineterminator": "\r\n"} | style))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def as_workbook(rows: list[dict[str, Any]], headers: Iterable[str] = HEADERS.values()) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet, day = book.add_worksheet("风险清单"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.set_column(0, 41, 60)
        sheet.write_row(0, 0, list(headers))
        for line, row in enumerate(rows, start=1):
            for place, header in enumerate(headers):
                cell = row[header]
                sheet.write_datetime(line, place, cell, day) if isinstance(cell, datetime) else sheet.write(
                    line, place, cell
                )
    return out.getvalue()


def answers(home: Home, night: date = NIGHT) -> list[tuple[str, str, str]]:
    found = ask(
        home, "select case_id, visit_date::varchar as day, outcome from civil_affairs_followups order by all", night
    )
    return [(row["case_id"], row["day"], row["outcome"]) for row in found]


def account(home: Home) -> dict[str, int]:
    """The account of the one delivery, held to its promise: in = the sum of what became of it."""
    row = ask(home, "from deliveries")[-1]
    assert row["records"] == sum(row[name] for name in OUTCOMES)
    return {name: row[name] for name in OUTCOMES if row[name]}


# The file ------------------------------------------------------------------------------------------------------------

ROWS = [listed(1, **VISIT), listed(2, **VISIT | {"outcome": "01", "verified_income": "1,200.50"}), listed(3)]
WIDE = ["列宽列", *reversed(HEADERS.values())]
MANNERS: dict[str, Callable[[], bytes]] = {
    "as published": lambda: as_text(ROWS).encode("utf-8-sig"),
    "UTF-8 without a mark": lambda: as_text(ROWS).encode(),
    "GB18030": lambda: as_text(ROWS).encode("gb18030"),
    "UTF-16 with tabs": lambda: as_text(ROWS, delimiter="\t").encode("utf-16"),
    "bars": lambda: as_text(ROWS, delimiter="|").encode("gb18030"),
    "every cell quoted": lambda: as_text(ROWS, quoting=csv.QUOTE_ALL).encode(),
    "rows and columns in another order": lambda: as_text(ROWS[::-1], list(HEADERS.values())[::-1]).encode(),
    "a column of theirs": lambda: as_text([r | {"排序": "1"} for r in ROWS], [*HEADERS.values(), "排序"]).encode(),
    "the needed columns alone": lambda: as_text(
        [{h: r[h] for h in ("预警编号", "核查日期", "核查结果")} for r in ROWS], ["预警编号", "核查日期", "核查结果"]
    ).encode(),
    "a workbook": lambda: as_workbook(ROWS),
}


@pytest.mark.parametrize("manner", MANNERS)
def test_a_list_is_read_however_it_was_saved(home: Home, manner: str) -> None:
    suffix = "xlsx" if manner == "a workbook" else "csv"
    drop(home, f"{LIST_NAME}.{suffix}", MANNERS[manner](), "civil_affairs")
    receipt = take_in(home)[0]
    assert (receipt.state, receipt.extract, receipt.area6) == ("taken", FOLLOWUPS.extract, "990402")
    assert (receipt.period, receipt.period_to) == ("20260210", "2026-02-10")
    assert receipt.detail == "风险清单填回，按核查反馈收下，期为收到之日"
    assert receipt.extra_columns == (("排序",) if manner == "a column of theirs" else ())
    assert account(home) == {"accepted": 2, "blank": 1}
    assert answers(home) == [(case_id(1), "2026-02-09", "05"), (case_id(2), "2026-02-09", "01")]


@pytest.mark.parametrize("name", [
    "risk_list_990402.csv", "risk_list_99040200101.csv", "risk_list_990402001(1).csv", "risk_list_990402001 (2).csv",
    "risk_list_990402001_已填.csv", "风险清单 risk_list_990402001 - 副本.csv", "RISK_LIST_990402001.CSV",
    "risk_list_990402001.csv.csv", " risk_list_990402001 .csv", "risk_list_990402001.txt", "20260209_risk_list_990402001.csv",
])  # fmt: skip
def test_a_list_keeps_its_own_name_and_what_was_put_around_it(home: Home, name: str) -> None:
    drop(home, name, as_text(ROWS), "civil_affairs")
    assert [(r.state, r.extract, r.area6, r.suffix) for r in take_in(home)] == [
        ("taken", FOLLOWUPS.extract, "990402", "csv")
    ]


@pytest.mark.parametrize("name", [
    "risk_list.csv", "risk_list_9904.csv", "evidence_990402.csv", "my_risk_list_990402.csv.bak", "risk_list_990402001.pdf",
    "xrisk_list_990402001.csv", "statistics_990402.csv",
])  # fmt: skip
def test_other_files_are_no_list(home: Home, name: str) -> None:
    drop(home, name, as_text(ROWS), "civil_affairs")
    assert [(r.state, r.code) for r in take_in(home)] == [("refused", "FILE-NAME")]


def test_a_file_that_follows_the_naming_is_read_alike(home: Home) -> None:
    drop(home, file_name(FOLLOWUPS, "20260210"), as_text(ROWS), "civil_affairs")
    receipt = take_in(home)[0]
    assert (receipt.period, receipt.detail, receipt.extra_columns) == ("20260210", "", ())
    assert account(home) == {"accepted": 2, "blank": 1}


def test_the_same_file_on_another_day_is_a_duplicate(home: Home) -> None:
    drop(home, f"{LIST_NAME}.csv", as_text(ROWS), "civil_affairs")
    take_in(home)
    drop(home, f"{LIST_NAME}(1).csv", as_text(ROWS), "civil_affairs")
    later = NIGHT + timedelta(days=1)
    assert [r.state for r in take_in(home, later)] == ["duplicate"]
    assert len(answers(home, later)) == 2


def test_a_list_that_nobody_has_filled_in_is_all_blank(home: Home) -> None:
    drop(home, f"{LIST_NAME}.csv", as_text([listed(1), listed(2, note="无")]), "civil_affairs")
    assert [r.state for r in take_in(home)] == ["taken"]
    assert account(home) == {"blank": 2} and answers(home) == []


# The cells -----------------------------------------------------------------------------------------------------------

DAYS: list[Any] = [
    "2026/1/22", "2026-1-22", "2026年1月22日", "2026.1.22", "20260122", "46044", "2026/1/22 0:00", datetime(2026, 1, 22), 46044,
]  # fmt: skip


def test_days_as_spreadsheets_write_them(home: Home) -> None:
    rows = [listed(i, **VISIT | {"visit_date": day}) for i, day in enumerate(DAYS)]
    drop(home, f"{LIST_NAME}.xlsx", as_workbook(rows), "civil_affairs")
    take_in(home)
    assert account(home) == {"accepted": len(DAYS)}
    assert {day for _, day, _ in answers(home)} == {"2026-01-22"}


@pytest.mark.parametrize("outcome", ["5", "05", "给予临时救助", "05 给予临时救助", "5 给予临时救助", "05-给予临时救助",
                                     "05给予临时救助", "５、给予临时救助", "05．给予临时救助", 5])  # fmt: skip
def test_outcomes_by_code_label_or_both(home: Home, outcome: str | int) -> None:
    drop(home, f"{LIST_NAME}.xlsx", as_workbook([listed(1, **VISIT | {"outcome": outcome})]), "civil_affairs")
    take_in(home)
    assert [answer[2] for answer in answers(home)] == ["05"]


def told(home: Home) -> list[tuple[int, str, str]]:
    found = ask(home, "select line_no, column_name, code from rejects order by all")
    return [(row["line_no"], row["column_name"], row["code"]) for row in found]


def test_what_is_wrong_with_a_row_has_its_own_code(home: Home) -> None:
    wrong = case_id(1)[:-1] + ("0" if case_id(1)[-1] != "0" else "2")
    rows = [
        listed(1, visit_date="2026-02-09"),
        listed(2, outcome="05"),
        listed(3, visitor="某某"),
        listed(4, **VISIT | {"case_id": wrong}),
        listed(5, **VISIT | {"case_id": ""}),
        listed(6, **VISIT | {"outcome": "05 给予医疗救助"}),
        listed(7, **VISIT | {"visit_date": "2026-02-11"}),
        listed(8, **VISIT | {"verified_income": "约两千"}),
        listed(9, case_id=wrong),
    ]
    drop(home, f"{LIST_NAME}.csv", as_text(rows), "civil_affairs")
    take_in(home)
    assert account(home) == {"rejected": 8, "blank": 1}
    assert told(home) == [
        (2, "outcome", "HALF-FILLED"), (3, "visit_date", "HALF-FILLED"), (4, "outcome", "HALF-FILLED"),
        (4, "visit_date", "HALF-FILLED"), (5, "case_id", "CASE-ID"), (6, "case_id", "REQUIRED"), (7, "outcome", "CODE"),
        (8, "visit_date", "FUTURE"), (9, "verified_income", "MONEY"),
    ]  # fmt: skip


def test_of_a_row_twice_the_last_word_stands(home: Home) -> None:
    rows = [
        listed(1, **VISIT | {"outcome": "14"}), listed(1, **VISIT),
        listed(2, **VISIT), listed(2, **VISIT | {"case_id": case_id(2).lower()}),
    ]  # fmt: skip
    drop(home, f"{LIST_NAME}.csv", as_text(rows), "civil_affairs")
    take_in(home)
    assert account(home) == {"accepted": 2, "superseded": 1, "duplicate": 1}
    assert answers(home) == [(case_id(1), "2026-02-09", "05"), (case_id(2), "2026-02-09", "05")]


def test_a_row_of_another_town_is_taken_with_the_others(home: Home) -> None:
    rows = [
        listed(1, **VISIT),
        listed(2, **VISIT) | {HEADERS["town"]: "另一镇", HEADERS["grid_code"]: "99040200900101"},
    ]
    drop(home, f"{LIST_NAME}.csv", as_text(rows), "civil_affairs")
    take_in(home)
    assert account(home) == {"accepted": 2}


# The contract --------------------------------------------------------------------------------------------------------


def test_every_blank_of_the_list_is_a_column_of_the_extract() -> None:
    """And no other column of the list but the case's number may be taken for one."""
    known = {name for column in FOLLOWUPS.columns for name in (column.name, column.header, *column.aliases)}
    for shown in risk_list.columns:
        is_answer = shown.is_blank or shown.key == "case_id"
        assert (shown.header in known) == is_answer, shown.header
        assert shown.is_blank == (shown.key in FOLLOWUPS.filled_by), shown.key
        assert not is_answer or FOLLOWUPS.column(shown.key).header == shown.header


CELLS = {
    "case_id": [case_id(1), case_id(2), case_id(3).lower(), f"'{case_id(4)}", case_id(5)[1:], case_id(6)[:-1], "", "?"],
    "visit_date": ["2026-02-09", "2026/2/9", "46062", "", "2026-02-30", "昨天"],
    "outcome": ["05", "5", "给予临时救助", "05 给予临时救助", "", "99"],
    "verified_income": ["", "", "1200", "无", "多"],
    "note": ["", "", "无", "=1+1"],
}
SLOW = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@SLOW
@given(seed=st.integers(0, 10**6), rows=st.integers(1, 40))
def test_every_row_of_any_list_is_accounted_for(tmp_path_factory: pytest.TempPathFactory, seed: int, rows: int) -> None:
    """Whatever it holds: blank exactly where nobody filled anything in, and no verdict hangs on the order of rows."""
    draw = random.Random(seed)
    filled = [listed(i, **{key: draw.choice(cells) for key, cells in CELLS.items()}) for i in range(rows)]
    blank = sum(all(row[HEADERS[key]] in ("", "无") for key in CELLS if key != "case_id") for row in filled)
    home = Home.at(tmp_path_factory.mktemp("list"))
    drop(home, f"{LIST_NAME}.csv", as_text(filled), "civil_affairs")
    with kept_engine(home):
        take_in(home)
        row = ask(home, "from deliveries")[0]
    assert row["records"] == rows == sum(row[name] for name in OUTCOMES)
    assert row["state"] == "held" or row["blank"] == blank


def test_a_plain_file_of_visits_is_read_as_before(home: Home) -> None:
    rows = [{"case_id": case_id(1), "visit_date": "2026-01-05", "outcome": "01", "op": "I"}]
    drop(home, file_name(FOLLOWUPS), csv_text(FOLLOWUPS, rows))
    take_in(home)
    assert account(home) == {"accepted": 1}
