"""Whose a record is though its number is missing or broken: drawn cases, from real files to the lists."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from inboxes import NIGHT, file_name, good_row, hand_in, id_no, records, take_in

from assets import extracts
from assets.extracts import accepting
from assets.home import Home
from assets.intake import inbox, ledger
from assets.linkage import linking
from assets.night import Night
from assets.tables import sql_tables
from expectations.contract import contracts
from expectations.identity import check_character
from pipelines.releasing import release_delivery
from tests.drawn import drawn

MEMBERS = contracts()["civil_affairs_members"]
INSURANCE = contracts()["health_insurance"]
SETTLEMENTS = contracts()["health_settlements"]
ASSISTANCE = contracts()["civil_affairs_assistance"]

KNOWN = """
    who          | name        | born     | i
    李建国       | 李建国      | 19620314 | 117
    王秀英       | 王秀英      | 19580902 | 204
    张伟         | 张伟        | 19790525 | 315
    older 刘洋   | 刘洋        | 19810101 | 401
    younger 刘洋 | 刘洋        | 19910707 | 402
    twin 陈子轩  | 陈子轩      | 20151111 | 510
    one 赵敏     | 赵敏        | 19700808 | 611
    other 赵敏   | 赵敏        | 19700808 | 622
    one 何平     | 何平        | 19730808 | 633
    other 何平   | 何平        | 19730808 | 744
    买买提·艾力  | 买买提·艾力 | 19850630 | 713
    孙桂兰       | 孙桂兰      | 19490219 | 818
    周杰         | 周杰        | 19880404 | 919
    吴芳         | 吴芳        | 19930912 | 925
    郑凯         | 郑凯        | 19680120 | 131
    冯丽         | 冯丽        | 19751203 | 142
    褚卫东       | 褚卫东      | 19661016 | 153
    韩雪梅       | 韩雪梅      | 19830417 | 164
    杨光         | 杨光        | 19540628 | 175
    秦少华       | 秦少华      | 19470530 | 186
    许文强       | 许文强      | 19990726 | 197
    沈小红       | 沈小红      | 20040213 | 208
