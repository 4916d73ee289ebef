"""Each compiled rule is its published sentence: random households, most of them right on a line or a fen beside it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from math import floor, nan
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from sqlglot import exp, parse_one

from assets.engine import MACROS
from assets.rules import compiling
from assets.rules.catalogue import Rule, rules
from tests.property.readings import READINGS, costs_beyond_living, rigid_year, year_line
from tests.spec.judging import COLUMNS, COUNTS, FLAGS, MEANS, MONEY, settings

SEED = 20260121
FEW, MANY = 2_000, 10_000

SHIPPED = settings()
ELSEWHERE = settings(
    inc_drop_note="0.3333", inc_drop_alert="0.6667", inc_drop_floor="0.5", edge_multiple="2.0", esi_share="0.8001",
    med_che_share="0.25", med_che_floor="0", med_abs_listed="9999.99", med_abs_high="1.5", med_pcdi_others="0.3333",
    med_spike_ratio="2.5", med_share_note="0.1111", rigid_share="0.75", rigid_multiple="2.0", rigid_living="1",
    dis_multi_members="3", edu_cost_share="0.3333", edu_tertiary_students="1", shock_share="0.5", gap_evaluations="6",
    adm_over_multiple="1.25",
)  # fmt: skip
AT_THE_STANDARD = settings(edge_multiple="1")
"""The edge is the standard itself: whoever falls below both is told once."""

Row = dict[str, Any]
Levels = dict[str, int]


# Random households -------------------------------------------------------------------------------------------------


class Chance:
    """A source of households: `row` as the profile stores it, `settings` as the area has them."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)

    def household(self) -> tuple[Row, Row]:
        row = self._anything()
        given: Row = {
            k: v for k, v in self.draw.choice([SHIPPED, SHIPPED, ELSEWHERE, AT_THE_STANDARD]).items() if v is not None
        }
        for _ in range(3):
            self.draw.choice(BORDERS)(self, row, given)
        for name in self._some(MEANS, MONEY, COUNTS, FLAGS):
            self._forget(row, name)
        missing = self.draw.choice([None, None, None, *given])
        return row, {name: None if name == missing and name != "rigid_living" else given[name] for name in given}

    def _anything(self) -> Row:
        """Plain amounts, so that ties are whole fen; now and then none, debt, or more than a float can tell apart."""
        draw, row = self.draw, dict.fromkeys(COLUMNS)
        row |= {"members": draw.choice([1, 1, 2, 3, 4, 7]), "is_provisional": draw.random() < 0.1}
        row |= {name: draw.random() < 0.25 for name in FLAGS if name != "is_provisional"}
        row |= {name: draw.choice([0, 0, 0, 1, 2, 3, 6]) for name in COUNTS}
        row |= {name: draw.choice([0, 0, 100, 100_000, 300_000, 5_000_000, 2**53 + 1]) for name in MONEY}
        row["disposable"] = draw.choice([5_418_800, 2_311_901, 60_000])
        for name, months in MEANS.items():
            months = draw.choice([months, months, max(1, months - 1)])
            amount = draw.choice([0, 80_000, 94_100, 400_000, 1_200_000, 3_880_000, -50_000, 1, 2**53 + 1])
            row[f"{name}_sum"], row[f"{name}_months"] = amount * months, months
        row["standard_sum"], row["standard_months"] = 12 * draw.choice([80_000, 94_100, 82_401]), 12
        row["standard_year_sum"], row["standard_year_months"] = row["standard_sum"] * 12 - draw.choice([0, 60_000]), 12
        extracts = sorted({name for one in READINGS.values() for name in (*one.needs, *one.needs_any)})
        gone = draw.choice([0, 0, 0, 1, 4])
        row["delivered"] = draw.sample(extracts, len(extracts) - gone)
        return row

    def _some(self, *groups: Any) -> list[str]:
        """What is not known of a household: mostly nothing, at times one figure or a few."""
        return self.draw.sample([name for group in groups for name in group], self.draw.choice([0, 0, 1, 4]))

    def _forget(self, row: Row, name: str) -> None:
        if name in MEANS:
            row |= {f"{name}_sum": None, f"{name}_months": self.draw.choice([0, MEANS[name]])}
        else:
            row[name] = None

    def put(self, row: Row, name: str, value: Any) -> None:
        """Sets a figure right on a line, or to the whole fen on either side of it."""
        if value != value:
            return
        beside = self.draw.choice([0, 0, -1, 1])
        if name in MEANS:
            row[f"{name}_sum"] = floor(value * row[f"{name}_months"]) + beside
        else:
            row[name] = floor(value) + beside


