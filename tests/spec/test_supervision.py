"""What goes to supervision alone: aid of the dead, of those in two households, of those who earn enough; and gaps."""

from __future__ import annotations

from typing import Any

from assets.tables import in_order, sql_tables
from tests.spec.county import NIGHT, County


def supervised(county: County) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """The supervision table of the night, and every list that may show a hit."""
    with county._night(NIGHT) as night:
        night.write_hits()
        night.write_near_hits()
        for table in in_order(sql_tables("cases")):
            night.write(table)
        for name in ("risk_list", "evidence", "statistics", "supervision_left_out", "supervision_overpaid"):
            night.write(sql_tables("lists")[name])
        names = ("supervision", "risk_list", "evidence", "statistics", "supervision_left_out", "supervision_overpaid")
        night.open(*names)
        tables = {
            name: night.connection.sql(f"from {name} order by all").to_arrow_table().to_pylist() for name in names
        }
    return tables.pop("supervision"), tables


def found(rows: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {(row["household_no"], row["rule"], row["file"]) for row in rows}


def test_need_and_overpayment_never_share_a_list(county: County) -> None:
    """A family on dibao with a dead member still paid, a good wage and a great bill; and one that is left out."""
    county.receive(
        members="household | person\n aided | a\n aided | a2\n left out | b",
        aid="person | aid_type | period\n a | 110 | t-1\n a2 | 110 | t-1",
        wages="person | pay_month | base\n a | t-24..t-1 | 9000",
        income="person | item | amount | from_month | to_month | source\n b | A | 700 | t-24 | t-1 | 2",
        records="person | record | recorded_on\n a2 | 4 | t-6",
        settlements="person | settled_at | total\n a | t-2 | 60000",
    )
    supervision, lists = supervised(county)
    assert found(supervision) == {
        ("aided", "ADM-DEATH", "B"), ("aided", "ADM-OVER", "B"), ("left out", "GAP-DIBAO", "A"),
    }  # fmt: skip
    assert {row["household_no"] for row in lists["risk_list"]} == {"aided", "left out"}
    for name in ("risk_list", "evidence", "statistics", "supervision_left_out"):
        assert lists[name] and not any("ADM" in str(cell) for row in lists[name] for cell in row.values()), name
    assert {row["rule"] for row in lists["supervision_overpaid"]} == {"ADM-DEATH", "ADM-OVER"}
    assert {row["rule"] for row in lists["supervision_left_out"]} == {"GAP-DIBAO"}


def test_aid_of_the_dead_is_found_though_nobody_is_left(county: County) -> None:
    """The whole household died: no family to visit, and the aid goes on. Who died on a day unknown is not judged."""
    county.receive(
        members="""
            household  | person | to_month
            alone      | a      | t-5
            old couple | b      | t-5
            old couple | b2     | t-5
            ended      | c      | t-5
            left late  | d      | t-5
            refused    | e      | t-5
            of others  | f      |
        """,
        aid="""
            person | aid_type | start_month | end_month | result | result_date | period
            a      | 120      | t-20        |           | 1      |             | t-1
            b      | 120      | t-20        |           | 1      |             | t-1
            b2     | 120      | t-20        |           | 1      |             | t-1
            c      | 120      | t-20        | t-5       | 1      |             | t-1
            d      | 120      | t-20        | t-3       | 3      | t-3         | t-1
            e      | 120      | t-20        |           | 2      | t-20        | t-1
            f      | 120      | t-20        |           | 1      |             | t-1
        """,
        records="person | record | recorded_on\n a | 4 | t-5\n b | 4 | t-5\n b2 | 4 | t-5\n c | 4 | t-5\n d | 4 | t-5\n e | 4 | t-5",
    )
    supervision, lists = supervised(county)
    assert found(supervision) == {
        ("alone", "ADM-DEATH", "B"), ("old couple", "ADM-DEATH", "B"), ("left late", "ADM-DEATH", "B"),
    }  # fmt: skip
    assert {(row["household_no"], row["value"]) for row in supervision} == {
        ("alone", 4),
        ("old couple", 8),
        ("left late", 2),
    }
    assert len(lists["supervision_overpaid"]) == 3 and lists["risk_list"] == []


def test_one_person_in_two_households(county: County) -> None:
    """She joined her son and still stands in her own list, where aid goes on; a clean move is none."""
    county.receive(
        members="""
            household | person | from_month | to_month
            her own   | mother |            |
            her own   | father |            |
            her son's | son    |            |
            her son's | mother | t-7        |
            left      | aunt   |            | t-8
            left      | niece  |            |
            moved to  | aunt   | t-7        |
        """,
        aid="person | aid_type | period\n mother | 110 | t-1\n father | 110 | t-1\n niece | 110 | t-1\n aunt | 110 | t-1",
    )
    supervision, _ = supervised(county)
    told = found(supervision)
    assert ("her own", "ADM-TWICE", "B") in told
    assert not {household for household, rule, _ in told if rule == "ADM-TWICE"} & {"left", "moved to"}


def test_dibao_that_is_phased_out_already_is_not_overpaid(county: County) -> None:
    county.receive(
        members="household | person\n earns | a\n phased out | b\n half | c",
        aid="person | aid_type | result | period\n a | 110 | 1 | t-1\n b | 110 | 4 | t-1\n c | 110 | 1 | t-1",
        wages="person | pay_month | base\n a | t-24..t-1 | 1200\n b | t-24..t-1 | 1200\n c | t-24..t-1 | 1199.99",
    )
    supervision, _ = supervised(county)
    assert found(supervision) == {("earns", "ADM-OVER", "B")}


def test_a_rule_that_is_held_finds_nothing(county: County) -> None:
    """The wage feed has come for months and December is out; what the dead are paid does not lean on it."""
    county.receive(
        members="household | person\n earns | a\n earns | a2",
        aid="person | aid_type | period\n a | 110 | t-1\n a2 | 110 | t-1",
        wages="person | pay_month | base\n a | t-24..t-2 | 9000",
        records="person | record | recorded_on\n a2 | 4 | t-6",
    )
    assert found(supervised(county)[0]) == {("earns", "ADM-DEATH", "B")}
