"""How a hit goes on and ends, and what that makes of a case: a few families drawn over some nights."""

from __future__ import annotations

from datetime import date

from assets.tables import FOLDER
from expectations.contract import contracts
from tests.drawn import drawn
from tests.spec.county import NIGHT, County, Worked

PARAMETERS = """capacity_week,,any,2,count,2000-01-01,,2000-01-01,drawn
"""


def standing(night: Worked) -> dict[str, str]:
    """`family RULE`: how the hit stands."""
    names = {row["household_id"]: row["household_no"] for row in night.tables["cases"]}
    return {f"{names[row['household_id']]} {row['rule']}": row["standing"] for row in night.tables["standing_hits"]}


def states(night: Worked, *columns: str) -> dict[str, tuple[object, ...]]:
    return {row["household_no"]: tuple(row[c] for c in columns) for row in night.tables["cases"]}


def test_every_move_is_between_known_states_and_every_outcome_has_an_event() -> None:
    """The table of transitions is whole: each answer is heard in each state in which a visit may end."""
    import csv

    with (FOLDER / "cases" / "transitions.csv").open(encoding="utf-8", newline="") as file:
        moves = {(row["state"], row["event"]): row["next_state"] for row in csv.DictReader(file)}
    with (FOLDER / "cases" / "outcomes.csv").open(encoding="utf-8", newline="") as file:
        outcomes = {row["outcome"]: row for row in csv.DictReader(file)}
    states = {"pending", "open", "handed_out", "verified", "snoozed", "closed"}
    assert set(moves.values()) == states and {state for state, _ in moves} == states | {""}
    told = contracts()["civil_affairs_followups"].column("outcome").codes
    assert {code: row["label"] for code, row in outcomes.items()} == dict(told)
    for state in states - {"closed"}:
        for event in {row["event"] for row in outcomes.values()} - {"away"}:
            assert moves[state, event] in ("verified", "snoozed")
        assert moves[state, "ended"] == moves[state, "withdrawn"] == "closed"


def test_a_hit_ends_when_it_is_clearly_over_in_two_months_running(county: County) -> None:
    """MED-ABS from 26,000 on; nine tenths are 23,400. The bill of t-10 leaves the window of twelve months with time."""
    county.receive(
        members="household | person\n near | a\n over | b\n goes on | c",
        settlements="""
            person | settled_at | total
            a      | t-12       | 2000
            a      | t-5        | 24500
            b      | t-12       | 26000
            c      | t-5        | 27000
        """,
    )
    assert set(standing(county.judge()).values()) == {"firing"}
    february, march = county.judge(date(2026, 2, 21)), county.judge(date(2026, 3, 21))
    assert standing(february)["near MED-ABS"] == "near" and standing(february)["over MED-ABS"] == "missed"
    assert standing(february)["goes on MED-ABS"] == "firing"
    assert standing(march)["near MED-ABS"] == "near" and standing(march)["over MED-ABS"] == "cleared"
    assert states(march, "state", "change")["over"] == ("closed", "cleared")
    assert states(march, "state", "change")["near"] == ("handed_out", "continued")
    assert "over MED-ABS" not in standing(county.judge(date(2026, 3, 22)))


def test_better_data_on_the_very_months_withdraw_a_hit_at_once(county: County) -> None:
    county.receive(
        members="household | person\n family | a",
        settlements="person | settled_at | total | settlement_id\n a | t-2 | 30000 | one",
    )
    county.judge()
    county.receive(
        date(2026, 1, 22),
        settlements="person | settled_at | total | settlement_id | op\n a | t-2 | 300 | one | U",
    )
    night = county.judge(date(2026, 1, 22))
    assert standing(night)["family MED-ABS"] == "withdrawn"
    assert states(night, "state", "change") == {"family": ("closed", "withdrawn")}
    (change,) = night.tables["changes"]
    assert (change["change"], change["rules_lost"]) == ("withdrawn", ["MED-ABS", "MED-STAY", "MED-SPIKE"])
    assert "MED-ABS 撤销（数据更正）" in change["told"]


def test_yellow_waits_for_a_second_evaluation(county: County) -> None:
    """Red and orange stand on the list at once; the first night is a baseline, where all do. New data are an evaluation."""
    county.receive(
        members="household | person\n old | a\n new | b\n grave | c", jobless="person | registered_on\n a | t-1"
    )
    county.judge()
    county.receive(
        date(2026, 1, 22),
        jobless="person | registered_on\n a | t-1\n b | t-1",
        settlements="person | settled_at | total\n c | t-2 | 27000",
    )
    night = county.judge(date(2026, 1, 22))
    assert states(night, "state", "level") == {
        "old": ("handed_out", 1), "new": ("pending", 1), "grave": ("handed_out", 2),
    }  # fmt: skip
    assert states(county.judge(date(2026, 1, 23)), "state")["new"] == ("pending",)
    county.receive(date(2026, 1, 24), jobless="person | registered_on\n a | t-1\n b | t-1")
    assert states(county.judge(date(2026, 1, 24)), "state", "change")["new"] == ("handed_out", "new")