"""
NUMBERS = {row["who"]: id_no(int(row["i"]), row["born"]) for row in drawn(KNOWN)}
NAMES = {row["who"]: row["name"] for row in drawn(KNOWN)}


def number_of(spelling: str) -> str:
    """`7?@李建国` has another 7th sign, `7x` lost it, `7~` exchanged it with the 8th; `E14` and `000` as spreadsheets do."""
    if "@" not in spelling:
        return spelling
    how, _, who = spelling.partition("@")
    number = NUMBERS[who]
    if how.startswith("E"):
        return f"{number[0]}.{number[1 : 1 + int(how[1:])]}E+17"
    if how == "000":
        return number[:15] + "000"
    if how == "masked":
        return number[:6] + "********" + number[14:]
    if how.startswith("cut"):
        return number[: int(how[3:])]
    if how == "15":
        return number[:6] + number[8:17]
    place = int(how[:-1]) - 1
    if how[-1] == "x":
        return number[:place] + number[place + 1 :]
    if how[-1] == "~":
        return number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert how[-1] == "?"
    for other in "0123456789":
        told = number[:place] + other + number[place + 1 :]
        if other != number[place] and check_character(told[:17]) != told[17]:
            return told
    raise AssertionError


@pytest.fixture(autouse=True, scope="module")
def nobody_judges() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accepting, "judge_staged", lambda connection, rules: [])
        yield


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


def register(home: Home, without: Sequence[str] = (), **style: Any) -> None:
    rows = [
        good_row(INSURANCE, 1, id_no=NUMBERS[who], name=NAMES[who], year="2026")
        for who in NUMBERS if who not in without
    ]  # fmt: skip
    hand_in(home, INSURANCE, rows, **style)


def settled(home: Home, rows: Sequence[Mapping[str, str]], seq: int = 1) -> None:
    hand_in(home, SETTLEMENTS, [good_row(SETTLEMENTS, i, **row) for i, row in enumerate(rows, start=1)], seq=seq)


@contextmanager
def linked(home: Home, night: date = NIGHT) -> Iterator[Night]:
    """The night after its step `linked`."""
    with Night.of(home, night) as opened:
        linking.write(opened)
        yield opened


def ask(night: Night, query: str) -> list[dict[str, Any]]:
    night.open("deliveries", "linked", *(name for name in contracts() if name in query))
    return records(night.connection, query)


def key_of(night: Night, who: str) -> int | None:
    if not who:
        return None
    extracts.unlock(night.connection, night.home.pseudonym_key())
    key: int = night.connection.execute("select pseudonym($1)", [NUMBERS[who]]).fetchall()[0][0]
    return key


GOOD_LINES = 40


def everything(home: Home, order: int | None = None) -> None:
    """Every drawn case in one file, and a register of everybody and a few hundred more; `order` shuffles the lines."""
    rows = [
        {"id_no": number_of(case["number"]), "name": case["name"], "settlement_id": f"S{i}"}
        for i, case in enumerate(drawn(CASES))
    ]  # fmt: skip
    # as many good lines and more: of a file of which half cannot be read no line is believed
    rows += [
        {"id_no": id_no(i), "name": f"郭大{'春夏秋冬'[i % 4]}", "settlement_id": f"G{i}"} for i in range(GOOD_LINES)
    ]
    people = [(NUMBERS[who], NAMES[who]) for who in NUMBERS] + [
        (id_no(i), f"郭大{'春夏秋冬'[i % 4]}") for i in range(300)
    ]
    if order is not None:
        random.Random(order).shuffle(rows)
        random.Random(order).shuffle(people)
    hand_in(home, INSURANCE, [good_row(INSURANCE, 1, id_no=n, name=name, year="2026") for n, name in people])
    hand_in(home, SETTLEMENTS, [good_row(SETTLEMENTS, 1, **row) for row in rows])
    take_in(home)


CASES = """
    what                               | number               | name        | person       | code
    one sign wrong at the end          | 18?@李建国           | 李建国      | 李建国       | LINKED
    one sign wrong in the serial       | 16?@周杰             | 周杰        | 周杰         | LINKED
    one sign wrong in the day          | 12?@王秀英           | 王秀英      | 王秀英       | LINKED
    one sign wrong in the origin       | 3?@吴芳              | 吴芳        | 吴芳         | LINKED
    two neighbours exchanged           | 13~@郑凯             | 郑凯        | 郑凯         | LINKED
    a sign lost in the day             | 9x@冯丽              | 冯丽        | 冯丽         | LINKED
    the last sign lost                 | cut17@褚卫东         | 褚卫东      | 褚卫东       | LINKED
    fifteen kept by a spreadsheet      | 000@韩雪梅           | 韩雪梅      | 韩雪梅       | LINKED
    exponent with all it can hold      | E14@杨光             | 杨光        | 杨光         | LINKED
    exponent with the origin alone     | E5@秦少华            | 秦少华      |              | LINK-WEAK
    a name with a dot and without      | 18?@买买提·艾力      | 买买提艾力  | 买买提·艾力  | LINKED
    a number that is masked            | masked@许文强        | 许文强      |              | LINK-WEAK
    no number at all                   |                      | 沈小红      |              | LINK-WEAK
    no number, a name of two persons   |                      | 刘洋        |              | LINK-WEAK
    the day tells two namesakes apart  | 17?@younger 刘洋     | 刘洋        | younger 刘洋 | LINKED
    two namesakes of one day           | cut14@one 赵敏       | 赵敏        |              | LINK-SEVERAL
    the serial tells them apart        | 18?@one 何平         | 何平        | one 何平     | LINKED
    a namesake of another day          | 99040219990101123    | 张伟        |              | LINK-NONE
    a number of another person         | 17?@张伟             | 钱多多      |              | LINK-NAME
    a twin is not a slip of the pen    | 17?@twin 陈子轩      | 陈子涵      |              | LINK-NAME
    nobody of that name and number     | 990402200001011      | 郑无名      |              | LINK-NONE
    no number but words                | 身份证待补           | 孙桂兰      |              | LINK-WEAK
