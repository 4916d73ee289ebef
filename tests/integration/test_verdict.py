"""The pass in SQL and the judge of Great Expectations say the same of every record, and of the tables that fool judges."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from drawn import drawn
from inboxes import NIGHT, ask, csv_text, drop, file_name, good_row, id_no

from assets import extracts
from assets.engine import engine
from assets.extracts import accepting
from assets.extracts.accepting import CheckResult
from assets.home import Home
from assets.intake import inbox
from expectations.contract import DELTA, WARN, Contract, contracts
from expectations.judge import judge
from expectations.kinds import (
    AREA12,
    CASE_ID,
    CODE,
    DATE,
    ID_NO,
    INTEGER,
    ITEM_NO,
    MONEY,
    MONTH,
    TERM,
    TEXT,
    YEAR,
    YES_NO,
    Kind,
)
from expectations.verdict import Check, Verdict, verdict

EVERY = pytest.mark.parametrize("contract", contracts().values(), ids=lambda contract: contract.extract)
AMOUNTS = contracts()["civil_affairs_income"]
SETTLEMENTS = contracts()["health_settlements"]

BAD: dict[Kind, list[str]] = {
    ID_NO: ["3.7E+17", id_no(7)[:17], "x" * 18, id_no(7)[:15] + "000", id_no(7)[:10] + "1301" + id_no(7)[14:]],
    AREA12: ["990402", "abc", "99040200100１x"], CODE: ["?", "000", "代码"], CASE_ID: ["G0000000000Z", "3.7E+11"], ITEM_NO: ["S0000000000Z", "7"], DATE: ["05/03/2026", "2026-02-30", "昨天"],
    INTEGER: ["-1", "1.5", "many"], MONEY: ["1.2万", "NaN", "12.345", "1e3"], MONTH: ["202613", "3月"], TERM: ["2026", "秋"],
    TEXT: ["=1+1", "无", " "], YEAR: ["26"], YES_NO: ["maybe", "2"],
}  # fmt: skip
MORE: dict[Kind, list[str]] = {
    MONEY: ["0", "-12.30", "1,234.50"], DATE: ["2026-12-31", "20260104", "2025年1月4日"], MONTH: ["202512", "2026-02"],
    YES_NO: ["是", "1", "no"], TEXT: ["a", "b"], INTEGER: ["3"],
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


def any_row(contract: Contract, chance: random.Random, good: float) -> dict[str, str]:
    """A row whose cells are good, bad, blank or merely different."""
    row = good_row(contract, chance.randint(1, 30))
    for column in contract.columns:
        if chance.random() > good:
            pool = ["", "无", *BAD[column.kind], *MORE.get(column.kind, []), *column.codes, *column.codes.values()]
            row[column.name] = chance.choice(pool)
    return row


def taken(home: Home, contract: Contract, rows: list[dict[str, str]], text: str = "") -> list[CheckResult]:
    """The night's word on these rows; it is an error when judge and pass do not count the same."""
    drop(home, file_name(contract), text or csv_text(contract, rows))
    inbox.take_in(home, NIGHT)
    with engine(home) as connection:
        return extracts.take_in(home, connection, contract, NIGHT)


# Judge and pass --------------------------------------------------------------------------------------------------


@EVERY
def test_on_a_mixed_table(home: Home, contract: Contract) -> None:
    chance = random.Random(contract.extract)
    rows = [any_row(contract, chance, good) for good in (0.5, 0.8, 0.95) for _ in range(80)]
    text = (
        csv_text(contract, rows)
        + 'ragged\n"open\n\n'
        + csv_text(contract, [good_row(contract, 99)]).splitlines()[1]
        + "\n"
    )
    results = taken(home, contract, rows, text)
    assert_rejects_are_what_was_counted(home, results)
    assert sum(result.broken or 0 for result in results) > 100


@pytest.mark.slow
@EVERY
def test_on_a_table_where_everything_is_bad(home: Home, contract: Contract) -> None:
    rows = [{c.name: BAD[c.kind][i % len(BAD[c.kind])] for c in contract.columns} for i in range(8)]
    results = {result.name: result for result in taken(home, contract, rows)}
    for column in contract.columns:
        if column.kind is not TEXT and column.kind.unreadable:
            code = "code" if column.kind is CODE else column.kind.unreadable.lower().replace("-", "_")
            assert results[f"{column.name}__{code}"].broken == 8, column.name
    row = ask(home, "from deliveries")[0]
    assert (row["accepted"], row["rejected"] + row["held"]) == (0, 8)