def test_a_grid_hands_out_what_it_can_visit_in_a_week(tmp_path: object) -> None:
    """Two visits a week: the gravest first, the rest queues in view; families without a grid are not counted."""
    county = County.at(tmp_path, parameters=PARAMETERS)  # type: ignore[arg-type]
    county.receive(
        members="""
            household | person | grid_code
            red       | a      | 99040200100101
            orange    | b      | 99040200100101
            orange 2  | c      | 99040200100101
            yellow    | d      | 99040200100101
            no grid   | e      |
        """,
        settlements="""
            person | settled_at | total
            a      | t-2        | 60000
            b      | t-2        | 27000
            c      | t-2        | 28000
            e      | t-2        | 27000
        """,
        jobless="person | registered_on\n d | t-1",
    )
    listed = {
        NIGHT: {"red", "orange", "no grid"},  # Wednesday
        date(2026, 1, 23): {"red", "orange", "no grid"},
        date(2026, 1, 26): {"red", "orange", "no grid", "orange 2", "yellow"},  # Monday
    }
    for night, families in listed.items():
        found = states(county.judge(night), "state")
        assert {name for name, (state,) in found.items() if state == "handed_out"} == families
        assert {state for (state,) in found.values()} <= {"handed_out", "open"} and len(found) == 5


def test_what_an_answer_makes_of_a_case(county: County) -> None:
    """Families of one bill, all visited by 22 January. What staff knew on the visit settles a case, not what came with
    their answer (a greater bill that night: graver than the family that was visited); an older visit told later does not
    undo a newer one; an answer taken back binds no more; a correction that comes and goes does not end a sleep.
    """
    outcomes = ("05", "08", "09", "12", "14", "15", "18")
    families = [*outcomes, "older visit", "graver", "taken back", "corrected"]
    county.receive(
        members="\n".join(["household | person", *(f"{one} | {one}" for one in families)]),
        settlements="\n".join(
            ["person | settled_at | total | settlement_id", *(f"{one} | t-2 | 27000 | of {one}" for one in families)]
        ),
    )
    ids = {row["household_no"]: row["case_id"] for row in county.judge().tables["cases"]}
    told = [(one, "night0", one) for one in outcomes]
    told += [("older visit", "night1", "05"), ("older visit", "night0", "14")]
    told += [("graver", "night0", "11"), ("taken back", "night1", "05"), ("corrected", "night0", "11")]
    county.receive(
        date(2026, 1, 22),
        followups="\n".join(
            [
                "person | case_id | visit_date | outcome | period",
                *(f"{o} | {ids[o]} | {day} | {c} | t" for o, day, c in told),
            ]
        ),
        settlements="person | settled_at | total\n graver | t-1 | 30000",
    )
    nights = [county.judge(date(2026, 1, 22))]
    correction = "person | settled_at | total | settlement_id | op\n corrected | t-2 | {} | of corrected | U"
    county.receive(
        date(2026, 1, 23),
        followups=f"""
            person     | case_id             | visit_date | outcome | op
            taken back | {ids["taken back"]} | night1     | 05      | D
        """,
        settlements=correction.format(300),
    )
    nights.append(county.judge(date(2026, 1, 23)))
    county.receive(date(2026, 1, 24), settlements=correction.format(27000))
    nights.append(county.judge(date(2026, 1, 24)))
    assert states(nights[0], "outcome")["older visit"] == ("05",)
    assert states(nights[1], "outcome")["taken back"] == (None,)
    found = [states(night, "state", "change") for night in nights]
    lines = [" | ".join([one, *(" ".join(filter(None, night[one])) for night in found)]) for one in families]
    assert drawn("\n".join(["family | 22nd | 23rd | 24th", *lines])) == drawn("""
        family      | 22nd                 | 23rd                  | 24th
        05          | verified answered    | verified              | verified
        08          | verified answered    | verified              | verified
        09          | snoozed answered     | snoozed               | snoozed
        12          | snoozed answered     | snoozed               | snoozed
        14          | handed_out continued | handed_out continued  | handed_out continued
        15          | snoozed answered     | snoozed               | snoozed
        18          | snoozed answered     | snoozed               | snoozed
        older visit | verified answered    | verified              | verified
        graver      | snoozed answered     | handed_out re-opened  | handed_out continued
        taken back  | verified answered    | handed_out re-opened  | handed_out continued
        corrected   | snoozed answered     | closed                | snoozed
    """)


