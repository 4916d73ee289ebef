"""From hits to cases: the level a case gets, the rules nobody may act on, and a number that stays."""

from datetime import date

import duckdb
import pytest

from assets.engine import MACROS
from assets.rules.catalogue import rules
from tests.spec.county import County


def test_two_dimensions_and_an_end_of_aid_raise_a_case(county: County) -> None:
    """Each raises by one, at most to 3; a household of unknown composition stays at 2. What is left bounds the red ones."""
    county.receive(
        members="""
            household      | person
            one dimension  | a
            two dimensions | b
            a note beside  | c
            left aid       | d
            both           | e
            red already    | f
            and little left| h
            refused, quiet | g
        """,
        jobless="""
            person     | registered_on
            a          | t-2
            b          | t-2
            c          | t-2
            d          | t-2
            e          | t-2
            f          | t-2
            h          | t-2
            in no list | t-2
        """,
        settlements="""
            person     | settled_at | total
            b          | t-2        | 12000
            c          | t-6        | 5000
            e          | t-2        | 12000
            f          | t-6        | 2000
            h          | t-6        | 9000
            in no list | t-2        | 27000
        """,
        income="""
            person | item | amount | from_month | to_month
            c      | B    | 4000   | t-10       | t-1
            f      | B    | 900    | t-10       | t-1
            h      | B    | 900    | t-10       | t-1
        """,
        aid="""
            person | aid_type | start_month | end_month | result | result_date
            d      | 600      | t-20        | t-5       | 3      | t-5
            e      | 600      | t-20        | t-5       | 3      | t-5
            g      | 110      | t-3         |           | 2      | t-3
        """,
    ).judge().cases(
        """
            household      | hit_level | level | is_combo | is_exit_watch | dimensions     | main_rule
            one dimension  | 1         | 1     | false    | false         | income         | UNEMP-REG
            two dimensions | 1         | 2     | true     | false         | income medical | UNEMP-REG
            a note beside  | 1         | 1     | false    | false         | income         | UNEMP-REG
            left aid       | 1         | 2     | false    | true          | income         | UNEMP-REG
            both           | 1         | 3     | true     | true          | income medical | UNEMP-REG
            red already    | 3         | 1     | true     | false         | income medical | MED-IMPOVERISH
            and little left| 3         | 3     | true     | false         | income medical rigid | MED-IMPOVERISH
            (alone)        | 2         | 2     | true     | false         | income medical | MED-ABS
        """
    )


def test_what_own_cost_leaves_bounds_rules_that_weigh_income(county: County) -> None:
    """Above the standard nobody is sent, and the list of who waits says why; a line that asks for no income, and a dated
    event, send somebody all the same. A red case is yellow where just the standard is missed."""
    county.receive(
        members="household | person\n enough | a\n a little short | b\n a line | c\n an event | d\n unknown | e",
        income="""
            person | item | amount | from_month | to_month
            a      | B    | 4000   | t-12       | t-1
            b      | B    | 900    | t-12       | t-1
            c      | B    | 9000   | t-12       | t-1
            d      | B    | 4000   | t-12       | t-1
        """,
        settlements="""
            person | settled_at | total
            a      | t-6        | 12000
            b      | t-6        | 3100
            c      | t-6        | 27000
            e      | t-6        | 27000
        """,
        jobless="person | registered_on\n d | t-2",
    )
    first = county.judge(lists=("waiting",))
    first.cases(
        """
            household      | hit_level | residual_level | level | state      | main_rule
            enough         | 1         | 0              | 0     | pending    | MED-SHARE
            a little short | 3         | 1              | 1     | handed_out | MED-IMPOVERISH
            a line         | 2         | 0              | 2     | handed_out | MED-ABS
            an event       | 1         | 0              | 1     | handed_out | UNEMP-REG
            unknown        | 2         |                | 2     | handed_out | MED-ABS
        """
    )
    waits = first.of("waiting")["enough"]
    assert (waits["level_name"], waits["state_name"]) == ("仅记录", "仅记录") and "高于入户线" in waits["why"]


