"""Items of supervision from night to night: found, planned, overdue, rectified, closed; and what a month came to."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any
from zlib import crc32

import duckdb
import pytest

from assets.engine import MACROS
from assets.memory import ITEM_COLUMNS
from assets.opener import nothing
from assets.tables import FOLDER, sql_tables
from expectations.case_ids import SIGNS, case_id
from tests.drawn import drawn
from tests.spec.county import County

AREA12 = "990402001001"
RECHECK_DAYS = 62


class Nights:
    """The SQL of supervision alone, over drawn findings: each night leans on the one before."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("set variable as_of = date '2026-01-01'")
        self.connection.execute("set variable pseudonym_inner = ''::blob; set variable pseudonym_outer = ''::blob")
        self.connection.execute(MACROS.read_text(encoding="utf-8"))
        self.connection.execute(f"""
            create table previous_supervision as select {nothing(ITEM_COLUMNS)} where false;
            create table supervision_findings (household_id bigint, household_no varchar, area6 varchar, area12 varchar, rule varchar,
                level integer, reason varchar, evidence varchar, value double, threshold double, file varchar);
            create table held (rule varchar, area varchar, state varchar);
            create table civil_affairs_rectifications (item_no varchar, handling varchar, handled_on date, planned_until date,
                delivery_no bigint, record_no bigint);
            create table rule_order (rule varchar, title varchar, basis varchar, place integer);
            insert into rule_order values ('GAP-DIBAO', 'left out', 'law', 1), ('ADM-OVER', 'overpaid', 'law', 2);
            create table settings (area12 varchar, residence varchar, name varchar, value decimal(18,4), back integer);
            insert into settings values ('{AREA12}', 'urban', 'recheck_days', {RECHECK_DAYS}, 1);
            create table areas (code varchar, name varchar);
            create table item_transitions as
                from read_csv('{FOLDER}/cases/item_transitions.csv', header = true, all_varchar = true);
        """)
        self.answers = 0

    def night(
        self, day: date, found: dict[str, str], held: tuple[str, ...] = (), answers: dict[str, str] | None = None
    ) -> list[dict[str, Any]]:
        """One night: who is found under which rule, and answers by item number, as `handling day until`."""
        run = self.connection.execute
        run(f"set variable as_of = date '{day}'")
        run("delete from supervision_findings; delete from held")
        for household, rule in found.items():
            if rule not in held:
                run(
                    "insert into supervision_findings values ($1, $2, '990402', $3, $4, 2, 'because', '{}', 1, 2, $5)",
                    [crc32(household.encode()), household, AREA12, rule, "A" if rule.startswith("GAP") else "B"],
                )
        for rule in held:
            run(f"insert into held values ('{rule}', '990402', 'held'), ('{rule}', '{AREA12[:9]}', 'held')")
        for item, answer in (answers or {}).items():
            self.answers += 1
            handling, on, *until = answer.split()
            run(
                "insert into civil_affairs_rectifications values ($1, $2, $3, $4, $5, 1)",
                [item, handling, on, until[0] if until else None, self.answers],
            )
        run(f"create or replace table supervision as {sql_tables('cases')['supervision'].sql}")
        run(f"create or replace table supervision_counts as {sql_tables('cases')['supervision_counts'].sql}")
        run("create or replace table previous_supervision as from supervision")
        return self.table("supervision")

    def table(self, name: str) -> list[dict[str, Any]]:
        return list(self.connection.sql(f"from {name} order by all").to_arrow_table().to_pylist())


@pytest.fixture
def nights() -> Iterator[Nights]:
    opened = Nights()
    yield opened
    opened.connection.close()