"""


@pytest.fixture(scope="module")
def drawn_cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """One home with every drawn case: a line each of one file, after the register."""
    home = Home.at(tmp_path_factory.mktemp("cases") / "home")
    everything(home)
    with linked(home) as night:
        yield night


@pytest.mark.parametrize("place, case", enumerate(drawn(CASES)), ids=[case["what"] for case in drawn(CASES)])
def test_whose_a_record_is(drawn_cases: Night, place: int, case: dict[str, str]) -> None:
    line = place + 2
    told = ask(drawn_cases, f"select person_key, code from linked where line_no = {line}")
    assert told == [{"person_key": key_of(drawn_cases, case["person"]), "code": case["code"]}]
    counted = ask(drawn_cases, f"select person_key from health_settlements where line_no = {line}")
    assert counted == [{"person_key": key_of(drawn_cases, case["person"])}] * (case["code"] == "LINKED")


def test_the_account_of_a_delivery_tells_the_linked_beside_the_rejected(drawn_cases: Night) -> None:
    codes = [case["code"] for case in drawn(CASES)]
    assert ask(
        drawn_cases, "select accepted, rejected, linked from deliveries where extract = 'health_settlements'"
    ) == [{"accepted": GOOD_LINES, "rejected": len(codes), "linked": codes.count("LINKED")}]


def test_a_number_of_fifteen_digits_is_no_question(home: Home) -> None:
    register(home)
    settled(home, [{"id_no": number_of("15@李建国"), "name": "李建国"}])
    take_in(home)
    with linked(home) as night:
        assert ask(night, "from linked") == []
        assert ask(night, "select person_key from health_settlements") == [{"person_key": key_of(night, "李建国")}]


def test_only_a_number_makes_a_record_one_that_is_sought(home: Home) -> None:
    """Another fault beside it, and the record is rejected for good."""
    register(home)
    broken = number_of("18?@李建国")
    settled(home, [{"id_no": broken, "name": "李建国", "total": "x"}, {"id_no": broken, "name": ""}])
    take_in(home)
    with linked(home) as night:
        assert ask(night, "from linked") == []


def test_all_lines_of_a_person_are_linked_alike_but_two_claims_are_not_settled(home: Home) -> None:
    register(home)
    first, second = number_of("18?@李建国"), number_of("17?@李建国")
    settled(home, [{"id_no": first, "name": "李建国"}, {"id_no": first, "name": "李建国"}])
    take_in(home)
    with linked(home) as night:
        assert [row["code"] for row in ask(night, "from linked")] == ["LINKED", "LINKED"]
    settled(home, [{"id_no": second, "name": "李建国", "settlement_id": "another"}], seq=2)
    take_in(home, NIGHT + timedelta(days=1))
    with linked(home, NIGHT + timedelta(days=1)) as night:
        assert {row["code"] for row in ask(night, "from linked")} == {"LINK-DISPUTED"}
        assert ask(night, "from health_settlements") == []


def test_a_record_that_was_mended_is_sought_no_more_and_counts_once(home: Home) -> None:
    register(home)
    settled(home, [{"id_no": number_of("18?@李建国"), "name": "李建国", "settlement_id": "S"}])
    take_in(home)
    settled(home, [{"id_no": NUMBERS["李建国"], "name": "李建国", "settlement_id": "S"}], seq=2)
    take_in(home, NIGHT + timedelta(days=1))
    with linked(home, NIGHT + timedelta(days=1)) as night:
        assert ask(night, "from linked") == []
        assert len(ask(night, "from health_settlements")) == 1


def test_a_held_file_that_is_let_through_stays_older_than_what_mended_it(home: Home) -> None:
    """It comes in last, and speaks at its old place."""
    register(home)
    spoilt = [{"id_no": number_of("18?@李建国"), "name": "李建国", "settlement_id": "S"}]
    settled(home, spoilt)
    path = home.inbox / "department" / file_name(SETTLEMENTS)
    path.with_name(path.name + inbox.MANIFEST).write_text(json.dumps({"rows": 2}))
    take_in(home)
    settled(home, [{"id_no": NUMBERS["李建国"], "name": "李建国", "settlement_id": "S"}], seq=2)
    take_in(home, NIGHT + timedelta(days=1))
    [held] = [receipt for receipt in ledger.receipts(home, date.max) if receipt.state == "held"]
    release_delivery(home, held.delivery_no, "Wang Min", "the manifest was wrong")
    [released] = take_in(home, NIGHT + timedelta(days=2))
    assert released.released_from == held.delivery_no < released.delivery_no
    with linked(home, NIGHT + timedelta(days=2)) as night:
        assert ask(night, "from linked") == []
        assert len(ask(night, "from health_settlements")) == 1


REGISTERS = """
    what                                | first        | second       | codes               | rows
    the same row with both numbers      | 李建国       | 18?@李建国   |                     | 1
    the same row twice, broken          | 18?@李建国   | 18?@李建国   | LINKED              | 1
    another row of one that stands      | 李建国       | 18?@李建国 * | LINK-STANDS         | 1
    one row alone                       | 王秀英       | 18?@李建国   | LINKED              | 2
