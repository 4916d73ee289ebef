"""What comes back from the visits: which answers stand, which case each is of, and what repeating one changes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from expectations.case_ids import case_id
from tests.spec.county import NIGHT, County, Worked

TOMORROW = NIGHT + timedelta(days=1)
UNKNOWN = case_id(7)


def handed_out(county: County) -> dict[str, str]:
    """A first night with two families at risk; their case numbers."""
    county.receive(
        members="household | person\n Li | a\n Wang | b",
        settlements="person | settled_at | total\n a | t-2 | 27000\n b | t-2 | 27000",
    )
    return {name: str(row["case_id"]) for name, row in county.judge().of("cases").items()}


def answered(county: County, night: date, table: str, ids: dict[str, str]) -> list[dict[str, Any]]:
    """The answers of a night whose inbox holds this drawn list; `Li` stands for the family's case."""
    for name, number in ids.items():
        table = table.replace(f" {name} ", f" {number} ")
    return county.receive(night, followups=table).judge(night).tables["answers"]


def said(answers: list[dict[str, Any]], ids: dict[str, str]) -> list[str]:
    names = {number: name for name, number in ids.items()}
    return [
        f"{names.get(a['case_id'], '?')} {a['visited_on']} {a['outcome']} {a['answer_no']}"
        for a in sorted(answers, key=lambda a: (a["visited_on"], a["answer_no"]))
    ]


def test_an_answer_knows_its_case_and_the_rules_that_it_rested_on(county: County) -> None:
    ids = handed_out(county)
    found = answered(
        county, TOMORROW,
        f"""
            case_id   | visit_date | outcome | verified_income | verified_size | period
            Li        | 2026-01-22 | 05      | 1200.50         | 3             | t
            {UNKNOWN} | 2026-01-22 | 05      |                 |               | t
        """,
        ids,
    )  # fmt: skip
    known, unknown = sorted(found, key=lambda a: not a["is_known"])
    assert (known["case_id"], known["is_known"], known["area12"]) == (ids["Li"], True, "990402001001")
    assert known["household_id"] == county.judge(TOMORROW).of("cases")["Li"]["household_id"]
    assert {"MED-ABS", "MED-STAY"} <= set(known["rules"]) and known["main_rule"] == "MED-ABS"
    assert (known["verified_income"], known["verified_size"], known["verified_oop"]) == (120050, 3, None)
    assert (unknown["case_id"], unknown["is_known"], unknown["rules"]) == (UNKNOWN, False, None)


def test_a_list_that_comes_again_with_more_rows_says_nothing_twice(county: County) -> None:
    """The second file repeats Li's row and adds Wang's; the third corrects Li's; the fourth takes Wang's back."""
    ids = handed_out(county)
    nights = [NIGHT + timedelta(days=ago) for ago in range(1, 5)]
    lists = [
        "case_id | visit_date | outcome | action\n Li | 2026-01-22 | 14 | rang",
        "case_id | visit_date | outcome | action\n Li | 2026-01-22 | 14 | rang twice\n Wang | 2026-01-22 | 05 | -",
        "case_id | visit_date | outcome\n Li | 2026-01-22 | 09",
        "case_id | visit_date | outcome | op\n Wang | 2026-01-22 | 05 | D",
    ]
    seen = [said(answered(county, night, table, ids), ids) for night, table in zip(nights, lists, strict=True)]
    first = int(seen[0][0].rsplit(" ", 1)[1])
    assert first % 1_000_000 == 1
    assert seen[0] == [f"Li 2026-01-22 14 {first}"]
    assert seen[1] == [f"Li 2026-01-22 14 {first}", f"Wang 2026-01-22 05 {first + 1_000_001}"]
    assert seen[2] == [f"Wang 2026-01-22 05 {first + 1_000_001}", f"Li 2026-01-22 09 {first + 2_000_000}"]
    assert seen[3] == [f"Li 2026-01-22 09 {first + 2_000_000}"]


def test_visits_on_two_days_are_two_answers(county: County) -> None:
    ids = handed_out(county)
    table = "case_id | visit_date | outcome\n Li | 2026-01-20 | 14\n Li | 2026-01-22 | 01"
    found = said(answered(county, TOMORROW, table, ids), ids)
    assert [line.rsplit(" ", 1)[0] for line in found] == ["Li 2026-01-20 14", "Li 2026-01-22 01"]


@pytest.mark.slow
def test_the_rules_of_an_answer_are_those_of_its_day(county: County) -> None:
    """The case goes on for other reasons; what the visit found is told of the rules that sent somebody there."""
    ids = handed_out(county)
    before = answered(county, TOMORROW, "case_id | visit_date | outcome\n Li | 2026-01-22 | 18", ids)
    later = NIGHT + timedelta(days=2)
    worked: Worked = county.receive(
        later,
        jobless="person | registered_on\n a | 2026-01-22",
        settlements="person | settled_at | total\n a | t-3 | 1",
    ).judge(later)
    assert "UNEMP-REG" in worked.of("cases")["Li"]["rules"]
    last = county.judge(NIGHT + timedelta(days=3)).tables["answers"]
    assert [a["rules"] for a in last] == [a["rules"] for a in before]
