"""What becomes of a delivery: its receipt, which delivery stands, and what is left when intake is killed."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from drawn import drawn
from inboxes import AREA6, NIGHT, ask, csv_text, drop, file_name, good_row, hand_in, id_no, take_in

from assets.engine import kept_engine
from assets.extracts import accepting
from assets.home import Home
from assets.intake import inbox, ledger, reading
from assets.intake.ledger import Receipt
from assets.intake.reading import Reading, read
from expectations.contract import Contract, contracts

REGISTER = contracts()["civil_affairs_assistance"]  # state
PAYMENTS = contracts()["employment_contributions"]  # flow
AMOUNTS = contracts()["civil_affairs_income"]  # delta
MEMBERS = contracts()["civil_affairs_members"]

LATER = date(2026, 2, 11)
KEY = bytes(range(32))


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read here and not in a child process, and nobody judges: the same code, and a fifth of the time."""

    @contextmanager
    def reader() -> Iterator[Callable[..., Callable[[], Reading]]]:
        def start(*what: Any) -> Callable[[], Reading]:
            return lambda: read(*what)

        yield start

    monkeypatch.setattr(inbox, "reader", reader)
    monkeypatch.setattr(accepting, "judge_staged", lambda connection, rules: [])


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home.at(tmp_path / "home")
    with kept_engine(home):
        yield home


def said(receipts: list[Receipt]) -> list[tuple[str, str]]:
    return [(receipt.state, receipt.code) for receipt in receipts]


def accounts(home: Home, night: date = NIGHT) -> list[tuple[str, int, int, bool]]:
    """(state, accepted, superseded, is_in_force) of every delivery; every one of them adds up."""
    rows = ask(home, "from deliveries order by delivery_no", night)
    for row in rows:
        parts = ("accepted", "rejected", "superseded", "duplicate", "blank", "held", "refused")
        assert row["records"] == sum(row[part] for part in parts), row
    return [(row["state"], row["accepted"], row["superseded"], row["is_in_force"]) for row in rows]


def rows(contract: Contract, *places: int, **cells: str) -> list[dict[str, str]]:
    return [good_row(contract, i, **cells) for i in places]


# The same again --------------------------------------------------------------------------------------------------


def test_the_same_bytes_again_count_once(home: Home) -> None:
    for night in (NIGHT, LATER):
        hand_in(home, PAYMENTS, rows(PAYMENTS, 1, 2))
        take_in(home, night)
    assert accounts(home, LATER) == [("taken", 2, 0, True), ("duplicate", 0, 0, False)]
    assert ask(home, "select count(*) as n from employment_contributions", LATER) == [{"n": 2}]


@pytest.mark.parametrize("contract", [REGISTER, PAYMENTS, AMOUNTS], ids=lambda c: c.delivery)
def test_the_same_bytes_under_two_names_in_one_night(home: Home, contract: Contract) -> None:
    for seq in (1, 2):
        hand_in(home, contract, rows(contract, 1, 2), seq=seq)
    assert said(take_in(home)) == [("taken", ""), ("duplicate", "")]


def test_the_same_bytes_of_another_period_are_another_delivery(home: Home) -> None:
    for period in ("202601", "202602"):
        hand_in(home, REGISTER, rows(REGISTER, 1, 2), period)
    assert said(take_in(home)) == [("taken", ""), ("taken", "")]


def test_a_repeated_night_changes_nothing(home: Home) -> None:
    hand_in(home, REGISTER, rows(REGISTER, 1, 2))
    take_in(home)
    before = {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file()}
    assert take_in(home) == []
    assert {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file()} == before


def test_a_later_night_is_not_seen_by_an_earlier_one(home: Home) -> None:
    hand_in(home, REGISTER, rows(REGISTER, 1, 2))
    take_in(home)
    hand_in(home, REGISTER, rows(REGISTER, 1, 2, 3), seq=2)
    take_in(home, LATER)
    assert accounts(home, NIGHT) == [("taken", 2, 0, True)]
    assert accounts(home, LATER) == [("superseded", 0, 2, False), ("taken", 3, 0, True)]
    assert ask(home, "select count(*) as n from civil_affairs_assistance", NIGHT) == [{"n": 2}]