@pytest.mark.parametrize("life", [
    pytest.param("""
        night      | found | answer                | state
        2026-01-05 | yes   |                       | found
        2026-01-06 | yes   | 1 2026-01-06          | rectified
        2026-01-20 | yes   |                       | rectified
        2026-02-10 | no    |                       | closed
        2026-02-11 | no    |                       | closed
     """, id="rectified at once, and the data show it"),
    pytest.param("""
        night      | found | answer                | state
        2026-01-05 | yes   |                       | found
        2026-01-06 | yes   | 1 2026-01-06          | rectified
        2026-03-08 | yes   |                       | rectified
        2026-03-09 | yes   |                       | found
        2026-03-10 | yes   |                       | found
     """, id="rectified in words alone comes back after the recheck"),
    pytest.param("""
        night      | found | answer                | state
        2026-01-05 | yes   |                       | found
        2026-01-06 | yes   | 2 2026-01-06 2026-01-20 | planned
        2026-01-20 | yes   |                       | planned
        2026-01-21 | yes   |                       | overdue
        2026-01-22 | yes   | 2 2026-01-06 2026-01-20 | overdue
        2026-01-23 | yes   | 2 2026-01-22 2026-02-01 | planned
        2026-01-24 | no    |                       | closed
     """, id="a plan, its day, a list sent twice, and a second plan"),
    pytest.param("""
        night      | found | answer                | state
        2026-01-05 | yes   |                       | found
        2026-01-06 | yes   | 3 2026-01-06          | closed
        2026-01-07 | yes   |                       | closed
        2026-01-08 | held  |                       | closed
        2026-01-09 | yes   |                       | closed
        2026-01-10 | no    |                       | closed
        2026-01-11 | yes   |                       | found anew
     """, id="untrue stays closed for as long as the finding goes on"),
    pytest.param("""
        night      | found | answer                | state
        2026-01-04 | held  |                       |
        2026-01-05 | yes   |                       | found
        2026-01-06 | held  |                       | found
        2026-01-07 | held  | 2 2026-01-07 2026-01-08 | planned
        2026-01-09 | held  |                       | overdue
        2026-01-10 | held  | 1 2026-01-10          | rectified
        2026-05-10 | held  |                       | rectified
        2026-05-11 | yes   |                       | found
        2026-05-12 | no    |                       | closed
     """, id="a held rule neither opens nor closes, and no recheck is lost by it"),
    pytest.param("""
        night      | found | answer                | state
        2026-01-05 | yes   |                       | found
        2026-01-06 | no    |                       | closed
        2026-01-07 | yes   |                       | found anew
        2026-01-08 | yes   | 1 2026-01-08          | rectified
     """, id="found again after it was gone is a new item"),
    pytest.param("""
        night      | found | answer                | state
        2026-01-05 | yes   |                       | found
        2026-01-09 | yes   | 1 2026-01-09          | rectified
        2026-01-10 | yes   | 2 2026-01-07 2026-02-01 | rectified
     """, id="an older answer that comes late changes nothing"),
])  # fmt: skip
def test_an_item_lives_as_the_table_says(nights: Nights, life: str) -> None:
    """The number stays with the item; `anew` is another one, and the old one stays closed."""
    number, items = "", 0
    for row in drawn(life):
        found = {"family": "GAP-DIBAO"} if row["found"] in ("yes", "held") else {}
        table = nights.night(
            date.fromisoformat(row["night"]), found, ("GAP-DIBAO",) if row["found"] == "held" else (),
            {number: row["answer"]} if row["answer"] else None,
        )  # fmt: skip
        newest = max(table, key=lambda item: item["opened_on"], default=None)
        state, _, anew = row["state"].partition(" ")
        assert (newest["state"] if newest else "") == state, row["night"]
        if newest:
            items += bool(anew) or not number
            number = newest["item_no"] if anew or not number else number
            assert (newest["item_no"], len(table)) == (number, items), row["night"]
            assert (newest["closed_on"] is not None) == (state == "closed")


def test_every_state_meets_every_event_that_it_can(nights: Nights) -> None:
    with (FOLDER / "cases" / "item_transitions.csv").open(encoding="utf-8", newline="") as file:
        told = {(row["state"], row["event"]): row["next_state"] for row in csv.DictReader(file)}
    states, events = {"found", "planned", "overdue", "rectified"}, {"planned", "rectified", "refuted", "gone"}
    assert set(told) == {("", "found"), ("planned", "lapsed"), ("rectified", "lapsed"), *product(states, events)}
    assert set(told.values()) == states | {"closed"}


