"""Ten nights of a small county: late files, corrections, answers and a rise of the standard.

What each night lists, changes and lets wait is a file in `tests/golden/ten_nights/` that a person can read. Where a change
of the rules or of the cases is meant, `LOWINCOME_GOLDEN=write pytest tests/spec/test_ten_nights.py` writes them anew; read
the difference before you commit it.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

from tests.spec.county import AREA12, STANDARDS, UNBOUNDED, County

GOLDEN = Path(__file__).parents[1] / "golden" / "ten_nights"
GRID = f"{AREA12}01"
NIGHTS = [
    date(2026, 1, 21), date(2026, 1, 22), date(2026, 1, 23), date(2026, 1, 26), date(2026, 1, 27), date(2026, 1, 28),
    date(2026, 2, 3), date(2026, 2, 12), date(2026, 3, 4), date(2026, 4, 24),
]  # fmt: skip
RISE = "dibao,990402,urban,1000,month,2026-01-01,,2026-02-01,the rise\n"
MEMBERS = f"""
    household      | person | grid_code
    red bill       | a      | {GRID}
    orange bill    | b      | {GRID}
    helped         | c      | {GRID}
    not so         | d      | {GRID}
    nobody home    | e      | {GRID}
    wrong bill     | f      | {GRID}
    late file      | g      | {GRID}
    yellow         | h      |
    near the line  | i      |
    other village  | j      | {AREA12}02
"""


def bills(*rows: str) -> str:
    return "\n".join(["person | settled_at | total | settlement_id | op", *rows])


def happenings(county: County, ids: dict[str, str]) -> dict[date, Any]:
    """What each night finds in its inbox."""

    def answers(*given: tuple[str, str, str]) -> str:
        return "\n".join(
            [
                "person | case_id | visit_date | outcome",
                *(f"a | {ids[family]} | {day} | {code}" for family, day, code in given),
            ]
        )

    return {
        NIGHTS[0]: lambda night: county.receive(
            night,
            members=MEMBERS,
            income="""
                person | item | amount | from_month | to_month
                i      | B    | 1500   | t-24       | t-4
                i      | B    | 900    | t-3        | t+3
            """,
            settlements=bills(
                "a | t-2 | 60000 | a1 |", "b | t-2 | 27000 | b1 |", "c | t-3 | 28000 | c1 |", "d | t-3 | 29000 | d1 |",
                "e | t-2 | 26500 | e1 |", "f | t-2 | 30000 | f1 |", "j | t-2 | 26000 | j1 |",
            ),
        ),
        NIGHTS[1]: lambda night: county.receive(
            night, settlements=bills("g | t-2 | 55000 | g1 |"), jobless="person | registered_on\n h | t-1"
        ),
        NIGHTS[2]: lambda night: county.receive(
            night,
            followups=answers(("helped", "night1", "05"), ("not so", "night1", "11"), ("nobody home", "night1", "14"), ("wrong bill", "night1", "13")),
        ),
        NIGHTS[4]: lambda night: county.receive(night, settlements=bills("b | t-2 | 300 | b1 | U")),
        NIGHTS[5]: lambda night: county.receive(night, jobless="person | registered_on\n h | t-1"),
        NIGHTS[7]: lambda night: county.receive(
            night, settlements=bills("d | t-1 | 9500 | d2 |", "c | t-1 | 30000 | c2 |")
        ),
    }  # fmt: skip


def told(row: dict[str, Any], *columns: str) -> str:
    return "| " + " | ".join("" if row[c] is None else str(row[c]) for c in columns) + " |"


def page(rows: dict[str, list[dict[str, Any]]]) -> str:
    """The night as a person may read it."""
    shown = {
        "风险清单": (
            "risk_list",
            ("household_no", "change", "level_name", "rules", "deadline", "last_outcome", "main_reason"),
        ),
        "变化清单": ("change_list", ("household_no", "change_name", "level_before", "level_name", "told")),
        "未下发清单": ("waiting", ("household_no", "state_name", "level_name", "why", "since")),
        "超期督办清单": ("overdue", ("household_no", "level_name", "deadline", "late_days")),
        "案件": ("cases", ("household_no", "case_id", "state", "level", "opened_on", "nights_running", "why")),
    }
    lines = []
    for title, (name, columns) in shown.items():
        lines += [f"## {title}", "", f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
        lines += sorted(told(row, *columns) for row in rows[name])
        lines.append("")
    return "\n".join(lines)


PARAMETERS = f"snooze_days,,any,90,days,2000-01-01,,2000-01-01,drawn\n{UNBOUNDED}"
"""A sleep of a quarter, so that one ends within the ten nights."""


def test_ten_nights(tmp_path: Path, quick: None) -> None:
    county = County.at(tmp_path, parameters=PARAMETERS)
    ids: dict[str, str] = {}
    coming = happenings(county, ids)
    pages = {}
    for place, night in enumerate(NIGHTS, start=1):
        if night == NIGHTS[6]:
            (county.home.reference / "standards.csv").write_text(STANDARDS + RISE, encoding="utf-8")
        if night in coming:
            coming[night](night)
        worked = county.judge(night, lists=("risk_list", "change_list", "waiting", "overdue"))
        ids |= {row["household_no"]: row["case_id"] for row in worked.tables["cases"]}
        pages[f"{place:02}_{night}.md"] = f"# {night}\n\n{page(worked.tables)}"
    if os.environ.get("LOWINCOME_GOLDEN") == "write":
        GOLDEN.mkdir(parents=True, exist_ok=True)
        for name, text in pages.items():
            (GOLDEN / name).write_text(text, encoding="utf-8")
    assert sorted(path.name for path in GOLDEN.iterdir()) == sorted(pages)
    for name, text in pages.items():
        assert text == (GOLDEN / name).read_text(encoding="utf-8"), name