def test_two_intakes_in_one_night_come_to_one(home: Home, tmp_path: Path) -> None:
    """Intake also runs by day: what came in the morning is judged again beside what came in the afternoon."""
    at_once = Home.at(tmp_path / "at once")
    for where in (home, at_once):
        (where.root / "secrets" / "pseudonym.key").write_bytes(KEY)
        hand_in(where, REGISTER, rows(REGISTER, 1, 2, amount="x"), "202512")
        hand_in(where, PAYMENTS, rows(PAYMENTS, 1, 2, 2), "202512")
        if where is home:
            take_in(where)
        hand_in(where, REGISTER, rows(REGISTER, 1, 2, 3), "202601")
        hand_in(where, PAYMENTS, rows(PAYMENTS, 1, 4, base="90"), "202601")
        take_in(where)
    asked = (
        f"from {REGISTER.extract}",
        f"from {PAYMENTS.extract}",
        "from rejects",
        "select * exclude delivery_no from deliveries",
    )
    for query in asked[:2]:
        assert len(ask(home, query)) == len(ask(at_once, query))
    assert sorted(map(repr, ask(home, asked[3]))) == sorted(map(repr, ask(at_once, asked[3])))
    assert len(ask(home, asked[2])) == len(ask(at_once, asked[2])) == 4


# Corrections -----------------------------------------------------------------------------------------------------

WHICH_STANDS = """
    what                                   | seqs     | rows            | stands
    a corrected file                       | 01 02    | 10 11           | 2
    the same number with other bytes       | 01 01    | 10 11           | 2
    the lower number comes late            | 02 01    | 10 11           | 1
    A, then B, then A again                | 01 01 01 | 10 11 10        | 3
    A, then B, then A under a new number   | 01 02 03 | 10 11 10        | 3
    a fifth less is still taken            | 01 02    | 10 8            | 2
    more than a fifth less is held         | 01 02    | 10 7            | 1
    held, then a whole one                 | 01 02 03 | 10 7 10+        | 3
"""


@pytest.mark.parametrize("contract", [REGISTER, PAYMENTS], ids=lambda c: c.delivery)
@pytest.mark.parametrize("case", drawn(WHICH_STANDS), ids=lambda case: case["what"])
def test_which_snapshot_of_a_period_stands(home: Home, contract: Contract, case: dict[str, str]) -> None:
    for day, (seq, many) in enumerate(zip(case["seqs"].split(), case["rows"].split(), strict=True)):
        first = 100 if many.endswith("+") else 1
        many_rows = rows(contract, *range(first, first + int(many.strip("+"))))
        hand_in(home, contract, many_rows, seq=int(seq))
        take_in(home, date(2026, 2, 10 + day))
    last = date(2026, 2, 28)
    assert [i + 1 for i, one in enumerate(accounts(home, last)) if one[3]] == [int(case["stands"])]
    standing = case["rows"].split()[int(case["stands"]) - 1].strip("+")
    assert ask(home, f"select count(*) as n from {contract.extract}", last) == [{"n": int(standing)}]


def test_a_later_period_of_a_flow_corrects_the_same_key(home: Home) -> None:
    hand_in(home, PAYMENTS, rows(PAYMENTS, 1, 2, base="100.00"), "202601")
    hand_in(home, PAYMENTS, [*rows(PAYMENTS, 1, base="120.00"), *rows(PAYMENTS, 3, pay_month="202602")], "202602")
    take_in(home)
    hand_in(home, PAYMENTS, rows(PAYMENTS, 1, 2, base="90.00"), "202601", seq=2)
    take_in(home, LATER)
    base = "select pay_month::varchar as month, base from employment_contributions order by all"
    assert ask(home, base, LATER) == [
        {"month": "2026-01-01", "base": 9000},
        {"month": "2026-01-01", "base": 12000},
        {"month": "2026-02-01", "base": 10000},
    ]


