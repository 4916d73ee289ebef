"""The life of a case, night after night at random, against a plain reading of it in Python.

What may become of a case is written in `assets/cases/transitions.csv`; this model does not read that file.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import duckdb
import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from assets.engine import MACROS
from assets.tables import FOLDER, sql_tables

HOUSEHOLDS = range(1, 7)
GRIDS = {1: "990402001001" + "01", 2: "990402001001" + "01", 3: "990402001001" + "01", 4: "990402001001" + "02"}
CAPACITY = {"99040200100101": 2, "99040200100102": 1}
DAYS = {3: 3, 2: 5, 1: 10}
HELPED = ["01", "02", "03", "04", "05", "06", "07", "08", "16", "17"]
ASLEEP = ["09", "10", "11", "12", "13", "15", "18"]
AWAY = "14"
RULES = {
    "MED-ABS": ("medical", False, False), "DIS-NEW": ("family", False, False), "INC-DROP": ("income", True, False),
    "EARN-LOST": ("income", False, True),
}  # fmt: skip
"""By rule: its dimension, whether what own cost leaves of the income bounds it, whether its cases wait for no second look."""
TABLES = {
    "standing_hits": "household_id bigint, area12 varchar, rule varchar, dimension varchar, level integer, reason varchar, standing varchar",
    "households": "household_id bigint, household_no varchar, area6 varchar, area12 varchar, grid_code varchar, residence varchar, is_provisional boolean",
    "lone_reports": "household_id bigint, household_no varchar, area6 varchar, area12 varchar, grid_code varchar",
    "household_profile": "household_id bigint, has_left_aid boolean, oop_year bigint, residual_share double, residual_level integer, residual_near_level integer, is_residual_pressing boolean",
    "settings": "area12 varchar, residence varchar, name varchar, back integer, value decimal(18, 4)",
    "deliveries": "area6 varchar, extract varchar, state varchar, delivery_no bigint",
    "rule_leans": "rule varchar, extract varchar, how varchar",
    "rule_order": "rule varchar, place integer, is_bounded boolean, is_pressing boolean",
    "reported": "lone_id bigint, household_id bigint, is_lone boolean",
    "held": "area varchar, state varchar, extracts varchar, rule varchar",
    "given_values": "area_prefix varchar, residence varchar, name varchar, value decimal(18, 4), unit varchar, known_at date, valid_from date, valid_to date",
    "answers": "case_id varchar, answer_no bigint, outcome varchar, visited_on date",
    "night_before": "night date",
    "grids": "grid_code varchar, visits_a_week integer",
}  # fmt: skip
PARAMETERS = {
    "capacity_week": 9, "deadline_red": 3, "deadline_orange": 5, "deadline_yellow": 10, "snooze_days": 90,
    "snooze_oop_growth": 0.3, "snooze_oop_floor": 100_000, "recognition_months": 12,
}  # fmt: skip


@dataclass
class Case:
    """What the model remembers of a family."""

    state: str = ""
    level: int = 0
    since: date = date.min
    handed_out_on: date | None = None
    deadline: date | None = None
    settled_level: int = 0
    settled_oop: int = 0
    wakes_on: date | None = None
    opened_on: date = date.min
    visited_on: date = date.min
    oop: int = 0
    hush: date | None = None
    news: bool = False
    bound: int | None = None
    share: float | None = None


@dataclass
class Family:
    """What a night finds of a family."""

    level: int = 0
    rules: tuple[str, ...] = ("MED-ABS",)
    oop: int = 0
    residual_share: float | None = None
    answers: list[tuple[date, str]] = field(default_factory=list)

    def bound(self, lines: float = 1) -> int | None:
        share = self.residual_share
        return None if share is None else 3 - sum(share >= lines * line for line in (0.25, 0.5, 1))

    def has_little(self) -> bool | None:
        return None if self.residual_share is None else self.residual_share < 0.5

    def is_pressing(self, is_held: bool) -> bool:
        return bool(not is_held and self.has_little()) or any(RULES[code][2] for code in self.rules)


def workday_after(day: date, n: int) -> date:
    while n:
        day += timedelta(days=1)
        n -= day.isoweekday() <= 5
    return day


def a_year_after(day: date) -> date:
    return replace_year(day)


def replace_year(day: date) -> date:
    return date(day.year + 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def weighed(case: Case, family: Family, is_held: bool) -> tuple[int | None, float | None]:
    """What is left: eased where it is clearly more, the word of the night before where there is none or it is in doubt."""
    if case.state in ("", "closed") or case.bound is None:
        return family.bound(), family.residual_share
    now, near = family.bound(), family.bound(10 / 9)
    if is_held or now is None or near is None:
        return case.bound, case.share
    return min(case.bound, near) if case.bound > now else now, family.residual_share


def turn(case: Case, family: Family, night: date, is_first: bool, has_news: bool, is_held: bool) -> Case:
    """One night of one case, but for its grid's visits: §5 as a person would say it."""
    bound, share = weighed(case, family, is_held)
    apart = {RULES[code][0] for code in family.rules if not RULES[code][1]}
    level = min(family.level + (len(family.rules) > 1), 3 if bound is None else bound)
    level = min(3, max(level, family.level + (len(apart) > 1))) if apart else level
    is_pressing = family.is_pressing(is_held)
    if case.state == "handed_out":
        level = max(level, 1)
    heard = [one for one in family.answers if one[0] >= case.visited_on] if case.state else []
    answer = max(enumerate(heard), key=lambda a: (a[1][0], a[0]))[1] if heard else None
    now = replace(case, level=level, bound=bound, share=share) if family.level else replace(case)
    now.news = case.state == "pending" and (case.news or has_news)
    now.oop = family.oop if family.level else case.oop  # of who is not at risk nobody looks at the bills
    if answer:
        now.visited_on = answer[0]
    if answer and answer[1] != AWAY:
        now.settled_level, now.settled_oop = max(case.level, 1), case.oop
    is_dearer = family.oop * 10 >= max(case.settled_oop, 100_000) * 13
    if not family.level:
        now.state = "closed" if case.state else ""
        now.hush = case.wakes_on if case.state == "snoozed" else case.hush if case.state == "closed" else None
    elif (
        case.state == "closed"
        and case.hush
        and case.hush > night
        and not answer
        and level <= case.settled_level
        and not is_dearer
    ):
        now.state, now.wakes_on = "snoozed", case.hush
    elif case.state in ("", "closed"):
        now.state = "open" if level and (is_first or level >= 2 or is_pressing) else "pending"
    elif answer and answer[1] in HELPED:
        now.state, now.wakes_on = "verified", a_year_after(answer[0])
    elif answer and answer[1] in ASLEEP:
        now.state, now.wakes_on = "snoozed", answer[0] + timedelta(days=90)
    elif answer and answer[1] == AWAY:
        if case.state == "handed_out":
            now.deadline = workday_after(night, DAYS[level])
    elif not level:
        is_over = case.state in ("verified", "snoozed") and case.wakes_on is not None and case.wakes_on <= night
        now.state = "pending" if case.state == "open" or is_over else case.state
    elif case.state == "pending" and (
        level >= 2 or is_pressing or now.news or (case.since.year, case.since.month) < (night.year, night.month)
    ):
        now.state = "open"
    elif case.state in ("verified", "snoozed"):
        assert case.wakes_on is not None
        if level > case.settled_level or (case.state == "snoozed" and is_dearer) or case.wakes_on <= night:
            now.state = "open"
    elif case.state == "handed_out" and level > case.level:
        sooner = workday_after(night, DAYS[level])
        now.deadline = min(case.deadline or sooner, sooner)
    elif case.state == "handed_out" and case.deadline is None and (case.handed_out_on or night) < night.replace(day=1):
        now.deadline = workday_after(night, DAYS[level])
    if now.state != case.state:
        now.since = night
    if case.state == "" and now.state:
        now.opened_on = night
    return now


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.base = duckdb.connect()
        self.base.execute("set variable pseudonym_inner = 'a'::blob; set variable pseudonym_outer = 'b'::blob")
        self.base.execute(MACROS.read_text(encoding="utf-8"))
        for name, columns in TABLES.items():
            self.base.execute(f"create table {name} ({columns})")
        for name in ("transitions", "outcomes"):
            self.base.execute(
                f"create table {name} as from read_csv('{FOLDER / 'cases' / name}.csv', all_varchar = true)"
            )
        self.base.execute("""
            create table calendar as
            select day, isodow(day) <= 5 as is_workday, count(*) filter (isodow(day) <= 5) over (order by day)::integer as workday_no
            from (select unnest(generate_series(date '2025-12-01', date '2042-12-31', interval 1 day))::date as day)
        """)
        self.fill(
            "households", [(h, f"no {h}", "990402", "990402001001", GRIDS.get(h), "urban", False) for h in HOUSEHOLDS]
        )
        self.fill("settings", [("990402001001", "urban", name, 1, value) for name, value in PARAMETERS.items()])
        self.fill("grids", list(CAPACITY.items()))
        self.fill("rule_order", [(code, place, *kinds) for place, (code, (_, *kinds)) in enumerate(RULES.items())])
        self.fill("rule_leans", [(code, "health_settlements", "need") for code in RULES])
        self.night, self.ran, self.news, self.heard = date(2026, 1, 21), 0, 1, 0
        self.answers: list[tuple[str, int, str, date]] = []
        self.cases: dict[int, Case] = {h: Case() for h in HOUSEHOLDS}
        self.told: dict[int, dict[str, Any]] = {}

    def fill(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        self.base.execute(f"delete from {table}")
        if rows:
            self.base.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)

    @initialize()
    def first_case_table(self) -> None:
        from assets.memory import CASE_COLUMNS

        self.base.execute(f"create table previous_cases ({CASE_COLUMNS})")

    families = st.builds(
        Family, level=st.sampled_from([0, 0, 1, 1, 2, 3]),
        rules=st.sampled_from([("MED-ABS",), ("INC-DROP",), ("INC-DROP",), ("MED-ABS", "INC-DROP"), ("MED-ABS", "DIS-NEW"), ("EARN-LOST",)]),
        oop=st.sampled_from([0, 90_000, 130_000, 200_000, 260_000]),
        residual_share=st.sampled_from([None, -0.5, 0.25, 0.25, 0.26, 0.5, 0.75, 1, 1.05, 1.5]),
    )  # fmt: skip

    @rule(
        days=st.sampled_from([1, 1, 1, 3, 12, 31, 95, 370]), found=st.lists(families, min_size=6, max_size=6),
        answered=st.dictionaries(st.sampled_from(HOUSEHOLDS), st.lists(
            st.tuples(st.integers(0, 4), st.sampled_from([*HELPED[:2], *ASLEEP[:3], ASLEEP[-1], AWAY])), min_size=1, max_size=2), max_size=3),
        has_news=st.booleans(), is_held=st.sampled_from([False, False, True]), keeps=st.lists(st.booleans(), min_size=6, max_size=6),
    )  # fmt: skip
    def a_night(
        self,
        days: int,
        found: list[Family],
        answered: dict[int, list[tuple[int, str]]],
        has_news: bool,
        is_held: bool,
        keeps: list[bool],
    ) -> None:
        before = self.night
        self.night += timedelta(days=days if self.ran else 0)
        self.news += has_news
        families = {}
        for h, family, is_kept in zip(HOUSEHOLDS, found, keeps, strict=True):
            old = self.cases[h]
            families[h] = replace(
                family, level=old.level if is_kept and old.state not in ("", "closed") else family.level, answers=[]
            )
        for h, given in answered.items():
            for back, outcome in given:
                self.heard += 1
                if h in self.told:
                    visited_on = self.night - timedelta(days=min(back, days))
                    families[h].answers.append((visited_on, outcome))
                    self.answers.append((self.told[h]["case_id"], self.heard, outcome, visited_on))
        self.fill("answers", self.answers)
        self.fill("standing_hits", [
            (h, "990402001001", code, RULES[code][0], f.level, "why", "firing")
            for h, f in families.items() if f.level
            for code in f.rules
        ])  # fmt: skip
        self.fill(
            "household_profile",
            [
                (h, False, f.oop, f.residual_share, f.bound(), f.bound(10 / 9), f.has_little())
                for h, f in families.items()
            ],
        )
        self.fill("deliveries", [("990402", "health_settlements", "taken", self.news)])
        self.fill("held", [("990402", "held", "civil_affairs_income", "INC-DROP")] if is_held else [])
        self.fill("night_before", [(before if self.ran else None,)])
        self.base.execute("set variable as_of = $1", [self.night])
        self.base.execute(f"create or replace table cases as {sql_tables('cases')['cases'].sql}")
        rows = self.base.sql("from cases order by household_id").to_arrow_table().to_pylist()
        self.told = {row["household_id"]: row for row in rows}
        assert len(rows) == len(self.told)
        self.compare(families, has_news, is_held)
        self.base.execute("create or replace table previous_cases as from cases")
        self.ran += 1

    def _place(self, h: int, case: Case, family: Family) -> tuple[object, ...]:
        """Where a family stands in the queue of its grid: the red, the poorest, the longest known first."""
        known = self.cases[h]
        return case.level != 3, case.share or 0, -case.level, known.opened_on if known.state else date.max, h

    def compare(self, families: dict[int, Family], has_news: bool, is_held: bool) -> None:
        monday = self.night - timedelta(days=self.night.weekday())
        spent = {
            grid: sum(
                c.handed_out_on is not None and c.handed_out_on >= monday
                for k, c in self.cases.items()
                if GRIDS.get(k) == grid
            )
            for grid in CAPACITY
        }
        turned = {h: turn(self.cases[h], f, self.night, not self.ran, has_news, is_held) for h, f in families.items()}
        for h in sorted(turned, key=lambda h: self._place(h, turned[h], families[h])):
            case, grid = turned[h], GRIDS.get(h)
            if case.state == "open" and case.level and (grid is None or spent[grid] < CAPACITY[grid]):
                if grid:
                    spent[grid] += 1
                case.state, case.since, case.handed_out_on = "handed_out", self.night, self.night
                case.deadline = workday_after(self.night, DAYS[case.level]) if self.ran else None
            if case.state != "handed_out":
                case.deadline = None
        for h, case in turned.items():
            if not case.state:
                assert h not in self.told
                continue
            told = self.told[h]
            assert (h, told["state"], told["level"], told["deadline"]) == (h, case.state, case.level, case.deadline)
            assert told["opened_on"] == case.opened_on and told["handed_out_on"] == case.handed_out_on
            wakes = {
                "snoozed": told["snoozed_until"],
                "verified": told["verified_on"] and a_year_after(told["verified_on"]),
            }
            assert wakes.get(case.state) == (case.wakes_on if case.state in wakes else None)
            before = self.cases[h]
            was, is_listed = before.state == "handed_out", case.state == "handed_out"
            assert (told["change"] in ("new", "re-opened")) == (is_listed and not was)
            assert (told["change"] in ("answered", "cleared", "withdrawn")) == (was and not is_listed)
            assert (told["change"] is None) == (not was and not is_listed)
        self.cases = turned

    @invariant()
    def nobody_is_dropped(self) -> None:
        """Who is at risk has a case that is not closed; numbers are given once."""
        ids = [row["case_id"] for row in self.told.values()]
        assert len(ids) == len(set(ids)) and all(row["why"] for row in self.told.values())

    def teardown(self) -> None:
        self.base.close()


def lives(examples: int, **more: Any) -> settings:
    """Without shrinking, which takes minutes; the failing nights are told all the same."""
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], **more
    )


def test_what_was_left_before_a_case_closed_bounds_it_no_more() -> None:
    """A family comes back with an unknown income: its old bound must not return with the next night that is held."""
    life = Life()
    life.first_case_table()
    fall, nobody = ("INC-DROP",), Family()
    for family, is_held in (
        (Family(3, fall, residual_share=0.75), False), (nobody, False), (Family(2, fall), False),
        (Family(2, fall, residual_share=0.25), True),
    ):  # fmt: skip
        life.a_night(31, [family, *[nobody] * 5], {}, False, is_held, [False] * 6)
    assert life.told[HOUSEHOLDS[0]]["level"] == 2
    life.teardown()


def test_some_lives() -> None:
    run_state_machine_as_test(Life, settings=lives(5, stateful_step_count=12, derandomize=True))


@pytest.mark.slow
def test_ten_thousand_nights() -> None:
    run_state_machine_as_test(Life, settings=lives(200, stateful_step_count=50))