def test_who_had_enough_left_is_sent_for_when_it_is_gone(county: County) -> None:
    """A feed that falls silent makes no case graver; a bill that eats the income does."""
    county.receive(
        members="household | person\n family | Li\n silent | Wang",
        income="""
            person | item | amount | from_month | to_month
            Li     | B    | 4000   | t-12       | t+3
            Wang   | B    | 4000   | t-12       | t-1
        """,
        settlements="person | settled_at | total\n Li | t-6 | 12000\n Wang | t-6 | 12000",
    )
    county.judge()
    county.receive(date(2026, 3, 21), settlements="person | settled_at | total\n Li | t-1 | 13000")
    county.judge(date(2026, 3, 21)).cases(
        """
            household | residual_level | level | state      | residual_level
            family    | 3              | 3     | handed_out | 3
            silent    | 0              | 0     | pending    | 0
        """
    )


def test_a_note_alone_opens_no_case(county: County) -> None:
    night = county.receive(
        members="household | person\n family | Li",
        wages="person | pay_month | base\n Li | t-24..t-1 | 4000",
        settlements="person | settled_at | total\n Li | t-6 | 5000",
    ).judge()
    assert night.levels() == {"family": {"MED-SHARE": 0}} and night.of("cases") == {}


def test_a_case_keeps_its_number_and_says_what_changed(county: County) -> None:
    county.receive(
        members="household | person\n stays | Li\n worsens | Wang\n ends | Zhao\n comes | Qian",
        settlements="""
            person | settled_at | total | settlement_id
            Li     | t-2        | 27000 | a
            Wang   | t-2        | 27000 | b
            Zhao   | t-2        | 27000 | c
        """,
    )
    first = county.judge().of("cases")
    county.receive(
        date(2026, 1, 22),
        settlements="""
            person | settled_at | total  | settlement_id | is_refund | refunded_settlement_id
            Wang   | t-1        | 30000  | d             |           |
            Zhao   | t-1        | -27000 | e             | true      | c
            Qian   | t-1        | 27000  | f             |           |
        """,
    )
    second = county.judge(date(2026, 1, 22))
    again = county.judge(date(2026, 1, 22))
    second.cases(
        """
            household | level | change    | nights_running | opened_on
            stays     | 2     | continued | 2              | 2026-01-21
            worsens   | 3     | escalated | 2              | 2026-01-21
            comes     | 2     | new       | 1              | 2026-01-22
        """
    )
    assert again.tables["cases"] == second.tables["cases"]
    numbers = {name: row["case_id"] for name, row in second.of("cases").items()}
    assert numbers["stays"] == first["stays"]["case_id"] and numbers["worsens"] == first["worsens"]["case_id"]
    assert len({*numbers.values(), first["ends"]["case_id"]}) == 4
    third = county.receive(
        date(2026, 1, 23),
        settlements="""
            person | settled_at | total  | settlement_id | is_refund | refunded_settlement_id
            Wang   | t-1        | -30000 | g             | true      | d
        """,
    ).judge(date(2026, 1, 23))
    third.cases("household | level | change | nights_running\n worsens | 2 | eased | 3\n stays | 2 | continued | 3")


def test_hits_of_a_held_rule_open_no_case(county: County) -> None:
    """The wage feed has come for months and its last closed month did not: INC rules are held, MED rules are not."""
    county.receive(
        members="household | person\n family | Li",
        income="person | item | amount | from_month | to_month\n Li | B | 4000 | t-24 | t-4\n Li | B | 300 | t-3 | t-1",
        settlements="person | settled_at | total\n Li | t-2 | 27000",
        delivered={"wages": "t-24..t-2", "settlements": "t-24..t-1"},
    )
    night = county.judge()
    assert night.levels("INC-DROP", "INC-BELOW", "MED-ABS") == {"family": {"INC-DROP": 2, "INC-BELOW": 3, "MED-ABS": 2}}
    assert "income" not in night.of("cases")["family"]["dimensions"]
    held = [
        (row["extracts"], row["gate"])
        for row in night.tables["held"]
        if (row["rule"], row["state"]) == ("INC-BELOW", "held")
    ]
    assert held == [("employment_contributions", "delivery")]
    county.receive(date(2026, 1, 22), delivered={"wages": "t-1..t-1"})
    assert "INC-BELOW" in county.judge(date(2026, 1, 22)).of("cases")["family"]["rules"]