def test_a_register_speaks_from_its_period_until_the_next(home: Home) -> None:
    for period in ("202511", "202602", "202601"):
        hand_in(home, REGISTER, rows(REGISTER, 1, reason=period), period)
    hand_in(home, REGISTER, rows(REGISTER, 1, reason="corrected"), "202601", seq=2)
    take_in(home)
    spans = ask(
        home, "select period, seq, in_force_from, in_force_to from deliveries where is_in_force order by period"
    )
    assert [tuple(span.values()) for span in spans] == [
        ("202511", 1, None, date(2025, 12, 1)),
        ("202601", 2, date(2026, 1, 1), date(2026, 1, 1)),
        ("202602", 1, date(2026, 2, 1), None),
    ]


def test_of_two_registers_of_one_month_the_later_day_speaks(home: Home) -> None:
    for period in ("20260110", "20260120", "202602"):
        hand_in(home, REGISTER, rows(REGISTER, 1, reason=period), period)
    take_in(home)
    spans = ask(home, "select period, in_force_from, in_force_to from deliveries where is_in_force order by period")
    assert [tuple(span.values()) for span in spans] == [
        ("20260120", None, date(2026, 1, 1)),
        ("202602", date(2026, 2, 1), None),
    ]
    accounts(home)


def test_registers_of_two_counties_do_not_replace_each_other(home: Home) -> None:
    for area6 in (AREA6, "990403"):
        drop(home, file_name(REGISTER).replace(AREA6, area6), csv_text(REGISTER, rows(REGISTER, 1, reason=area6)))
    take_in(home)
    assert ask(home, "select count(*) as n from civil_affairs_assistance") == [{"n": 2}]


# Deltas ----------------------------------------------------------------------------------------------------------

WITHDRAWN = "blank but for the key"
DELTAS = """
    what                            | first file   | second file  | amounts
    a new row                       | 1=10         |              | 10
    two keys                        | 1=10 2=20    |              | 10 20
    changed later                   | 1=10         | 1=11 U       | 11
    changed in the same file        | 1=10, 1=11 U |              | 11
    new again says the last word    | 1=10         | 1=11 I       | 11
    a blank op means new            | 1=10         | 1=11         | 11
    labels instead of letters       | 1=10 新增    | 1=11 修改    | 11
    withdrawn later                 | 1=10 2=20    | 1 D          | 20
    withdrawn by its label          | 1=10 2=20    | 1 删除       | 20
    withdrawn in the same file      | 1=10, 1 D    |              |
    withdrawn and brought back      | 1=10         | 1 D, 1=12 I  | 12
    withdrawn before it ever came   | 1 D          | 1=10         | 10
    a word that op does not know    | 1=10         | 1=11 X       | 10
"""


def delta_rows(text: str) -> list[dict[str, str]]:
    found = []
    for part in text.replace(", ", " & ").replace(" & ", "&").split("&"):
        words = part.split()
        while words:
            place, _, amount = words.pop(0).partition("=")
            op = words.pop(0) if words and "=" not in words[0] else ""
            row = good_row(AMOUNTS, int(place), amount=amount, op=op)
            if not amount:
                row |= {column.name: "" for column in AMOUNTS.columns if not column.is_key and column.name != "op"}
            found.append(row)
    return found


@pytest.mark.parametrize("case", drawn(DELTAS), ids=lambda case: case["what"])
def test_the_last_word_on_a_key_holds(home: Home, case: dict[str, str]) -> None:
    for night, text in ((NIGHT, case["first file"]), (LATER, case["second file"])):
        if text:
            hand_in(home, AMOUNTS, delta_rows(text), f"{night:%Y%m%d}")
            take_in(home, night)
    amounts = ask(home, "select amount // 100 as yuan from civil_affairs_income order by all", LATER)
    assert " ".join(str(row["yuan"]) for row in amounts) == case["amounts"]
    accounts(home, LATER)