def figures(row: Row) -> Row:
    """The profile row as numbers: exact fractions, NaN where not known."""
    found = {name: row[name] for name in (*FLAGS, "delivered")}
    found |= {
        name: nan if row[name] is None else Fraction(row[name])
        for name in (*MONEY, *COUNTS, "members", "lapsed_members")
    }
    for name in MEANS:
        above = row[f"{name}_sum"]
        found[name] = nan if above is None else Fraction(above, row[f"{name}_months"])
    return found


def numbers(given: Row) -> Row:
    return {name: nan if value is None else Fraction(value) for name, value in given.items()}


# Lines on which households like to stand -----------------------------------------------------------------------------

Border = Callable[[Chance, Row, Row], None]


def border(figure: str, at: Callable[[Row, Row], Any]) -> Border:
    return lambda chance, row, given: chance.put(row, figure, at(figures(row), numbers(given)))


def either(figure: str, *values: int) -> Border:
    """A count that is rarely what a rule asks for by chance."""

    def put(chance: Chance, row: Row, given: Row) -> None:
        row[figure] = chance.draw.choice(values)

    return put


def beside(given: str, figure: str) -> Border:
    """A count at, under and over its parameter."""

    def put(chance: Chance, row: Row, at: Row) -> None:
        row[figure] = int(at[given]) + chance.draw.choice([-1, 0, 0, 1])

    return put