def test_a_rule_whose_extract_never_came_is_off(county: County) -> None:
    night = county.receive(
        members="household | person\n family | Li",
        settlements="person | settled_at | total\n Li | t-2 | 27000",
    ).judge()
    off = {row["rule"] for row in night.tables["held"] if row["state"] == "off"}
    assert off == {
        code for code, rule in rules().items()
        if set(rule.needs) - {"civil_affairs_members", "health_settlements"} or (
            rule.needs_any and not set(rule.needs_any) & {"civil_affairs_members", "health_settlements"})
    }  # fmt: skip
    assert {"INC-DROP", "SI-LAPSE", "ESI", "DIS-NEW", "DEATH-EARN", "EDU-NOAID", "GAP-RIGID", "ADM-OVER"} <= off
    assert set(night.levels()["family"]) <= {"MED-ABS", "MED-STAY", "MED-SPIKE"}


@pytest.fixture(scope="module")
def macros() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set variable as_of = date '2026-01-21'")
    connection.execute(MACROS.read_text(encoding="utf-8"))
    return connection


def test_the_check_sign_catches_every_wrong_sign(macros: duckdb.DuckDBPyConnection) -> None:
    signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    numbers = [0, 1, 31, 1 << 49, (1 << 50) - 1, *(7**15 * i % (1 << 50) for i in range(1, 300))]
    ids = [row[0] for row in macros.execute("select case_number(unnest($1::bigint[]))", [numbers]).fetchall()]
    assert len(set(ids)) == len(ids) and all(len(one) == 12 and one[0] == "G" and set(one) <= set(signs) for one in ids)
    ids = [one[1:] for one in ids]
    right = set(ids)

    def is_right(text: str) -> bool:
        doubled = [signs.index(sign) * (2 if place % 2 else 1) for place, sign in enumerate(reversed(text))]
        return sum(n // 32 + n % 32 for n in doubled) % 32 == 0

    assert all(is_right(one) for one in right)
    for one in ids[:40]:
        wrong = [one[:i] + sign + one[i + 1 :] for i in range(11) for sign in signs if sign != one[i]]
        assert not any(is_right(text) for text in wrong)


def test_yellow_does_not_wait_where_little_is_left_or_nobody_earns(county: County) -> None:
    """Under half of the standard a second look is not asked for; nor where the last wage of a family is gone."""
    county.receive(
        members="household | person\n just half | a\n under half | b\n no wage | c\n a wage | d",
        wages="person | pay_month | base\n c | t-24..t-1 | 4000\n d | t-24..t-1 | 4000",
    )
    county.judge()
    county.receive(
        date(2026, 1, 22),
        income="person | item | amount | from_month\n a | B | 400 | t-3\n b | B | 399.99 | t-3",
        wages="person | pay_month | base\n c | t-24..t-4 | 4000\n d | t-24..t-1 | 4000",
    )
    county.judge(date(2026, 1, 22)).cases(
        """
            household  | level | state      | main_rule | change
            just half  | 1     | pending    | INC-LOW   |
            under half | 1     | handed_out | INC-LOW   | new
            no wage    | 1     | handed_out | EARN-LOST | new
        """
    )
    county.receive(
        date(2026, 1, 23), settlements="person | settled_at | total\n a | t-2 | 3"
    )  # no news for the rule itself
    county.judge(date(2026, 1, 23)).cases(
        """
            household | state      | main_rule | change
            just half | handed_out | INC-LOW   | new
        """
    )