def test_a_file_without_op_never_deletes(home: Home) -> None:
    hand_in(home, AMOUNTS, rows(AMOUNTS, 1, 2), "20260101")
    hand_in(home, AMOUNTS, rows(AMOUNTS, 2, op="D"), "20260102", without=["op"])
    take_in(home)
    assert ask(home, "select count(*) as n from civil_affairs_income") == [{"n": 2}]


def test_a_new_row_without_its_amount_is_rejected_though_a_withdrawal_is_not(home: Home) -> None:
    hand_in(home, AMOUNTS, [*rows(AMOUNTS, 1, amount="", op="I"), *rows(AMOUNTS, 2, amount="", op="D")])
    take_in(home)
    assert [tuple(r.values()) for r in ask(home, "select record_no, column_name, code from rejects")] == [
        (1, "amount", "REQUIRED")
    ]


# People without a number yet -------------------------------------------------------------------------------------


def test_newborn_twins_both_stay_and_one_child_told_twice_is_one(home: Home) -> None:
    twins = [good_row(MEMBERS, 1, id_no="", name=name, household_no="H1") for name in ("甲", "乙", "甲")]
    hand_in(home, MEMBERS, twins)
    take_in(home)
    row = ask(home, "from deliveries")[0]
    assert (row["accepted"], row["duplicate"], row["superseded"]) == (2, 1, 0)
    found = ask(
        home,
        "select count(distinct person_key) as people, bool_and(is_unnumbered) as unnumbered from civil_affairs_members",
    )
    assert found == [{"people": 2, "unnumbered": True}]


def test_a_number_that_cannot_be_read_is_not_a_person_without_one(home: Home) -> None:
    hand_in(home, MEMBERS, rows(MEMBERS, 1, id_no="3.7E+17"))
    take_in(home)
    assert ask(home, "from civil_affairs_members") == []
    assert [row["code"] for row in ask(home, "from rejects")] == ["ID-DESTROYED"]


# Whole files -----------------------------------------------------------------------------------------------------


def test_a_name_that_does_not_follow_the_form_is_refused_and_kept(home: Home) -> None:
    drop(home, "医保 结算(1).csv", "a,b\n1,2\n")
    receipt = take_in(home)[0]
    assert (receipt.state, receipt.code, receipt.file) == ("refused", "FILE-NAME", "医保 结算(1).csv")
    assert (home.archive / receipt.sha256).read_bytes() == b"a,b\n1,2\n"
    assert not list(home.inbox.rglob("*.csv"))


@pytest.mark.parametrize(
    "name", ["a'b.csv", 'a"b.csv', "a;b--.csv", "w[1].csv", "*.csv", "a\nb.csv", "x" * 250 + ".csv", "%s{}.csv", "𠮷.csv"]
)  # fmt: skip
def test_odd_names_are_data_only(home: Home, name: str) -> None:
    drop(home, name, "1")
    drop(home, file_name(REGISTER), csv_text(REGISTER, rows(REGISTER, 1)))
    take_in(home)
    told = ask(home, "select file, state from deliveries order by delivery_no")
    assert [tuple(row.values()) for row in told] == [(name, "refused"), (file_name(REGISTER), "taken")]


def test_a_name_in_gb18030_is_told_as_it_was_meant(home: Home) -> None:
    folder = home.inbox / "department"
    folder.mkdir()
    path = folder / os.fsdecode("医保结算.csv".encode("gb18030"))
    path.write_text("1")
    os.utime(path, (0, 0))
    assert [(r.file, r.code) for r in take_in(home)] == [("医保结算.csv", "FILE-NAME")]
    assert not path.exists()


def test_an_extract_without_contract_is_refused(home: Home) -> None:
    drop(home, f"civil_affairs_meals_{AREA6}_202601_01.csv", "a,b\n1,2\n")
    assert said(take_in(home)) == [("refused", "FILE-CONTRACT")]