BORDERS: tuple[Border, ...] = (
    border("income_before", lambda h, p: Fraction(0)),
    border("income_before", lambda h, p: h["members"] * h["standard"]),
    border("income_before", lambda h, p: p["edge_multiple"] * h["members"] * h["standard"]),
    border("income_before", lambda h, p: h["oop_before"]),
    border("income_now", lambda h, p: h["members"] * h["standard"]),
    border("income_now", lambda h, p: p["edge_multiple"] * h["members"] * h["standard"]),
    border("income_now", lambda h, p: p["inc_low_multiple"] * h["members"] * h["standard"]),
    border("income_now", lambda h, p: h["income_before"] * (1 - p["inc_drop_note"])),
    border("income_now", lambda h, p: h["income_before"] * (1 - p["inc_drop_alert"])),
    border("income_now", lambda h, p: h["income_before"] - p["inc_drop_floor"] * h["standard"]),
    border("income_now", lambda h, p: p["esi_share"] * (h["income_before"] - h["oop_before"]) + h["oop_quarter"] / 3),
    border("income_year", lambda h, p: Fraction(0)),
    border("income_year", lambda h, p: year_line(h)),
    border("income_year", lambda h, p: year_line(h) + h["oop_year"]),
    border("income_year", lambda h, p: h["members"] * h["disposable"]),
    border("income_year", lambda h, p: p["adm_over_multiple"] * year_line(h)),
    border("income_year", lambda h, p: rigid_year(h, p) + p["rigid_multiple"] * year_line(h)),
    border("income_year", lambda h, p: rigid_year(h, p) / p["rigid_share"]),
    border("oop_year", lambda h, p: p["med_che_share"] * (h["income_year"] - year_line(h))),
    border("oop_year", lambda h, p: p["med_che_floor"]),
    border("oop_year", lambda h, p: p["med_abs_listed"] if h["is_listed"] else p["med_abs_others"]),
    border("oop_year", lambda h, p: p["med_abs_high"] * (p["med_abs_listed"] if h["is_listed"] else p["med_abs_others"])),
    border("oop_year", lambda h, p: p["med_share_floor"]),
    *(
        border("oop_year", lambda h, p, share=share: p[share] * h["income_year"])
        for share in ("med_share_note", "med_share_alert", "med_share_high")
    ),
    border("oop_year", lambda h, p: p["rigid_floor"] - costs_beyond_living(h) + h["oop_year"]),
    border("person_oop_calendar", lambda h, p: h["disposable"] * p["med_pcdi_monitored" if h["is_monitored"] else "med_pcdi_others"]),
    border("stay_oop", lambda h, p: p["med_stay_listed" if h["is_listed"] else "med_stay_others"]),
    border("oop_quarter", lambda h, p: p["med_spike_ratio"] * h["oop_earlier_quarter"]),
    border("oop_quarter", lambda h, p: p["med_spike_ratio"] * p["med_spike_base"]),
    border("oop_quarter", lambda h, p: p["med_spike_floor"]),
    border("education_cost", lambda h, p: p["edu_cost_share"] * h["income_year"]),
    border("education_cost", lambda h, p: p["edu_cost_floor"]),
    border("event_loss", lambda h, p: p["shock_share"] * h["income_year"]),
    border("event_loss", lambda h, p: p["shock_floor"]),
    beside("dis_multi_members", "disabled_members"),
    beside("edu_tertiary_students", "tertiary_students"),
    beside("gap_evaluations", "poor_evaluations"),
    beside("gap_evaluations", "edge_evaluations"),
    beside("gap_evaluations", "rigid_evaluations"),
    either("lapsed_members", 0, 1, 2),
    either("elders", 1, 2),
    either("severely_disabled_adults", 1, 2),
    either("severely_disabled_elders", 0, 1),
)  # fmt: skip


# Both readings ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as opened:
        opened.execute(MACROS.read_text(encoding="utf-8"))
        yield opened


KINDS = {
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "DATE": pa.date32(),
}


def lay(connection: duckdb.DuckDBPyConnection, seed: int, count: int) -> list[tuple[Row, Row]]:
    """Draws households and puts them where compiled rules look."""
    chance = Chance(seed)
    many = [chance.household() for _ in range(count)]
    for place, (row, _) in enumerate(many):
        row["household_id"] = place
    profile = {name: pa.array([row[name] for row, _ in many], KINDS[kind]) for name, kind in COLUMNS.items()}
    given = {name: pa.array([p.get(name) for _, p in many], pa.decimal128(18, 4)) for name in SHIPPED}
    connection.register("drawn_profile", pa.table(profile))
    connection.register("drawn_settings", pa.table({"household_id": range(count), **given}))
    connection.execute("create or replace table profile as from drawn_profile")
    connection.execute("create or replace table settings_of as from drawn_settings")
    return many


def compiled(connection: duckdb.DuckDBPyConnection, catalogue: Mapping[str, Rule]) -> list[Levels]:
    """The levels of every household laid, as a night judges it."""
    names = ", ".join(f'"{code}"' for code in catalogue)
    count: int = connection.execute("select count(*) from profile").fetchall()[0][0]
    levels: list[Levels] = [{} for _ in range(count)]
    sql = compiling.judged_sql(catalogue, set(COLUMNS))
    for place, *row in connection.execute(f"select household_id, {names} from ({sql})").fetchall():
        levels[place] = {code: level for code, level in zip(catalogue, row, strict=True) if level is not None}
    return levels


def read(many: list[tuple[Row, Row]]) -> list[Levels]:
    """The levels of the same households by the sentences."""
    found = []
    for row, given in many:
        h, p = figures(row), numbers(given)
        levels = {code: one.judged(h, p) for code, one in READINGS.items()}
        found.append({code: level for code, level in levels.items() if level is not None})
    return found


