"""A made-up town, small enough to run several nights in a test: who lives there, what they earn, what comes too late."""

from __future__ import annotations

from datetime import date

from inboxes import AREA6, Row, good_row, hand_in, id_no

from assets.home import Home
from expectations.contract import contracts
from tests.spec.county import UNBOUNDED

MEMBERS, INCOME = contracts()["civil_affairs_members"], contracts()["civil_affairs_income"]
HEAD = "name,area_prefix,residence,value,unit,valid_from,valid_to,known_at,document\n"
STANDARDS = f"{HEAD}dibao,{AREA6},any,800,month,2020-01-01,,2020-01-01,made up\n"
FIRST, NIGHT, LATER = date(2026, 1, 20), date(2026, 1, 21), date(2026, 1, 22)
GONE, FALLEN, JUST_UNDER, LATE = "H1", "H2", "H3", "H4"
"""Fell from 4000 to 700, from 4000 to 2900 (.275), and from 4000 to 3040 (.24); told of too late."""


def town(home: Home) -> Home:
    """Three families on the first night, in the inbox."""
    (home.reference / "standards.csv").write_text(STANDARDS, encoding="utf-8")
    (home.reference / "parameters.csv").write_text(HEAD + UNBOUNDED, encoding="utf-8")
    hand_in(home, MEMBERS, [member(i, number) for i, number in enumerate((GONE, FALLEN, JUST_UNDER), 1)], "202512")
    rows = [row for i, (number, now) in enumerate(((GONE, 700), (FALLEN, 2900), (JUST_UNDER, 3040)), 1)
            for row in (earning(i, number, 4000, "202409", "202509"), earning(i, number, now, "202510"))]  # fmt: skip
    hand_in(home, INCOME, rows, "202512")
    return home


def next_day(home: Home) -> None:
    """For the night after the first: one family earns a little less."""
    hand_in(home, INCOME, [earning(2, FALLEN, 2800, "202510")], "202512", seq=2)


def too_late(home: Home) -> None:
    """After the list: a correction that would have put a family on it, and a family nobody had told of."""
    hand_in(home, INCOME, [earning(3, JUST_UNDER, 2000, "202510")], "202512", seq=3)
    everyone = [member(i, number) for i, number in enumerate((GONE, FALLEN, JUST_UNDER, LATE), 1)]
    hand_in(home, MEMBERS, everyone, "202512", seq=2)


def member(i: int, household_no: str) -> Row:
    return good_row(
        MEMBERS, i, household_no=household_no, relation="02", is_coliving="是", labour="1", health="1",
        area12=f"{AREA6}001001", grid_code=f"{AREA6}00100101", hukou_type="1", from_month="202001", name=f"丁{i}",
    )  # fmt: skip


def earning(i: int, household_no: str, amount: int, first: str, last: str = "") -> Row:
    return good_row(
        INCOME, i, id_no=id_no(i), name=f"丁{i}", household_no=household_no, item="A", amount=f"{amount}.00",
        from_month=first, to_month=last, source="2", op="I",
    )  # fmt: skip