def test_missing_columns_are_named(home: Home) -> None:
    hand_in(home, PAYMENTS, rows(PAYMENTS, 1, 2), without=["base", "is_paid", "payer"])
    receipt = take_in(home)[0]
    assert (receipt.state, receipt.code, receipt.detail) == ("refused", "FILE-HEADER", "缴费基数、实缴标志")
    assert accounts(home) == [("refused", 0, 0, False)]
    assert receipt.records == 2


def test_a_key_number_may_be_blank_but_its_column_not_missing(home: Home) -> None:
    hand_in(home, MEMBERS, rows(MEMBERS, 1), without=["id_no"])
    assert [(r.code, r.detail) for r in take_in(home)] == [("FILE-HEADER", "身份证号")]


def test_optional_columns_may_be_missing(home: Home) -> None:
    hand_in(home, PAYMENTS, rows(PAYMENTS, 1, 2), without=["payer", "employer_code"])
    take_in(home)
    assert (
        ask(home, "select payer, employer_code from employment_contributions")
        == [{"payer": None, "employer_code": None}] * 2
    )


@pytest.mark.parametrize("again", ["身份证号", "身份证件号码", "ID_NO", " 身份 证号 ", "ｉｄ＿ｎｏ"])
def test_a_column_named_twice_refuses_the_file(home: Home, again: str) -> None:
    head, *lines = csv_text(PAYMENTS, rows(PAYMENTS, 1, 2)).splitlines()
    drop(home, file_name(PAYMENTS), "\n".join([f"{head},{again}", *(f"{line},{id_no(1)}" for line in lines)]))
    assert [(r.state, r.code, r.detail) for r in take_in(home)] == [("refused", "FILE-HEADER-TWICE", "身份证号")]


def test_an_extra_column_is_taken_and_noted(home: Home) -> None:
    head, *lines = csv_text(PAYMENTS, rows(PAYMENTS, 1, 2)).splitlines()
    drop(home, file_name(PAYMENTS), "\n".join([f"备注,{head}", *(f"x,{line}" for line in lines)]))
    receipt = take_in(home)[0]
    assert (receipt.state, receipt.extra_columns) == ("taken", ("备注",))
    assert ask(home, "select count(*) as n from employment_contributions") == [{"n": 2}]


def test_a_separator_behind_the_last_column_of_every_line(home: Home) -> None:
    lines = csv_text(PAYMENTS, rows(PAYMENTS, 1, 2)).splitlines()
    drop(home, file_name(PAYMENTS), "".join(f"{line},\n" for line in lines))
    take_in(home)
    assert accounts(home) == [("taken", 2, 0, True)]


@pytest.mark.parametrize(
    "content", ["", "\n", "\ufeff", "HEADER", "HEADER\n", "HEADER\n\n\r\n  \n", "HEADER\n,,,,,,,\n"]
)
def test_a_file_without_a_single_row_is_as_missing(home: Home, content: str) -> None:
    hand_in(home, REGISTER, rows(REGISTER, 1, 2), "202512")
    head = csv_text(PAYMENTS, []).strip()
    drop(home, file_name(PAYMENTS), content.replace("HEADER", head))
    receipt = next(r for r in take_in(home) if r.extract == PAYMENTS.extract)
    assert receipt.state == "refused"
    assert receipt.code == ("FILE-EMPTY" if content.startswith("HEADER") or not content else receipt.code)
    accounts(home)


def test_a_blank_register_does_not_end_the_one_before(home: Home) -> None:
    hand_in(home, REGISTER, rows(REGISTER, 1, 2), "202512")
    drop(home, file_name(REGISTER), csv_text(REGISTER, [{}, {}]))
    take_in(home)
    assert ask(home, "select period, in_force_to from deliveries where is_in_force") == [
        {"period": "202512", "in_force_to": None}
    ]