def told(row: Row, given: Row, ours: Levels, theirs: Levels) -> str:
    known = {name: value for name, value in row.items() if value not in (None, False, 0)}
    return f"SQL {theirs}, sentence {ours}, of {known} by {given}"


def holds(connection: duckdb.DuckDBPyConnection, seed: int, count: int) -> list[Levels]:
    many = lay(connection, seed, count)
    by_sentence, by_sql = read(many), compiled(connection, rules())
    for (row, given), ours, theirs in zip(many, by_sentence, by_sql, strict=True):
        assert ours == theirs, told(row, given, ours, theirs)
    return by_sentence


def test_every_rule_has_a_reading_and_every_reading_a_rule() -> None:
    assert set(READINGS) == set(rules())


def test_compiled_rules_are_their_sentences(connection: duckdb.DuckDBPyConnection) -> None:
    holds(connection, SEED, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_compiled_rules_are_their_sentences_for_ten_thousand(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    holds(connection, seed, MANY)


# That the households can tell a wrong rule -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def few() -> Iterator[tuple[duckdb.DuckDBPyConnection, list[Levels]]]:
    """The households of the quick test, laid once, and what they are by the sentences."""
    with duckdb.connect(config={"threads": 1}) as opened:
        opened.execute(MACROS.read_text(encoding="utf-8"))
        yield opened, read(lay(opened, SEED, FEW))


def levels_of(rule: Rule) -> set[int]:
    """The levels that a rule's entry can give."""
    tree = parse_one(rule.level, dialect="duckdb")
    if not isinstance(tree, exp.Case):
        return {int(tree.this)}
    return {int(one.args["true"].this) for one in tree.args["ifs"]} | {int(tree.args["default"].this)}


def test_every_rule_hits_some_at_each_of_its_levels_and_spares_some(
    few: tuple[duckdb.DuckDBPyConnection, list[Levels]],
) -> None:
    counts = Counter((code, level) for levels in few[1] for code, level in levels.items())
    for code, rule in rules().items():
        assert min(counts[code, level] for level in levels_of(rule)) >= 5, f"{code} has a level that hardly anybody has"
        assert sum(counts[code, level] for level in range(4)) < FEW * 0.8, f"{code} hits nearly everybody"


MOVED = {exp.GT: exp.GTE, exp.GTE: exp.GT, exp.LT: exp.LTE, exp.LTE: exp.LT}


def border_moved(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """The rule as somebody might get it wrong: one comparison of its formula or level takes in its line, or no more does."""
    for name in ("when", "level"):
        tree = parse_one(getattr(rule, name), dialect="duckdb")
        for place in range(len(list(tree.find_all(*MOVED)))):
            wrong = parse_one(getattr(rule, name), dialect="duckdb")
            node = list(wrong.find_all(*MOVED))[place]
            said = f"{rule.code} {name}: {node.sql(dialect='duckdb')}"
            moved = MOVED[type(node)](this=node.this, expression=node.expression)
            if node is wrong:
                wrong = moved
            else:
                node.replace(moved)
            yield said, replace(rule, **{name: wrong.sql(dialect="duckdb")})


def test_a_border_moved_by_nothing_is_noticed(few: tuple[duckdb.DuckDBPyConnection, list[Levels]]) -> None:
    """Every single comparison of the catalogue, ≥ for > and > for ≥: some household stands right on the line."""
    connection, by_sentence = few
    wrong = {said: rule for rule in rules().values() for said, rule in border_moved(rule)}
    assert len(wrong) > 60
    unnoticed = []
    for said, rule in wrong.items():
        ours = [levels.get(rule.code) for levels in by_sentence]
        if ours == [levels.get(rule.code) for levels in compiled(connection, {rule.code: rule})]:
            unnoticed.append(said)
    assert unnoticed == []
