"""What visits were worth, rule by rule, and what they found wrong in the data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from homes import copy_of

from expectations.case_ids import case_id
from tests.spec.county import NIGHT, County, Worked

pytestmark = pytest.mark.xdist_group("yields")

TOMORROW = NIGHT + timedelta(days=1)
NAMES = [f"h{i}" for i in range(24)]


@dataclass
class Evening:
    """A county whose list has gone out, and the number of each family's case."""

    county: County
    ids: dict[str, str]

    def answered(self, outcomes: dict[str, str], day: str = "2026-01-22") -> Worked:
        """The night after, with these outcomes of some families."""
        rows = "\n".join(f"{self.ids[name]} | {day} | {outcome} | t" for name, outcome in outcomes.items())
        followups = f"case_id | visit_date | outcome | period\n{rows}"
        return self.county.receive(TOMORROW, followups=followups).judge(TOMORROW)


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """Twenty-four families with a high bill, twelve of them out of work as well; half live in another town."""
    area = {name: "990402001001" if i % 2 else "990402002001" for i, name in enumerate(NAMES)}
    members = "\n".join(f"{name} | {name} | {area[name]}" for name in NAMES)
    bills = "\n".join(f"{name} | t-2 | 27000" for name in NAMES)
    jobless = "\n".join(f"{name} | t-1/15" for name in NAMES[:12])
    county = County.at(tmp_path_factory.mktemp("evening") / "home").receive(
        members=f"household | person | area12\n{members}",
        settlements=f"person | settled_at | total\n{bills}",
        jobless=f"person | registered_on\n{jobless}",
    )
    return Evening(county, {name: row["case_id"] for name, row in county.judge().of("cases").items()})


@pytest.fixture
def evening(handed_out: Evening, tmp_path: Path, quick: None) -> Evening:
    """An evening of one's own."""
    before = handed_out.county
    county = replace(before, home=copy_of(before.home, tmp_path / "home"), households=dict(before.households))
    return Evening(county, handed_out.ids)


def of_rule(worked: Worked, rule: str, town: str = "990402") -> dict[str, dict[str, Any]]:
    return {row["body"]: row for row in worked.tables["yields"] if (row["rule"], row["town"]) == (rule, town)}


def wilson(found: int, visits: int, z: float = 1.96) -> tuple[float, float]:
    """The two roots of (p - found/visits)² = z² p (1 - p) / visits."""
    share = found / visits
    a, b, c = 1 + z * z / visits, -(2 * share + z * z / visits), share * share
    return (-b - sqrt(b * b - 4 * a * c)) / (2 * a), (-b + sqrt(b * b - 4 * a * c)) / (2 * a)


def test_what_counts_as_a_visit_and_as_found(evening: Evening) -> None:
    every = {name: f"{i + 1:02d}" for i, name in enumerate(NAMES[:18])}
    worked = evening.answered(every)
    medical = of_rule(worked, "MED-ABS")["医保"]
    assert (medical["visits"], medical["found"]) == (15, 9)
    assert medical["yield"] == 9 / 15 == medical["overall_yield"]
    assert (medical["low"], medical["high"]) == pytest.approx(wilson(9, 15), abs=1e-12)
    jobless = of_rule(worked, "UNEMP-REG")["人社"]
    assert (jobless["visits"], jobless["found"]) == (12, 7)
    towns = [of_rule(worked, "MED-ABS", f"99040200{i}")["医保"] for i in (1, 2)]
    assert [(t["visits"], t["found"]) for t in towns] == [(7, 4), (8, 5)]


def test_visits_of_more_than_twelve_months_ago_do_not_count(evening: Evening) -> None:
    assert of_rule(evening.answered({"h0": "01"}, "2025-01-22"), "MED-ABS") == {}
    assert of_rule(evening.answered({"h0": "01"}, "2025-01-23"), "MED-ABS")["医保"]["visits"] == 1


def test_a_rule_is_weak_where_even_its_upper_end_lies_under_the_whole(evening: Evening) -> None:
    """Of all 24 visits 12 found need, of the twelve jobless families none; twelve visits are enough here."""
    (evening.county.home.reference / "parameters.csv").write_text(
        "name,area_prefix,residence,value,unit,valid_from,valid_to,known_at,document\n"
        "yield_least,,any,12,count,2000-01-01,,2000-01-01,drawn\n",
        encoding="utf-8",
    )
    worked = evening.answered({name: "09" if i < 12 else "05" for i, name in enumerate(NAMES)})
    assert of_rule(worked, "UNEMP-REG")["人社"]["is_weak"] is True
    assert of_rule(worked, "MED-ABS")["医保"]["is_weak"] is False
    assert of_rule(worked, "UNEMP-REG", "990402001")["人社"]["is_weak"] is False


def test_too_few_visits_make_no_rule_weak(evening: Evening) -> None:
    worked = evening.answered({name: "09" if i < 12 else "05" for i, name in enumerate(NAMES)})
    jobless = of_rule(worked, "UNEMP-REG")["人社"]
    assert (jobless["visits"], jobless["found"], jobless["is_weak"]) == (12, 0, False)
    assert jobless["low"] == 0 and jobless["high"] == pytest.approx(wilson(0, 12)[1])


def test_wrong_data_go_to_the_body_that_sent_them(evening: Evening) -> None:
    evening.county.receive(registry="person | registry_no\n stray | one").judge()
    ids = evening.ids
    outcomes = f"{ids['h0']} | 12\n{ids['h13']} | 13\n{case_id(7)} | 13\n{ids['h2']} | 05"
    worked = evening.county.receive(TOMORROW, followups=f"case_id | outcome\n{outcomes}").judge(TOMORROW)
    found = sorted(
        (row["body"], row["code"], row["case_id"], row["line_no"], row["place"]) for row in worked.tables["wrong_data"]
    )
    assert found == sorted([
        ("民政", "VISIT-IDENTITY", ids["h0"], 2, "共同生活家庭成员第 2 行"),
        ("医保", "VISIT-AMOUNT", ids["h13"], 15, "医保结算第 15 行"),
        ("民政", "CASE-UNKNOWN", case_id(7), 4, "核查反馈第 4 行"),
    ])  # fmt: skip
    assert all(row["file"] for row in worked.tables["wrong_data"])
    assert evening.county.judge(TOMORROW + timedelta(days=1)).tables["wrong_data"] == []