@pytest.mark.parametrize(("records", "code"), [(65_534, ""), (65_535, "FILE-CUT"), (65_536, "FILE-CUT"), (65_537, "")])
def test_a_file_as_long_as_a_sheet_may_be_is_held(home: Home, tmp_path: Path, records: int, code: str) -> None:
    """65,536 lines with the header or without it: an older workbook ends there."""
    head, line = csv_text(PAYMENTS, rows(PAYMENTS, 1)).splitlines()
    drop(home, file_name(PAYMENTS), f"{head}\n" + f"{line}\n" * records)
    receipts = inbox.take_in(home, NIGHT)
    assert [(r.code, r.state, r.records) for r in receipts] == [(code, "held" if code else "taken", records)]


# Manifests -------------------------------------------------------------------------------------------------------

CONTENT = csv_text(PAYMENTS, rows(PAYMENTS, 1, 2)) + "\n"
SHA256 = hashlib.sha256(CONTENT.encode()).hexdigest()


@pytest.mark.parametrize(
    ("manifest", "state"),
    [
        ({"rows": 2, "sha256": SHA256, "produced_at": "2026-02-01T08:00:00"}, "taken"),
        ({"rows": 2}, "taken"),
        ({"sha256": SHA256.upper()}, "taken"),
        ({}, "taken"),
        ({"rows": 3}, "held"),
        ({"rows": 1}, "held"),
        ({"sha256": "0" * 64}, "held"),
        ({"rows": "two"}, "held"),
        ({"rows": None, "sha256": None}, "held"),
        (["sha256", "rows"], "held"),
        (5, "held"),
        ("rows", "held"),
        (None, "held"),
        (b"{", "held"),
        (b"", "held"),
        (b"\xff\xfe", "held"),
        (b"[" * 100_000, "held"),
        (b'{"rows": ' + b"9" * 5000 + b"}", "held"),
    ],
    ids=lambda one: str(one)[:20],
)
def test_a_file_that_is_not_what_its_manifest_says_is_held(home: Home, manifest: object, state: str) -> None:
    drop(home, file_name(PAYMENTS), CONTENT)
    content = manifest if isinstance(manifest, bytes) else json.dumps(manifest)
    drop(home, file_name(PAYMENTS) + ".manifest.json", content)
    assert said(take_in(home)) == [(state, "FILE-MANIFEST" if state == "held" else "")]
    assert not [path for path in home.inbox.rglob("*") if path.is_file()]
    accounts(home)


def test_a_manifest_alone_waits_for_its_file(home: Home) -> None:
    manifest = drop(home, file_name(PAYMENTS) + ".manifest.json", '{"rows": 9}')
    assert take_in(home) == []
    assert manifest.exists()
    drop(home, file_name(PAYMENTS), CONTENT)
    assert said(take_in(home)) == [("held", "FILE-MANIFEST")]


# What lies in an inbox -------------------------------------------------------------------------------------------


def test_only_regular_visible_files_are_taken(home: Home, tmp_path: Path) -> None:
    elsewhere = tmp_path / file_name(PAYMENTS)
    elsewhere.write_text(CONTENT)
    folder = home.inbox / "department"
    (folder / "sub" / file_name(PAYMENTS, "202512")).mkdir(parents=True)
    (folder / file_name(PAYMENTS)).symlink_to(elsewhere)
    (folder / "linked").symlink_to(tmp_path)
    os.mkfifo(folder / file_name(PAYMENTS, "202511"))
    drop(home, ".hidden.csv", "1")
    drop(home, "~$book.xlsx", "1")
    assert take_in(home) == []
    assert elsewhere.exists()