@pytest.mark.slow
@EVERY
def test_on_a_table_of_nothing_but_one_text(home: Home, contract: Contract) -> None:
    """An all-null column passes pattern, set and uniqueness: it must fail where the contract requires it."""
    text = next(c for c in contract.columns if c.kind is TEXT)
    results = {r.name: r for r in taken(home, contract, [{text.name: f"x{i}"} for i in range(5)])}
    broken = {name: result.broken for name, result in results.items() if result.broken}
    required = [c.name for c in contract.columns if c.is_required and c is not text]
    assert broken == {f"{c}__{'half_filled' if c in contract.filled_by else 'required'}": 5 for c in required}


@pytest.mark.slow
@EVERY
def test_on_a_table_of_one_row_with_every_cell_filled(home: Home, contract: Contract) -> None:
    row = good_row(contract, 1)
    good = {MONEY: "0", DATE: "2026-01-05", MONTH: "202601", INTEGER: "1", YES_NO: "否", TEXT: "x", ID_NO: id_no(5),
            AREA12: "990402001001"}  # fmt: skip
    filled = {c.name: row[c.name] or (next(iter(c.codes)) if c.codes else good[c.kind]) for c in contract.columns}
    results = taken(home, contract, [filled])
    assert [result.name for result in results if result.broken != 0] == []
    assert {result.seen for result in results} == {1}
    assert ask(home, f"select count(*) as n from {contract.extract}") == [{"n": 1}]


def assert_rejects_are_what_was_counted(home: Home, results: list[CheckResult]) -> None:
    """Every broken promise is one row of the rejects, under the judge's own count."""
    rejects = ask(home, "select column_name, code from rejects")
    told = Counter((r["column_name"], "ID" if r["code"].startswith("ID-") else r["code"]) for r in rejects)
    split = {"RAGGED", "OPEN-QUOTE", "UNDECODABLE"}
    unsplit = sum(told.pop(("record", code), 0) for code in split)
    counted = {(r.column, r.code): r.broken for r in results if r.broken and r.code != "SPLIT"}
    assert dict(told) == counted
    assert [r.broken for r in results if r.code == "SPLIT"] == [unsplit]


