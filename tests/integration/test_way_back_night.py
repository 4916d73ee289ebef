"""A published list, filled in and sent back: what the next night makes of it, down to the lists that it publishes."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from homes import NIGHT, copy_of, forget_inbox, published
from homes import records as rows_of

from assets.home import Home
from assets.night import Night
from pipelines.running import run_night

LATER = NIGHT + timedelta(days=1)
OUTCOMES = ("05 给予临时救助", "9", "12", "金额数据有误", "14", "18", "")
STATES = {"05": "verified", "09": "snoozed", "12": "snoozed", "13": "snoozed", "14": "handed_out", "18": "snoozed"}


def filled_in(listed: list[dict[str, str]]) -> bytes:
    """As a clerk's spreadsheet leaves it: columns and rows turned round, GB18030, tabs, days and numbers mangled."""
    for place, row in enumerate(listed):
        if outcome := OUTCOMES[place % len(OUTCOMES)]:
            row |= {
                "核查日期": ("2026/1/21", "2026年1月22日", "46043")[place % 3],
                "核查结果": outcome,
                "核查人": "某某",
            }
            row["预警编号"] = f" {row['预警编号'].lower().replace('0', 'o')} "
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*listed[0]][::-1], delimiter="\t")
    writer.writeheader()
    writer.writerows(listed[::-1])
    return text.getvalue().encode("gb18030")


@pytest.fixture
def returned(demo: Home, tmp_path: Path) -> tuple[Home, list[dict[str, str]]]:
    home = copy_of(demo, tmp_path / "home")
    forget_inbox(home)
    listed = rows_of(published(home, NIGHT)["risk_list_370402.csv"])
    (home.inbox / "civil_affairs").mkdir()
    content = filled_in([dict(row) for row in listed])
    (home.inbox / "civil_affairs" / "risk_list_370402 (1)_已填.csv").write_bytes(content)
    return home, listed


@pytest.mark.slow
def test_the_next_night_knows_what_the_visits_found(returned: tuple[Home, list[dict[str, str]]]) -> None:
    home, listed = returned
    run_night(home, LATER)
    said = {row["预警编号"]: OUTCOMES[place % len(OUTCOMES)] for place, row in enumerate(listed)}
    unvisited = sum(not outcome for outcome in said.values())
    with Night.of(home, LATER) as night:
        night.open("deliveries", "answers", "cases", "yields", "wrong_data")

        def asked(query: str) -> list[tuple[Any, ...]]:
            return night.connection.execute(query).fetchall()

        account = asked(
            "select state, records, accepted, blank, detail from deliveries where starts_with(file, 'risk_list')"
        )
        told = "风险清单填回，按核查反馈收下，期为收到之日"
        assert account == [("taken", len(listed), len(listed) - unvisited, unvisited, told)]
        assert asked("select count(*) from answers where is_known") == [(len(listed) - unvisited,)]
        for outcome, state in STATES.items():
            found = asked(f"select distinct state from cases where outcome = '{outcome}'")
            assert found == [(state,)], outcome
        assert asked("select max(visits) > 0, bool_and(low <= yield and yield <= high) from yields") == [(True, True)]
        wrong = dict(
            asked("select code, count(distinct case_id) from wrong_data where starts_with(code, 'VISIT') group by code")
        )
    assert wrong == {
        "VISIT-IDENTITY": sum(outcome == "12" for outcome in said.values()),
        "VISIT-AMOUNT": sum(outcome == "金额数据有误" for outcome in said.values()),
    }
    lists = published(home, LATER)
    items = [
        row for name, content in lists.items() if name.startswith("data_quality") and name.endswith(".csv")
        for row in rows_of(content) if row["错误代码"].startswith("VISIT")
    ]  # fmt: skip
    assert {row["值（脱敏）"] for row in items} <= said.keys() and all(
        row["文件"] and row["行号"] != "0" for row in items
    )
    left = {row["预警编号"] for row in rows_of(lists["risk_list_370402.csv"])}
    assert left & said.keys() == {number for number, outcome in said.items() if outcome in ("", "14")}