"""


@pytest.mark.parametrize("case", drawn(REGISTERS), ids=lambda case: case["what"])
def test_a_register_gives_a_person_once(home: Home, case: dict[str, str]) -> None:
    register(home)
    rows = []
    for cell in (case["first"], case["second"]):
        spelling, _, other = cell.partition(" ")
        who = spelling.split("@")[-1]
        cells = {"household_no": "H2" if other else "H1", "start_month": "202601", "aid_type": "110"}
        rows.append(
            good_row(
                ASSISTANCE, 1, id_no=number_of(spelling) if "@" in spelling else NUMBERS[who], name=NAMES[who], **cells
            )
        )
    hand_in(home, ASSISTANCE, rows)
    take_in(home)
    with linked(home) as night:
        assert [row["code"] for row in ask(night, "from linked")] == case["codes"].split()
        assert len(ask(night, "from civil_affairs_assistance")) == int(case["rows"])


UNNUMBERED = """
    what                               | name   | phone       | address          | person | code
    the telephone of last month        | 李建国 | 13800000001 |                  | 李建国 | LINKED
    an address, where few are known    | 李建国 |             | 东村 12 号院 3 户 |        | LINK-WEAK
    a child of that telephone          | 李小宝 | 13800000001 |                  |        | LINK-NAME
    nothing but the name               | 李建国 |             |                  |        | LINK-WEAK