def test_a_difference_between_them_stops_the_night(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = verdict(AMOUNTS)
    wrong = Verdict(AMOUNTS)
    checks = list(rules.checks)
    money = next(i for i, check in enumerate(checks) if check.name == "amount__money")
    checks[money] = Check(**{**vars(checks[money]), "is_broken": "false"})
    wrong.__dict__["checks"] = tuple(checks)
    monkeypatch.setattr(accepting, "verdict", lambda contract: wrong)
    monkeypatch.setattr("assets.extracts.staging.verdict", lambda contract: wrong)
    with pytest.raises(RuntimeError, match="amount__money: 1 and 0"):
        taken(home, AMOUNTS, [good_row(AMOUNTS, 1, amount="1.2万"), good_row(AMOUNTS, 2)])
    assert not home.table(AMOUNTS.extract, NIGHT).exists()


def test_an_empty_table_is_no_success(home: Home) -> None:
    """It passes every other expectation."""
    taken(home, AMOUNTS, [good_row(AMOUNTS, 1)])
    with engine(home) as connection:
        connection.execute("create table staged (broken bigint)")
        results = accepting.judge_staged(connection, verdict(AMOUNTS))
    assert [(r.name, r.seen, r.broken, r.is_critical) for r in results] == [("rows__at_least_one", 0, 1, True)]


def test_what_is_written_of_a_check_comes_back(home: Home) -> None:
    first = taken(home, AMOUNTS, [good_row(AMOUNTS, 1), good_row(AMOUNTS, 2, amount="x")])
    with engine(home) as connection:
        again = extracts.take_in(home, connection, AMOUNTS, NIGHT)
    assert again == first
    assert [r.broken for r in again if r.name == "amount__money"] == [1]


# The checks of a contract ----------------------------------------------------------------------------------------


@EVERY
def test_names_are_unique_and_bits_fit(contract: Contract) -> None:
    checks = verdict(contract).checks
    names = [check.name for check in checks]
    assert len(set(names)) == len(names)
    assert len(checks) <= 63
    assert all(name.isidentifier() for name in names)


@EVERY
def test_no_column_of_the_judge_hides_one_of_the_contract(contract: Contract) -> None:
    made = [check.arguments["column"] for check in verdict(contract).checks if check.judged_as]
    stored = [name for column in contract.columns for name in (column.name, column.stored_name)]
    assert len(set(made)) == len(made)
    assert not set(made) & set(stored)


# The judge alone -------------------------------------------------------------------------------------------------


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        yield connection


def check(code: str, expectation: str, **arguments: object) -> Check:
    return Check(code, str(arguments.get("column", "row")), "false", expectation, arguments)


def test_two_checks_of_one_type_on_one_column_are_two(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create table t as select unnest([1, 5, 50]) as x")
    between = "expect_column_values_to_be_between"
    said = judge(connection, "t", [
        check("A", between, column="x", min_value=0, max_value=10),
        check("B", between, column="x", min_value=2, max_value=100),
        check("C", between, column="x", min_value=6, max_value=None),
    ])  # fmt: skip
    assert [(one.check.code, one.is_kept, one.seen, one.broken) for one in said] == [
        ("A", False, 3, 1),
        ("B", False, 3, 1),
        ("C", False, 3, 2),
    ]


def test_an_expectation_that_raises_is_a_failure(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create table t as select unnest([1, 5, 50]) as x, 'a' as y")
    said = judge(connection, "t", [
        check("GONE", "expect_column_values_to_not_be_null", column="no_such_column"),
        check("KIND", "expect_column_values_to_be_between", column="y", min_value=0),
        check("GOOD", "expect_column_values_to_not_be_null", column="x"),
    ])  # fmt: skip
    assert [(one.check.code, one.is_kept, one.broken) for one in said] == [
        ("GONE", False, None),
        ("KIND", False, None),
        ("GOOD", True, 0),
    ]


def test_a_night_with_a_check_that_raised_says_so(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """None is not 0: whoever shows the check must not take it for kept."""
    original = accepting.judge

    def spoiled(connection: duckdb.DuckDBPyConnection, table: str, checks: tuple[Check, ...]) -> list[object]:
        checks = tuple(
            Check(**{**vars(c), "arguments": {"column": "no_such_column"}}) if c.name == "name__required" else c
            for c in checks
        )
        return original(connection, table, checks)

    monkeypatch.setattr(accepting, "judge", spoiled)
    results = {result.name: result.broken for result in taken(home, AMOUNTS, [good_row(AMOUNTS, 1)])}
    assert results["name__required"] is None
    assert results["amount__money"] == 0


def test_the_judge_keeps_no_value(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A person's name must not be found in what the judge says, prints or leaves on disk."""
    connection.execute("create table t as select '某某某' as x")
    said = judge(connection, "t", [check("A", "expect_column_values_to_match_regex", column="x", regex="^[0-9]$")])
    assert (said[0].broken, said[0].is_kept) == (1, False)
    assert "某某某" not in repr(said)
    assert "某某某" not in "".join(capfd.readouterr())


def test_the_judge_may_be_asked_twice_on_one_connection(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create table t as select 1 as x")
    kept = check("A", "expect_column_values_to_not_be_null", column="x")
    assert judge(connection, "t", [kept])[0].is_kept
    connection.execute("create or replace table t as select null::integer as x")
    assert not judge(connection, "t", [kept])[0].is_kept
    connection.execute("drop table t")


# What the verdict says -------------------------------------------------------------------------------------------

BALANCES = """
    what                        | total  | fund_total | hospital_borne | personal_total | is_refund | codes
    balances                    | 100    | 60         |                | 40             | 否        |
    a fen too much              | 100    | 60         |                | 40.01          | 否        |
    a fen too little            | 100    | 60         |                | 39.99          | 否        |
    two fen too much            | 100    | 60         |                | 40.02          | 否        | OOP-BALANCES
    the hospital bears a part   | 100    | 60         | 10             | 30             | 否        |
    the hospital was forgotten  | 100    | 60         | 10             | 40             | 否        | OOP-BALANCES
    refund                      | -100   | -60        |                | -40            | 是        |
    below zero without refund   | -100   | -60        |                | -40            | 否        | MONEY-NEGATIVE
    below zero, refund unknown  | -100   | -60        |                | -40            | ?         | MONEY-NEGATIVE YES-NO
    free of charge              | 0      | 0          |                | 0              | 否        |
    zero with a minus           | -0.00  | 0          |                | 0              | 否        |
"""


@pytest.mark.parametrize("case", drawn(BALANCES), ids=lambda case: case["what"])
def test_a_settlement_balances(home: Home, case: dict[str, str]) -> None:
    cells = {name: case[name] for name in ("total", "fund_total", "hospital_borne", "personal_total", "is_refund")}
    results = taken(home, SETTLEMENTS, [good_row(SETTLEMENTS, 1, **cells)])
    assert sorted({r.code for r in results if r.broken}) == case["codes"].split()


PERIODS = """
    what                     | period   | settled_at | codes
    last day of the month    | 202601   | 2026-01-31 |
    the day after            | 202601   | 2026-02-01 | FUTURE
    the very day             | 20260110 | 2026-01-10 |
    a day later              | 20260110 | 2026-01-11 | FUTURE
    long before              | 202601   | 2019-03-05 |
"""


@pytest.mark.parametrize("case", drawn(PERIODS), ids=lambda case: case["what"])
def test_the_future_begins_after_the_files_own_period(home: Home, case: dict[str, str]) -> None:
    drop(
        home,
        file_name(SETTLEMENTS, case["period"]),
        csv_text(SETTLEMENTS, [good_row(SETTLEMENTS, 1, settled_at=case["settled_at"])]),
    )
    inbox.take_in(home, NIGHT)
    with engine(home) as connection:
        results = extracts.take_in(home, connection, SETTLEMENTS, NIGHT)
    assert [r.code for r in results if r.broken] == case["codes"].split()


TWICE = """
    what                            | first        | second       | outcomes
    the same row twice              | 1=10         | 1=10         | duplicate accepted
    the last of two is taken        | 1=10         | 1=11         | superseded accepted
    the last cannot be read         | 1=10         | 1=x          | accepted rejected
    the first cannot be read        | 1=x          | 1=10         | rejected accepted
    written in two ways             | 1=10         | 1=10.00      | duplicate accepted
    another source is another key   | 1=10         | 1=10 source  | accepted accepted
"""


@pytest.mark.parametrize("case", drawn(TWICE), ids=lambda case: case["what"])
def test_a_key_that_stands_twice_in_a_file(home: Home, case: dict[str, str]) -> None:
    rows = []
    for text in (case["first"], case["second"]):
        said = text.split()
        rows.append(good_row(AMOUNTS, 1, amount=said[0].split("=")[1], source="1" if "source" in said else ""))
    taken(home, AMOUNTS, rows)
    row = ask(home, "from deliveries")[0]
    outcomes = case["outcomes"].split()
    assert {name: row[name] for name in ("accepted", "rejected", "superseded", "duplicate")} == {
        name: outcomes.count(name) for name in ("accepted", "rejected", "superseded", "duplicate")
    }
    if "accepted" in outcomes:
        lines = ask(home, "select line_no from civil_affairs_income order by 1")
        assert [one["line_no"] for one in lines] == [
            2 + i for i, outcome in enumerate(outcomes) if outcome == "accepted"
        ]


def test_a_withdrawal_needs_only_its_key(home: Home) -> None:
    for contract in contracts().values():
        if contract.delivery != DELTA:
            continue
        row = {
            c.name: cell if c.is_key else ""
            for c, cell in zip(contract.columns, good_row(contract, 1).values(), strict=True)
        }
        results = taken(home, contract, [row | {"op": "D"}])
        assert [r.name for r in results if r.broken and r.is_critical] == [], contract.extract


def test_warnings_are_told_and_the_row_is_taken(home: Home) -> None:
    taken(
        home,
        SETTLEMENTS,
        [good_row(SETTLEMENTS, 1, personal_total="50", admitted="2026-01-05", discharged="2026-01-01")],
    )
    assert ask(home, "select code, severity, outcome from rejects order by code") == [
        {"code": "OOP-BALANCES", "severity": WARN, "outcome": "accepted"},
        {"code": "STAY-ORDER", "severity": WARN, "outcome": "accepted"},
    ]
    assert ask(home, "select count(*) as n from health_settlements") == [{"n": 1}]