def test_a_file_that_grows_is_not_touched(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop(home, file_name(PAYMENTS), CONTENT)
    path.touch()

    def meanwhile(seconds: float) -> None:
        with path.open("a") as file:
            file.write("more")

    monkeypatch.setattr(inbox.time, "sleep", meanwhile)
    assert take_in(home) == []
    assert path.exists()


def test_a_file_that_goes_away_while_it_is_looked_at_is_no_matter(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = drop(home, file_name(PAYMENTS, "202512"), CONTENT)
    drop(home, file_name(PAYMENTS), CONTENT)
    archive = ledger.archive

    def archived(where: Home, path: Path) -> tuple[str, int]:
        gone.unlink(missing_ok=True)
        return archive(where, path)

    monkeypatch.setattr(ledger, "archive", archived)
    assert [(r.delivery_no, r.period, r.state) for r in take_in(home)] == [(1, "202601", "taken")]


def test_a_file_that_went_before_it_was_opened_is_no_matter(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    there = drop(home, file_name(PAYMENTS), CONTENT)
    monkeypatch.setattr(inbox, "settled", lambda home: [there.with_name(file_name(PAYMENTS, "202512")), there])
    assert [(r.delivery_no, r.period, r.state) for r in take_in(home)] == [(1, "202601", "taken")]


def test_a_file_that_nobody_may_read_waits_and_keeps_no_other_out(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = drop(home, file_name(PAYMENTS, "202512"), CONTENT)
    drop(home, file_name(PAYMENTS), CONTENT)
    archive = ledger.archive

    def archived(where: Home, path: Path) -> tuple[str, int]:
        if path == locked:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return archive(where, path)

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "archive", archived)
        assert [r.period for r in take_in(home)] == ["202601"]
    assert [r.period for r in take_in(home)] == ["202512"]


# Killed ----------------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """What stands for `kill -9` here: no handler may catch it."""


def a_mixed_night(home: Home) -> None:
    hand_in(home, PAYMENTS, rows(PAYMENTS, 1, 2), "202601")
    hand_in(home, PAYMENTS, rows(PAYMENTS, 1, 2, 3), "202601", seq=2)
    hand_in(home, REGISTER, rows(REGISTER, 1), "202601")
    hand_in(home, AMOUNTS, rows(AMOUNTS, 1), "202601", without=["amount"])
    drop(home, "oddly named.csv", "1")
    drop(home, file_name(AMOUNTS, "20260102"), csv_text(AMOUNTS, rows(AMOUNTS, 1)))
    drop(home, file_name(AMOUNTS, "20260102") + ".manifest.json", '{"rows": 1}')
    drop(home, file_name(AMOUNTS, "20260103"), csv_text(AMOUNTS, rows(AMOUNTS, 2)))
    drop(home, file_name(AMOUNTS, "20260103") + ".manifest.json", '{"rows": 2}')


def left(home: Home) -> dict[str, object]:
    """All that a night leaves behind: the ledger, the lake's rows, and nothing in the inbox."""
    ledgers = {path.name: json.loads(path.read_bytes()) for path in sorted(home.ledger.glob("*.json"))}
    tables = {
        name: sorted(map(repr, ask(home, f"from {name}")))
        for name in ("deliveries", PAYMENTS.extract, REGISTER.extract, AMOUNTS.extract)
    }
    return ledgers | tables | {"inbox": sorted(path.name for path in home.inbox.rglob("*") if path.is_file())}


WHERE = ["before the receipt", "after the receipt", "after the manifest went", "after the file went"]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    home = Home.at(tmp_path_factory.mktemp("undisturbed"))
    (home.root / "secrets" / "pseudonym.key").write_bytes(KEY)
    a_mixed_night(home)
    take_in(home)
    return left(home)


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("after", [0, 3, 6])
def test_a_killed_intake_run_again_leaves_what_an_undisturbed_one_leaves(
    home: Home, undisturbed: dict[str, object], monkeypatch: pytest.MonkeyPatch, where: str, after: int
) -> None:
    (home.root / "secrets" / "pseudonym.key").write_bytes(KEY)
    a_mixed_night(home)
    enter, unlink, entered = ledger.enter, Path.unlink, []

    def enter_or_die(home: Home, receipt: Receipt) -> None:
        if where == "before the receipt" and len(entered) == after:
            raise Killed
        enter(home, receipt)
        entered.append(receipt)
        if where == "after the receipt" and len(entered) > after:
            raise Killed

    def unlink_or_die(path: Path, missing_ok: bool = False) -> None:
        unlink(path, missing_ok=missing_ok)
        is_manifest = path.name.endswith(".manifest.json")
        if home.inbox in path.parents and len(entered) > after and where == WHERE[2 if is_manifest else 3]:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "enter", enter_or_die)
        patch.setattr(Path, "unlink", unlink_or_die)
        with pytest.raises(Killed):
            inbox.take_in(home, NIGHT)
    take_in(home)
    assert left(home) == undisturbed


def test_a_file_delivered_anew_after_an_interrupted_night_is_a_delivery(home: Home) -> None:
    """Only what lay there when intake was killed is tidied away; the same name and bytes next day count as duplicate."""
    hand_in(home, PAYMENTS, rows(PAYMENTS, 1, 2))
    take_in(home)
    hand_in(home, PAYMENTS, rows(PAYMENTS, 1, 2))
    assert said(take_in(home)) == [("duplicate", "")]


def test_nothing_of_a_file_stays_in_staging(home: Home) -> None:
    """Records in staging are plain text; those of refused, held and duplicate files would lie there for ever."""
    a_mixed_night(home)
    hand_in(home, REGISTER, rows(REGISTER, 1), seq=2)
    drop(home, file_name(PAYMENTS, "202512"), csv_text(PAYMENTS, []))
    drop(home, file_name(PAYMENTS, "202511", suffix="xlsx"), "no workbook")
    left_by_a_killed_run = [home.staging / name for name in ("00000003-0123456789abcdef.arrow", ".x.arrow.77.part")]
    for path in left_by_a_killed_run:
        path.write_bytes(b"somebody's row")
    states = {receipt.state for receipt in take_in(home)}
    assert states == {"taken", "held", "refused", "duplicate"}
    assert not list(home.staging.iterdir())


def test_records_of_a_run_that_was_killed_behind_the_verdict_go_too(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(home, PAYMENTS, rows(PAYMENTS, 1, 2))
    unlink = Path.unlink

    def die(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".arrow":
            raise Killed
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", die)
        with pytest.raises(Killed):
            take_in(home)
    assert list(home.staging.iterdir())
    (home.archive / ".4711.part").write_bytes(b"half a copy")
    take_in(home)
    assert not list(home.staging.iterdir())
    assert not list(home.archive.glob(".*"))


def test_a_full_disk_is_no_fault_of_the_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_in(home, PAYMENTS, rows(PAYMENTS, 1, 2))

    def full(*what: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(reading.pa, "OSFile", full)
        with pytest.raises(OSError, match="No space left"):
            inbox.take_in(home, NIGHT)
    assert ledger.receipts(home, NIGHT) == []
    assert said(take_in(home)) == [("taken", "")]
    assert accounts(home) == [("taken", 2, 0, True)]


def test_half_a_staged_file_is_read_again(home: Home) -> None:
    """A power cut may leave the receipt on disk and the staged records not."""
    hand_in(home, PAYMENTS, rows(PAYMENTS, 1, 2))
    receipt = inbox.take_in(home, NIGHT)[0]
    staged = inbox.staged_file(home, receipt)
    staged.write_bytes(staged.read_bytes()[:-200])
    take_in(home)
    assert accounts(home) == [("taken", 2, 0, True)]


@pytest.mark.parametrize("content", [b"", b"ARROW1\0\0"])
def test_an_empty_staged_file_is_read_again(home: Home, content: bytes) -> None:
    hand_in(home, PAYMENTS, rows(PAYMENTS, 1, 2))
    receipt = inbox.take_in(home, NIGHT)[0]
    inbox.staged_file(home, receipt).write_bytes(content)
    take_in(home)
    assert accounts(home) == [("taken", 2, 0, True)]