def test_numbers_are_those_of_items_and_the_night_twice_is_the_same(nights: Nights) -> None:
    found = {f"family {i}": "GAP-DIBAO" for i in range(30)} | {"paid": "ADM-OVER"}
    first = nights.night(date(2026, 1, 5), found)
    numbers = {row["item_no"] for row in first}
    assert len(numbers) == 31
    for number in numbers:
        assert number == "S" + case_id(sum(SIGNS.index(sign) << 5 * (9 - i) for i, sign in enumerate(number[1:11])))[1:]
    nights.connection.execute("delete from previous_supervision")
    assert nights.night(date(2026, 1, 5), found) == first


def test_a_month_is_counted_by_town_and_rule_and_small_cells_are_hidden(nights: Nights) -> None:
    """Thirty found and six planned; three of those overdue; two rectified; five closed, one of them untrue."""
    nights.night(date(2025, 12, 30), {f"old {i}": "GAP-DIBAO" for i in range(7)})
    found = {f"family {i:02}": "GAP-DIBAO" for i in range(30)} | {f"paid {i}": "ADM-OVER" for i in range(6)}
    items = {row["household_no"]: row["item_no"] for row in nights.night(date(2026, 1, 5), found)}
    names = sorted(name for name in items if name.startswith("family"))
    answers = {items[name]: "2 2026-01-06 2026-02-20" for name in names[:6]}
    answers |= {items[name]: "1 2026-01-06" for name in names[6:8]} | {items[names[8]]: "3 2026-01-06"}
    nights.night(date(2026, 1, 6), found, (), answers)
    nights.night(date(2026, 1, 7), {name: rule for name, rule in found.items() if name not in names[9:13]})
    counts = {(row["file"], row["measure"]): row["items"] for row in nights.table("supervision_counts")}
    assert counts == {
        ("A", "found"): 30, ("A", "planned"): 6, ("A", "rectified"): None, ("A", "overdue"): 0, ("A", "closed"): 11,
        ("A", "untrue"): None, ("B", "found"): 6, ("B", "planned"): 0, ("B", "rectified"): 0, ("B", "overdue"): 0,
        ("B", "closed"): 0, ("B", "untrue"): 0,
    }  # fmt: skip


def test_a_night_of_the_whole_pipeline_keeps_its_items(county: County) -> None:
    """Found on the first night, planned on the second, closed by aid on the third; the overpaid stay in their own file."""
    county.receive(
        members="household | person\n aided | a\n left out | b",
        aid="person | aid_type | period\n a | 110 | t-1",
        wages="person | pay_month | base\n a | t-24..t-1 | 9000",
        income="person | item | amount | from_month | to_month | source\n b | A | 700 | t-24 | t-1 | 2",
    )
    first = {row["household_no"]: row for row in county.judge().tables["supervision"]}
    assert {name: (row["state"], row["file"]) for name, row in first.items()} == {
        "aided": ("found", "B"), "left out": ("found", "A"),
    }  # fmt: skip
    second_night = county.night + timedelta(days=1)
    county.receive(
        second_night,
        rectifications="item_no | handling | handled_on | planned_until\n"
        f"{first['left out']['item_no']} | 2 | night | night+20",
    )
    second = {row["household_no"]: row for row in county.judge(second_night).tables["supervision"]}
    assert {name: row["state"] for name, row in second.items()} == {"aided": "found", "left out": "planned"}
    assert {name: row["item_no"] for name, row in second.items()} == {
        name: row["item_no"] for name, row in first.items()
    }
    third_night = county.night + timedelta(days=2)
    county.receive(third_night, aid="person | aid_type | period | seq\n a | 110 | t-1 | 2\n b | 110 | t-1 | 2")
    third = {row["household_no"]: row for row in county.judge(third_night).tables["supervision"]}
    assert {name: row["state"] for name, row in third.items()} == {"aided": "found", "left out": "closed"}
    assert third["left out"]["closed_on"] == third_night and third["left out"]["handling"] == "2"
