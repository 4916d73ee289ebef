"""The measures by example: truth and lists drawn as small tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

from pipelines.evaluation.measuring import measure
from tests.drawn import drawn

NIGHTS = [date(2026, month, 6) for month in (1, 2, 3, 4)]


def measures(
    needs: str, listed: str, answered: str = "", known: str = "", standing: str = ""
) -> dict[str, list[dict[str, Any]]]:
    with duckdb.connect() as connection:
        connection.execute(
            "create table families as select 'f' || i as household_no, null::varchar as town, 'rural' as residence, "
            "case when i < 3 then 'elders;disabled' else '' end as kinds from range(10) r(i)"
        )
        connection.execute(
            "create table needs (household_no varchar, kind varchar, from_day date, to_day date, cause varchar, is_seen boolean)"
        )
        for row in drawn(needs):
            connection.execute(
                "insert into needs values (?, ?, ?, coalesce(nullif(?, '')::date, date '9999-12-31'), 'job', ?)",
                [row["family"], row["kind"], row["from"], row["to"], row.get("seen", "yes") == "yes"],
            )
        rows = [
            {"system": row.get("system", "lowincome"), "night": NIGHTS[int(row["night"]) - 1], "household_no": row["family"],
             "level": 2, "rules": ["INC-DROP"], "dimensions": ["income"], "score": float(row.get("score", "1"))}
            for row in drawn(listed)
        ]  # fmt: skip
        visits = [
            {
                "household_no": row["family"],
                "visited_on": date.fromisoformat(row["day"]),
                "is_met": row.get("met") != "no",
            }
            for row in drawn(answered)
        ]
        helped = [{"night": NIGHTS[int(row["night"]) - 1], "household_no": row["family"]} for row in drawn(known)]
        books = [
            {"night": NIGHTS[int(row["night"]) - 1], "household_no": row["family"], "score": float(row["score"])}
            for row in drawn(standing)
        ]
        return measure(connection, [(night, 10) for night in NIGHTS], rows, helped, visits, books)


def ours(needs: str, listed: str, answered: str = "", known: str = "") -> dict[str, Any]:
    return measures(needs, listed, answered, known)["summary"][0]


@pytest.mark.parametrize(
    ("start", "end", "verdict"),
    [
        ("2026-02-06", "", "rights"),
        ("2026-03-09", "", "rights"),  # 31 days after the list
        ("2026-03-10", "", "wasted"),
        ("2026-01-01", "2026-02-05", "wasted"),
        ("2026-01-01", "2026-02-06", "rights"),
    ],
)
def test_an_alert_is_right_in_need_or_a_month_before_it(start: str, end: str, verdict: str) -> None:
    row = ours(f"family | kind | from | to\n f1 | need | {start} | {end}", "family | night\n f1 | 2")
    assert {name: row[name] for name in ("alerts", verdict)} == {"alerts": 1, verdict: 1}


def test_strain_is_early_and_staying_on_the_list_is_no_second_alert() -> None:
    needs = "family | kind | from | to\n f1 | strain | 2026-01-20 |"
    row = ours(needs, "family | night\n f1 | 2\n f1 | 3\n f2 | 1\n f2 | 3")
    assert (row["alerts"], row["rights"], row["early"], row["wasted"]) == (3, 0, 1, 2)
    assert (row["precision"], row["useful"]) == (0, pytest.approx(1 / 3))


def test_what_is_raised_again_is_an_alert_every_night() -> None:
    listed = "system | family | night\n current_value | f1 | 1\n current_value | f1 | 2\n any_rule | f1 | 1\n any_rule | f1 | 2"
    needs = "family | kind | from | to\n f9 | need | 2020-01-01 |"
    alerts = {row["system"]: row["alerts"] for row in measures(needs, listed)["summary"]}
    assert (alerts["current_value"], alerts["any_rule"], alerts["lowincome"]) == (2, 1, 0)


@pytest.mark.parametrize(
    ("start", "end", "night", "found", "days"),
    [
        ("2026-01-21", "", 2, 1, 16),
        ("2026-01-21", "", 1, 1, 0),
        ("2026-03-09", "", 1, 1, 0),  # 62 days before
        ("2026-03-10", "", 1, 0, None),
        ("2026-01-25", "2026-02-01", 2, 0, None),  # over before the list
    ],
)
def test_a_spell_is_found_from_two_months_before_it(start: str, end: str, night: int, found: int, days: Any) -> None:
    row = ours(f"family | kind | from | to\n f1 | need | {start} | {end}", f"family | night\n f1 | {night}")
    assert (row["spells"], row["found"], row["delay_days"]) == (1, found, days)


def test_a_family_that_staff_helps_already_is_found_and_is_no_new_alert() -> None:
    needs = "family | kind | from | to\n f1 | need | 2026-03-10 |\n f2 | need | 2026-03-10 |"
    row = ours(needs, "family | night\n f1 | 1", known="family | night\n f1 | 2\n f1 | 3")
    assert (row["alerts"], row["spells"], row["found"], row["delay_days"]) == (1, 2, 1, 0)


def test_only_spells_that_begin_under_watch_count_and_unseen_ones_are_told_apart() -> None:
    needs = """
        family | kind | from       | to | seen
        f1     | need | 2026-01-20 |    | yes
        f2     | need | 2026-04-07 |    | yes
        f3     | need | 2026-02-10 |    | yes
        f4     | need | 2026-02-10 |    | no
    """
    row = ours(needs, "family | night\n f3 | 3")
    assert (row["spells"], row["recall"], row["recall_seen"]) == (2, 0.5, 1)


def test_a_family_is_found_once_and_a_visit_soon_after_a_wasted_one_is_a_repeat() -> None:
    needs = "family | kind | from | to\n f1 | need | 2026-01-01 |"
    answered = """
        family | day
        f1     | 2026-01-08
        f1     | 2026-03-08
        f2     | 2026-01-08
        f2     | 2026-07-10
        f3     | 2026-01-08
        f3     | 2026-07-11
    """
    row = ours(needs, "family | night\n f1 | 1", answered)
    assert (row["visits"], row["families_found"], row["visits_per_find"]) == (6, 1, 6)
    assert row["repeat_share"] == pytest.approx(1 / 6)


def test_a_visit_that_met_nobody_found_nobody() -> None:
    needs = "family | kind | from | to\n f1 | need | 2026-01-01 |"
    row = ours(needs, "family | night\n f1 | 1", "family | day | met\n f1 | 2026-01-08 | no")
    assert (row["visits"], row["families_found"], row["visits_per_find"]) == (1, 0, None)


def test_alerts_are_told_per_thousand_households_and_thirty_days() -> None:
    row = ours("family | kind | from | to\n f9 | need | 2020-01-01 |", "family | night\n f1 | 1\n f2 | 4\n f3 | 4")
    assert row["alerts_per_1000"] == pytest.approx(3 * 1000 / 10 / 3)  # ninety days


def test_a_group_is_held_against_all_others() -> None:
    needs = "family | kind | from | to\n" + "\n".join(f"f{i} | need | 2026-02-01 |" for i in range(1, 7))
    rows = measures(needs, "family | night\n f1 | 2\n f3 | 2\n f4 | 2")["by_group"]
    elders = next(row for row in rows if row["family_group"] == "kind elders")
    assert [elders[name] for name in ("spells", "found", "other_spells", "other_found")] == [2, 1, 4, 2]
    assert (elders["low"], elders["high"]) == (pytest.approx(0.0945, abs=1e-3), pytest.approx(0.9055, abs=1e-3))


def test_precision_and_visits_of_a_group_are_held_against_all_others() -> None:
    needs = "family | kind | from | to\n f1 | need | 2026-02-01 |\n f3 | need | 2026-02-01 |"
    answered = "family | day\n f1 | 2026-02-08\n f2 | 2026-02-08\n f2 | 2026-03-08\n f3 | 2026-02-08"
    rows = measures(needs, "family | night\n f1 | 2\n f2 | 2\n f3 | 2\n f4 | 3", answered)["by_group"]
    elders = next(row for row in rows if row["family_group"] == "kind elders")
    names = (
        "alerts",
        "rights",
        "other_alerts",
        "other_rights",
        "visits",
        "families_found",
        "other_visits",
        "other_families_found",
    )
    assert [elders[name] for name in names] == [2, 1, 2, 1, 3, 1, 1, 1]


def test_rules_dimensions_and_levels_are_told_what_they_found() -> None:
    needs = "family | kind | from | to\n f1 | need | 2026-02-01 |\n f2 | need | 2026-02-01 |"
    found = measures(needs, "family | night\n f1 | 2\n f3 | 2")
    (rule,) = found["by_rule"]
    assert [rule[name] for name in ("alerts", "rights", "families", "spells_found", "spells")] == [2, 1, 1, 1, 2]
    assert [(row["reason"], row["alerts"], row["rights"], row["spells_found"]) for row in found["by_reason"]] == [
        ("dimension income", 2, 1, 1), ("level 2", 2, 1, 1),
    ]  # fmt: skip


def test_delays_are_counted_up() -> None:
    needs = "family | kind | from | to\n f1 | need | 2026-01-21 |\n f2 | need | 2026-02-01 |\n f3 | need | 2026-02-01 |"
    rows = measures(needs, "family | night\n f1 | 3\n f2 | 1")["delays"]
    ours = {row["days"]: row["found"] for row in rows if row["system"] == "lowincome"}
    assert [ours[days] for days in (0, 31, 46, 183)] == [1, 1, 2, 2]  # 44 days from 21 January to 6 March


def test_a_cut_at_a_higher_score_raises_fewer_and_finds_fewer() -> None:
    """Over the cut of 2 f1 is seen on the second night and again, newly, on the fourth."""
    needs = "family | kind | from | to\n f1 | need | 2026-01-30 | 2026-02-20\n f2 | need | 2026-01-30 |"
    listed = """
        family | night | score
        f1     | 2     | 2.5
        f1     | 3     | 1
        f1     | 4     | 2
        f2     | 2     | 1
    """
    cuts = {row["threshold"]: row for row in measures(needs, listed)["thresholds"] if row["system"] == "lowincome"}
    told = {
        cut: tuple(cuts[cut][name] for name in ("alerts", "rights", "spells", "found")) for cut in (1, 2, 2.5, 2.63)
    }
    assert told == {1: (2, 2, 2, 2), 2: (2, 1, 2, 1), 2.5: (1, 1, 2, 1), 2.63: (0, 0, 2, 0)}


def test_with_the_same_visits_the_gravest_are_visited_and_nobody_twice_within_ninety_days() -> None:
    """This system alerts once a night: so the others have one visit a night, whomever they list."""
    needs = "family | kind | from | to\n f2 | need | 2026-02-01 |\n f9 | need | 2026-02-01 |"
    listed = """
        system        | family | night | score
        lowincome     | f8     | 1     | 2
        lowincome     | f9     | 2     | 2
        current_value | f1     | 1     | 3
        current_value | f1     | 2     | 3
        current_value | f2     | 2     | 2
        current_value | f3     | 2     | 1
    """
    standing = "family | night | score\n f8 | 1 | 2\n f7 | 2 | 3\n f9 | 2 | 2"
    rows = [row for row in measures(needs, listed, standing=standing)["equal_visits"] if row["budget"] == "own"]
    told = {
        row["system"]: tuple(row[name] for name in ("visits", "rights", "families_found", "found", "spells"))
        for row in rows
    }
    assert told == {"lowincome": (2, 0, 0, 0, 2), "current_value": (2, 1, 1, 1, 2)}


def test_with_as_many_visits_as_another_system_makes_itself() -> None:
    """The score alerts once on each of two nights; this system may visit one family on each of them, the gravest."""
    needs = "family | kind | from | to\n f1 | need | 2026-02-01 |\n f2 | need | 2026-02-01 |"
    listed = """
        system         | family | night | score
        lowincome      | f9     | 1     | 1
        additive_score | f7     | 1     | 30
        additive_score | f1     | 2     | 30
    """
    standing = "family | night | score\n f9 | 1 | 1\n f1 | 1 | 3\n f1 | 2 | 3\n f2 | 2 | 2"
    rows = [
        row for row in measures(needs, listed, standing=standing)["equal_visits"] if row["budget"] == "additive_score"
    ]
    told = {row["system"]: (row["visits"], row["families_found"], row["found"]) for row in rows}
    assert told == {"lowincome": (2, 2, 2), "additive_score": (2, 1, 1)}


def test_budgets_are_visits_a_night_for_a_thousand_households() -> None:
    """Ten households: a budget of 64 is one visit a night, one of 32 none."""
    needs = "family | kind | from | to\n f1 | need | 2026-02-01 |"
    listed = "system | family | night\n any_rule | f1 | 2\n any_rule | f2 | 2\n any_rule | f3 | 2"
    told = {row["budget"]: row["visits"] for row in measures(needs, listed)["equal_visits"]}
    assert {budget: visits for budget, visits in told.items() if budget.isdecimal()} == {"64": 1}
