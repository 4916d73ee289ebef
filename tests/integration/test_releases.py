"""A named person lets held data through: from the next night on, on record, and no past night changes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from inboxes import AREA6, NIGHT, ask, drop, file_name, good_row, hand_in, take_in

from assets.extracts import accepting
from assets.home import Home, Refusal
from assets.intake import ledger
from expectations.contract import Contract, contracts
from pipelines.cli import main
from pipelines.releasing import overview, release_delivery, release_months
from tests.spec.county import County

REGISTER = contracts()["civil_affairs_assistance"]  # state
PAYMENTS = contracts()["employment_contributions"]  # flow
AMOUNTS = contracts()["civil_affairs_income"]  # delta
NEXT = date(2026, 2, 11)
AFTER = date(2026, 2, 12)


@pytest.fixture(autouse=True)
def nobody_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "judge_staged", lambda connection, rules: [])


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


def end(home: Home, night: date = NIGHT) -> None:
    """The night has run and is published."""
    (home.outbox / night.isoformat()).mkdir(parents=True, exist_ok=True)
    (home.outbox / night.isoformat() / "manifest.json").write_text("{}", encoding="utf-8")


def rows(contract: Contract, count: int, **cells: str) -> list[dict[str, str]]:
    return [good_row(contract, i, **cells) for i in range(1, count + 1)]


def standing(home: Home, night: date) -> list[tuple[int, str, int]]:
    """(delivery, state, accepted) of every delivery, each accounted for to the last record."""
    found = ask(home, "from deliveries order by delivery_no", night)
    parts = ("accepted", "rejected", "superseded", "duplicate", "blank", "held", "refused")
    assert all(row["records"] == sum(row[part] for part in parts) for row in found)
    return [(row["delivery_no"], row["state"], row["accepted"]) for row in found]


def shrunk(home: Home) -> None:
    hand_in(home, REGISTER, rows(REGISTER, 10), seq=1)
    take_in(home)
    end(home)
    hand_in(home, REGISTER, rows(REGISTER, 5), seq=2)
    take_in(home, NEXT)
    end(home, NEXT)


def test_a_file_that_waits_comes_in_with_the_next_night(home: Home) -> None:
    shrunk(home)
    before = standing(home, NEXT)
    assert before == [(1, "taken", 10), (2, "held", 0)]
    let = release_delivery(home, 2, "Wang Min", "two villages went to the next county")
    assert (let.released_on, let.released_by) == (AFTER.isoformat(), "Wang Min")
    [receipt] = take_in(home, AFTER)
    assert (receipt.state, receipt.released_from, receipt.received_on) == ("taken", 2, AFTER.isoformat())
    assert standing(home, AFTER) == [(1, "superseded", 0), (2, "held", 0), (3, "taken", 5)]
    assert standing(home, NEXT) == before, "a past night is what it was"
    assert (
        len(ask(home, f"from {REGISTER.extract}", NEXT)) == 10
        and len(ask(home, f"from {REGISTER.extract}", AFTER)) == 5
    )
    assert take_in(home, AFTER) == [], "it comes in once"


def test_a_shifted_file_that_is_let_through_is_judged_row_by_row(home: Home) -> None:
    wrong = {"pay_month": "101", "base": "x", "is_paid": "3000"}
    hand_in(home, PAYMENTS, [good_row(PAYMENTS, i, **(wrong if i <= 40 else {})) for i in range(1, 101)])
    take_in(home)
    end(home)
    assert standing(home, NIGHT) == [(1, "held", 0)]
    release_delivery(home, 1, "Wang Min", "forty rows are wrong, sixty are right")
    take_in(home, NEXT)
    assert standing(home, NEXT) == [(1, "held", 0), (2, "taken", 60)]
    assert standing(home, NIGHT) == [(1, "held", 0)]


def test_what_was_sent_after_a_held_file_corrects_it_still(home: Home) -> None:
    """The file that waited speaks at its own place, not at that of its release."""
    drop(home, file_name(AMOUNTS, seq=1) + ".manifest.json", json.dumps({"rows": 7}))
    hand_in(home, AMOUNTS, rows(AMOUNTS, 2, amount="100"), seq=1)
    hand_in(home, AMOUNTS, rows(AMOUNTS, 1, amount="300"), seq=2)
    take_in(home)
    end(home)
    release_delivery(home, 1, "Wang Min", "the manifest was wrong")
    take_in(home, NEXT)
    amounts = ask(home, f"select amount from {AMOUNTS.extract} order by amount", NEXT)
    assert [row["amount"] for row in amounts] == [10_000, 30_000]


def test_a_file_is_let_through_once_and_only_if_it_waits(home: Home) -> None:
    shrunk(home)
    for number in (1, 9):
        with pytest.raises(Refusal, match=f"No delivery {number} waits"):
            release_delivery(home, number, "Wang Min", "checked")
    release_delivery(home, 2, "Wang Min", "checked")
    with pytest.raises(Refusal, match="No delivery 2 waits"):
        release_delivery(home, 2, "Wang Min", "checked again")


@pytest.mark.parametrize(
    ("by", "reason"), [(" ", "checked"), ("Wang Min", ""), ("Wang Min", "asked 990402195001011230")]
)
def test_a_release_names_a_person_and_a_reason_and_no_number(home: Home, by: str, reason: str) -> None:
    shrunk(home)
    with pytest.raises(Refusal, match="who lets it through and why"):
        release_delivery(home, 2, by, reason)


def test_no_release_while_a_night_is_running(home: Home) -> None:
    shrunk(home)
    with home.owned(), pytest.raises(Refusal, match="Another run is writing"):
        release_delivery(home, 2, "Wang Min", "checked")


# Months of a feed ------------------------------------------------------------------------------------------------


def test_released_months_hold_no_rule_and_past_nights_stay(tmp_path: Path) -> None:
    """The wages of the last closed month never came; someone says that they never will."""
    county = County.at(tmp_path / "home").receive(
        members="household | person\n family | Li",
        income="person | item | amount | from_month | to_month\n Li | B | 4000 | t-24 | t-4\n Li | B | 300 | t-3 | t-1",
        delivered={"wages": "t-24..t-2"},
    )
    night, later = county.night, date(2026, 1, 22)
    first = county.judge()
    assert first.of("cases") == {}
    with pytest.raises(Refusal, match="Nothing of employment_pensions is held"):
        release_months(county.home, "employment_pensions", AREA6, None, "Wang Min", "checked")
    with pytest.raises(Refusal, match="six digits"):
        release_months(county.home, "employment_contributions", f"{AREA6}001", None, "Wang Min", "checked")
    release_months(
        county.home, "employment_contributions", AREA6, date(2025, 12, 1), "Wang Min", "no wages are paid here"
    )
    released = county.judge(later)
    about_wages = [
        (row["state"], row["released_by"])
        for row in released.tables["held"]
        if (row["rule"], row["extracts"]) == ("INC-BELOW", "employment_contributions")
    ]
    assert about_wages == [("released", "Wang Min")]
    assert "INC-BELOW" in released.of("cases")["family"]["rules"]
    again = county.judge(night)
    assert (again.tables["held"], again.tables["cases"]) == (first.tables["held"], first.tables["cases"])
    assert len(list(ledger.nights(county.home))) == 2


# The command -----------------------------------------------------------------------------------------------------


def invoke(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["release", *(str(argument) for argument in arguments)])
    return result.exit_code, result.output


def test_the_command_says_what_waits_and_who_let_it_through(home: Home) -> None:
    shrunk(home)
    (home.outbox / NEXT.isoformat() / "manifest.json").unlink()
    (home.outbox / NIGHT.isoformat() / "manifest.json").unlink()
    code, text = invoke("--home", home.root, "--list")
    assert code == 0 and f"2  {file_name(REGISTER, seq=2)}  FILE-SHRUNK" in text
    code, text = invoke("--home", home.root, "--delivery", 2, "--by", "Wang Min", "--reason", "checked")
    assert code == 0 and "已放行" in text
    assert "Wang Min" in "\n".join(overview(home)) and "FILE-SHRUNK" not in "\n".join(overview(home))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--delivery", "2"],
        ["--extract", "employment_pensions", "--by", "Wang Min", "--reason", "checked"],
        ["--extract", "none", "--area", AREA6, "--by", "Wang Min", "--reason", "checked"],
        ["--rule", "MED-ABS", "--area", AREA6, "--by", "Wang Min", "--reason", "checked"],
    ],
)
def test_half_a_release_gets_one_sentence(home: Home, arguments: list[str]) -> None:
    code, text = invoke("--home", home.root, *arguments)
    assert code == 1 and text.startswith("错误：") and text.count("\n") == 1