"""


@pytest.mark.parametrize("case", drawn(UNNUMBERED), ids=lambda case: case["what"])
def test_a_member_without_a_number_is_known_by_name_and_home(home: Home, case: dict[str, str]) -> None:
    """Once known he is one person, under the number that was told elsewhere."""
    told = {"household_no": "H1", "from_month": "202501"}
    where = {"phone": "13800000001", "address": "东村 12 号院 3 户"}
    others = [
        good_row(MEMBERS, 1, id_no=NUMBERS[who], name=NAMES[who], household_no=f"H-{who}", address=f"西村 {i} 号")
        for i, who in enumerate(NUMBERS) if who != "李建国"
    ]  # fmt: skip
    before = [good_row(MEMBERS, 1, id_no=NUMBERS["李建国"], name="李建国", **told, **where), *others]
    hand_in(home, MEMBERS, before, period="202512")
    again = {"id_no": "", "name": case["name"], "phone": case["phone"], "address": case["address"]}
    hand_in(home, MEMBERS, [good_row(MEMBERS, 1, **told, **again), *others], period="202601")
    take_in(home)
    with linked(home) as night:
        rows = ask(night, "select person_key, code from linked")
        assert rows == [{"person_key": key_of(night, case["person"]), "code": case["code"]}]
        members = ask(
            night,
            "select distinct person_key, is_unnumbered from civil_affairs_members where household_no = 'H1' order by 2",
        )
        night.open("people")
        people = records(night.connection, "select count(*) as n from people")
        if case["person"]:
            assert members == [{"person_key": key_of(night, case["person"]), "is_unnumbered": False}]
        else:
            assert [row["is_unnumbered"] for row in members] == [False, True]
        assert people == [{"n": len(NUMBERS) + (not case["person"])}]


# Always the same --------------------------------------------------------------------------------------------------


def test_threads_change_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home.at(tmp_path / "home")
    everything(home)
    written = set()
    for threads in ("1", "2", "4"):
        monkeypatch.setenv("LOWINCOME_THREADS", threads)
        with linked(home):
            written.add((home.table("linked", NIGHT) / "part.parquet").read_bytes())
    assert len(written) == 1


def test_the_order_of_lines_changes_nothing_but_the_lines(tmp_path: Path) -> None:
    told = []
    key = b"k" * 32
    for order in range(3):
        home = Home.at(tmp_path / f"home-{order}")
        (home.root / "secrets" / "pseudonym.key").write_bytes(key)
        everything(home, order)
        with linked(home) as night:
            night.open("unidentified")
            told.append(ask(night, "select u.name, u.id_no, l.* exclude (record_no, line_no) from linked l join unidentified u using (delivery_no, record_no) order by all"))  # fmt: skip
    assert told[0] == told[1] == told[2]
    assert sum(row["code"] == "LINKED" for row in told[0]) > 5


def test_a_past_nights_links_stay_what_they_were(home: Home) -> None:
    """A namesake who comes to be known later makes the link doubtful from then on, not before."""
    register(home, without=["other 赵敏"])
    settled(home, [{"id_no": number_of("000@one 赵敏"), "name": "赵敏"}])
    take_in(home)
    with linked(home) as night:
        assert [row["code"] for row in ask(night, "from linked")] == ["LINKED"]
        before = (home.table("linked", NIGHT) / "part.parquet").read_bytes()
    later = NIGHT + timedelta(days=1)
    namesake = NUMBERS["one 赵敏"][:15] + "77"
    hand_in(
        home, INSURANCE,
        [good_row(INSURANCE, 1, id_no=namesake + check_character(namesake), name="赵敏", insurance="310")], period="202602",
    )  # fmt: skip
    take_in(home, later)
    with linked(home, later) as night:
        assert [row["code"] for row in ask(night, "from linked")] == ["LINK-SEVERAL"]
    with linked(home):
        assert (home.table("linked", NIGHT) / "part.parquet").read_bytes() == before


# What people read ---------------------------------------------------------------------------------------------------


def listed(night: Night, name: str) -> list[dict[str, Any]]:
    table = sql_tables("lists")[name]
    night.open(*table.reads)
    return records(night.connection, f"select * from ({table.sql}) order by line_no, code")


def test_the_body_is_told_what_became_of_each_record(home: Home) -> None:
    register(home)
    good, unclear = number_of("18?@李建国"), number_of("E5@孙桂兰")
    settled(home, [{"id_no": good, "name": "李建国"}, {"id_no": unclear, "name": "孙桂兰"}])
    take_in(home)
    with linked(home) as night:
        night.open("findings")
        rows = records(night.connection, "from findings where starts_with(file, 'health_settlements') order by line_no")
        assert [(row["line_no"], row["code"], row["outcome"]) for row in rows] == [
            (2, "ID-CHECK", "linked"),
            (3, "ID-DESTROYED", "rejected"),
        ]
        found, waits = listed(night, "identity")
    assert (found["line_no"], found["outcome"], found["code"], found["candidates"]) == (2, "linked", "LINKED", 1)
    assert (found["name"], found["number"]) == ("李**", f"{good[:6]}********{good[-4:]}")
    assert found["says"] == "姓名相同；号码前六位相同；出生日期相同；末四位差一位；同县区"
    assert (waits["line_no"], waits["outcome"], waits["code"], waits["says"]) == (
        3,
        "waiting",
        "LINK-WEAK",
        "姓名相同；同县区",
    )
    assert found["body"] == "医保" and found["cure"] and waits["fault"]


def test_one_number_under_two_names_is_told_and_not_merged(home: Home) -> None:
    register(home)
    settled(home, [{"id_no": NUMBERS["周杰"], "name": "周捷"}, {"id_no": NUMBERS["买买提·艾力"], "name": "买买提艾力"}])
    take_in(home)
    with linked(home) as night:
        rows = listed(night, "identity")
        assert {(row["code"], row["body"], row["line_no"], row["candidates"]) for row in rows} == {
            ("TWO-NAMES", "医保", 2, 2),
            ("TWO-NAMES", "医保", 14, 2),
        }
        assert ask(night, "from linked") == []
        assert len(ask(night, "from health_settlements")) == 2


def test_the_lake_holds_nobodys_name_or_number(drawn_cases: Night) -> None:
    drawn_cases.write(sql_tables("lists")["identity"], ("name", "number"))
    drawn_cases.open("identity")
    cells = {
        str(cell)
        for name in ("linked", "identity")
        for row in ask(drawn_cases, f"from {name}")
        for cell in row.values()
    }
    assert any("姓名相同" in cell for cell in cells)
    for who, number in NUMBERS.items():
        assert not any(NAMES[who] in cell or number[6:] in cell for cell in cells)
