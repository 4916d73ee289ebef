"""The filled-in supervision lists on their way back through the inbox, under their own names."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from inboxes import ask, drop, take_in

from assets.home import Home
from expectations.case_ids import case_id, item_no
from expectations.listing import lists

KINDS = ("supervision_left_out", "supervision_overpaid")
UNTOUCHED: dict[str, str] = {}
NOW = {"handling": "立即整改", "handled_on": "2026-02-09"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


def filled_in(kind: str, *answers: dict[str, str], first: int = 0) -> str:
    """The list as it was handed out, an item a row, with what was filled in."""
    columns = lists()[kind].columns
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([shown.header for shown in columns])
    for place, answer in enumerate(answers, start=first):
        row = {shown.key: "" if shown.is_blank else f"{shown.header}{place}" for shown in columns}
        writer.writerow((row | {"item_no": item_no(place)} | answer).values())
    return "\ufeff" + out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_each_row_is_an_answer_or_blank_or_told(home: Home, kind: str) -> None:
    content = filled_in(
        kind,
        NOW,
        UNTOUCHED,
        {"handling": "2 计划整改", "handled_on": "2026.2.9", "planned_until": "46100"},
        {"handling": "计划整改", "handled_on": "2026-02-09"},
        {"handling": "3"},
        {"item_no": case_id(7), **NOW},
        {"item_no": f" {item_no(6).lower()} ", "handling": "不属实", "handled_on": "2026-02-08"},
    )
    drop(home, f"{kind}_990402 (2).csv", content)
    take_in(home)
    (delivery,) = ask(home, "select records, accepted, rejected, blank, extra_columns from deliveries")
    assert (delivery["records"], delivery["accepted"], delivery["rejected"], delivery["blank"]) == (7, 3, 3, 1)
    assert not delivery["extra_columns"]
    found = ask(
        home, "select item_no, handling, planned_until::varchar as until from civil_affairs_rectifications order by all"
    )
    assert sorted((row["item_no"], row["handling"], row["until"]) for row in found) == sorted(
        [(item_no(0), "1", None), (item_no(2), "2", "2026-03-19"), (item_no(6), "3", None)]
    )
    told = ask(home, "select line_no, code from rejects order by all")
    assert {(row["line_no"], row["code"]) for row in told} == {(5, "PLAN-DATE"), (6, "HALF-FILLED"), (7, "ITEM-NO")}


def test_both_files_of_one_night_count(home: Home) -> None:
    for place, kind in enumerate(KINDS):
        drop(home, f"{kind}_990402.csv", filled_in(kind, NOW, first=place))
    take_in(home)
    found = ask(home, "select item_no from civil_affairs_rectifications")
    assert {row["item_no"] for row in found} == {item_no(0), item_no(1)}
    assert {row["state"] for row in ask(home, "select state from deliveries")} == {"taken"}