def test_a_sleeping_case_wakes_by_a_higher_level_by_cost_or_by_time(county: County) -> None:
    """Not confirmed on 22 January: it sleeps until 24 July, unless the family's own cost grows by three tenths."""
    county.receive(
        members="household | person\n graver | a\n dearer | b\n a little | c\n waits | d",
        settlements="\n".join(["person | settled_at | total", *(f"{one} | t-2 | 27000" for one in "abcd")]),
    )
    ids = {row["household_no"]: row["case_id"] for row in county.judge().tables["cases"]}
    county.receive(
        date(2026, 1, 22),
        followups="\n".join(
            ["person | case_id | visit_date | outcome", *(f"a | {one} | night1 | 11" for one in ids.values())]
        ),
    )
    assert {state for (state,) in states(county.judge(date(2026, 1, 22)), "state").values()} == {"snoozed"}
    county.receive(
        date(2026, 1, 23),
        settlements="""
            person | settled_at | total
            a      | t-1        | 25100
            b      | t-1        | 8100
            c      | t-1        | 8000
        """,
    )
    night = county.judge(date(2026, 1, 23))
    assert states(night, "state", "level", "change") == {
        "graver": ("handed_out", 3, "re-opened"), "dearer": ("handed_out", 2, "re-opened"),
        "a little": ("snoozed", 2, None), "waits": ("snoozed", 2, None),
    }  # fmt: skip
    assert states(county.judge(date(2026, 7, 23)), "state")["waits"] == ("snoozed",)
    assert states(county.judge(date(2026, 7, 24)), "state", "change")["waits"] == ("handed_out", "re-opened")


def test_deadlines_run_in_working_days_and_not_from_the_first_night(county: County) -> None:
    """Red 3, orange 5, yellow 10 working days; Spring Festival of 2026 is 15 to 23 February, worked on the 14th and 28th."""
    county.receive(
        members="household | person\n first | a\n red | b\n orange | c",
        settlements="person | settled_at | total\n a | t-2 | 27000",
    )
    assert states(county.judge(), "deadline") == {"first": (None,)}
    county.receive(
        date(2026, 2, 12),
        settlements="person | settled_at | total\n b | t-2 | 60000\n c | t-2 | 27000",
    )
    night = county.judge(date(2026, 2, 12))
    assert states(night, "deadline", "is_overdue") == {
        "first": (date(2026, 2, 26), False), "red": (date(2026, 2, 24), False), "orange": (date(2026, 2, 26), False),
    }  # fmt: skip
    late = county.judge(date(2026, 2, 25))
    assert states(late, "is_overdue") == {"first": (False,), "red": (True,), "orange": (False,)}


def test_a_hit_that_is_missed_confirms_nothing(county: County) -> None:
    """A spike of 22 January, over by February: it waits for its end, not for a visit."""
    county.receive(members="household | person\n family | a", delivered={"settlements": "t-24..t-1"})
    county.judge()
    county.receive(date(2026, 1, 22), settlements="person | settled_at | total\n a | t-3 | 3100")
    assert states(county.judge(date(2026, 1, 22)), "state", "rules") == {"family": ("pending", ["MED-SPIKE"])}
    county.receive(date(2026, 2, 2), delivered={"settlements": "t-0..t-0"})
    february = county.judge(date(2026, 2, 2))
    assert standing(february) == {"family MED-SPIKE": "missed"}
    assert states(february, "state") == {"family": ("pending",)}
    county.receive(date(2026, 3, 2), delivered={"settlements": "t--1..t--1"})
    assert states(county.judge(date(2026, 3, 2)), "state") == {"family": ("closed",)}


def test_a_report_stands_until_somebody_has_been_there(county: County) -> None:
    """92 days are over on 23 April. The family that a member list names by then goes on with its case."""
    county.receive(
        members="household | person\n known | a",
        reports="""
            report_no | household | reported_on | matter
            one       | known     | 2026-01-20  | 4
            two       | unknown   | 2026-01-20  | 4
        """,
    )
    first = {row["household_no"]: row["case_id"] for row in county.judge().tables["cases"]}
    assert len(first) == 2
    county.receive(date(2026, 2, 2), members="household | person\n known | a\n unknown | b")
    second = county.judge(date(2026, 2, 2))
    assert {row["household_no"]: row["case_id"] for row in second.tables["cases"]} == first
    assert set(states(second, "state", "change").values()) == {("handed_out", "continued")}
    assert set(states(county.judge(date(2026, 5, 4)), "state").values()) == {("handed_out",)}
    county.receive(
        date(2026, 5, 5), followups=f"person | case_id | visit_date | outcome\n a | {first['known']} | night0 | 11"
    )
    county.judge(date(2026, 5, 5))
    assert states(county.judge(date(2026, 5, 6)), "state") == {"known": ("closed",), "unknown": ("handed_out",)}


def test_a_baseline_case_gets_its_deadline_in_the_next_month(county: County) -> None:
    county.receive(
        members="household | person\n family | a",
        settlements="person | settled_at | total\n a | t-2 | 27000",
    )
    assert states(county.judge(), "deadline") == {"family": (None,)}
    assert states(county.judge(date(2026, 1, 30)), "deadline") == {"family": (None,)}
    assert states(county.judge(date(2026, 2, 2)), "deadline") == {"family": (date(2026, 2, 9),)}
