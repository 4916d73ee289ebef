"""Windows and levels over random households, held against a few lines of exact Python."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assets.engine import MACROS
from assets.rules import compiling
from assets.rules.catalogue import rules
from assets.tables import sql_tables
from expectations.contract import contracts
from tests.spec.county import NIGHT, County, month
from tests.spec.judging import COLUMNS, FLAGS
from tests.spec.judging import settings as shipped

JUDGED = ("INC-DROP", "INC-BELOW", "INC-EDGE", "MED-SHARE", "MED-CHE40", "MED-IMPOVERISH", "RIGID", "ESI")
HOUSEHOLDS = 300
FLOORS = ("med_share_floor", "med_che_floor", "rigid_floor")
SEEDS = st.integers(0, 2**32)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as opened:
        opened.execute("set variable as_of = $1", [NIGHT])
        opened.execute(MACROS.read_text(encoding="utf-8"))
        facts = "household_id bigint, person_key bigint, settlement_id varchar, refunded_settlement_id varchar, is_refund boolean"
        sums = "settled_at date, member_months bigint, total bigint, fund_total bigint, hospital_borne bigint"
        opened.execute(f"create table health_settlements ({facts}, {sums})")
        yield opened


# Months as bits --------------------------------------------------------------------------------------------------

days = st.dates(date(2023, 1, 1), date(2027, 12, 31))


@given(st.lists(st.tuples(st.none() | days, st.none() | days), min_size=1, max_size=60))
@example([(date(2024, 1, 1), date(2024, 1, 31)), (date(2025, 12, 31), date(2025, 12, 1)), (date(2026, 1, 1), None)])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_month_bits_are_the_months_from_one_to_another(
    connection: duckdb.DuckDBPyConnection, spans: list[tuple[Any, Any]]
) -> None:
    def counted(first: date | None, last: date | None) -> int:
        kept = range(1, 25)
        return sum(
            1 << (back - 1) for back in kept
            if (first is None or first.replace(day=1) <= month(back)) and (last is None or month(back) <= last)
        )  # fmt: skip

    given_spans = pa.table(
        {"first": pa.array([a for a, _ in spans], pa.date32()), "last": pa.array([b for _, b in spans], pa.date32())}
    )
    connection.register("spans", given_spans)
    found = connection.execute("select month_bits(first, last) from spans").fetchall()
    assert [row[0] for row in found] == [counted(a, b) for a, b in spans]


# Windows and levels ----------------------------------------------------------------------------------------------


def households(chance: random.Random) -> list[dict[str, Any]]:
    """Random households in fen whose incomes like to stand right on a line: the standard, its edge, a quarter less."""
    found = []
    for household_id in range(HOUSEHOLDS):
        n, standard = chance.randint(1, 5), chance.choice([50_000, 80_000, 94_100])
        usual = chance.choice(
            [n * standard, n * standard * 3 // 2, 4 * n * standard, chance.randint(1, 900_000), -10_000, 0]
        )
        now = chance.choice(
            [usual, usual * 3 // 4, usual // 2, n * standard, n * standard - 1, n * standard * 3 // 2, 0, -5_000]
        )
        uneven, silent = chance.choice([0, 0, 1, 50_000]), chance.choice([0, 0, 0.1, 0.3])
        cost = chance.choice([0, 100, usual // 10, usual // 4, usual, 300_000, n * standard])
        lag = chance.randint(0, 1)
        income = [
            None if chance.random() < silent else (now if back <= 3 + lag else usual) + chance.randint(-uneven, uneven)
            for back in range(1, 25)
        ]
        rise = chance.randint(0, 12)
        found.append({
            "household_id": household_id, "lag": lag, "income": income, "members": n, "standard": standard,
            "year": sum(standard if back <= rise else standard - 5_000 for back in range(1, 13)),
            "oop": [max(0, cost) if chance.random() < 0.6 else chance.randint(0, 3) for _ in range(24)],
            "disposable": chance.choice([None, 12 * standard, 3_000_000]), "education_cost": chance.choice([0, 0, 580_000]),
            "members_changed": chance.random() < 0.2, "has_dibao": chance.random() < 0.2,
            "settings": shipped(inc_drop_note=chance.choice(["0.25", "0.2"]), edge_multiple=chance.choice(["1.5", "2.0"])),
        })  # fmt: skip
    return found


def known(h: dict[str, Any], first: int, last: int, least: int) -> list[int] | None:
    """Incomes of t-first ... t-last (moved back by the lag), where enough of them are known."""
    months = [x for x in h["income"][first - 1 + h["lag"] : last + h["lag"]] if x is not None]
    return months if len(months) >= least else None


def expected(h: dict[str, Any]) -> dict[str, int]:
    """The levels of one household in plain arithmetic of exact fractions."""
    now, before, year = known(h, 1, 3, 2), known(h, 4, 15, 9), known(h, 1, 12, 10)
    c = None if now is None else Fraction(sum(now), len(now))
    b = None if before is None else Fraction(median(map(Fraction, before)))
    y = None if year is None else Fraction(12 * sum(year), len(year))
    o, o3, o_before = sum(h["oop"][:12]), sum(h["oop"][:3]), Fraction(median(map(Fraction, h["oop"][3:15])))
    n, db, living, p = h["members"], h["standard"], h["members"] * h["year"], h["settings"]
    p = {name: Fraction(value) for name, value in p.items()}
    rigid, quiet = o + h["education_cost"], not h["members_changed"]
    levels: dict[str, int] = {}
    if b is not None and c is not None:
        if b > 0 and quiet and b - c >= p["inc_drop_note"] * b and b - c >= p["inc_drop_floor"] * db:
            levels["INC-DROP"] = 2 if b - c >= p["inc_drop_alert"] * b else 1
        if c < n * db <= b:
            levels["INC-BELOW"] = 0 if h["has_dibao"] else 3
        elif c < p["edge_multiple"] * n * db <= b:
            levels["INC-EDGE"] = 0 if h["has_dibao"] else 2
        if b > 0 and b > o_before and quiet and c - Fraction(o3, 3) <= p["esi_share"] * (b - o_before):
            levels["ESI"] = 1
    if y is not None:
        shares = [p["med_share_note"], p["med_share_alert"], p["med_share_high"]]
        over = [level for level, share in enumerate(shares) if o >= share * max(y, 0)]
        if over and o > p["med_share_floor"]:
            levels["MED-SHARE"] = max(over)
        if o > p["med_che_share"] * max(y - living, 0) and o >= p["med_che_floor"]:
            levels["MED-CHE40"] = 2
        if y - o < living <= y:
            levels["MED-IMPOVERISH"] = 3
        is_poor = h["disposable"] is not None and y < n * h["disposable"]
        if is_poor and rigid >= p["rigid_share"] * max(y, 0) and rigid >= p["rigid_floor"] and not h["has_dibao"]:
            levels["RIGID"] = 2
    return levels


def worked_out(
    connection: duckdb.DuckDBPyConnection, many: list[dict[str, Any]]
) -> tuple[dict[int, Any], dict[int, dict[str, int]]]:
    """The three income figures (sum, months) and the levels of every household, by the SQL of the night."""
    ids = [h["household_id"] for h in many]
    money, flag = pa.int64(), pa.bool_()
    given = {
        "household_months": pa.table({
            "household_id": ids,
            "income": pa.array([h["income"] for h in many], pa.list_(money)),
            "income_class": pa.array([[x and 1 for x in h["income"]] for h in many], pa.list_(pa.int32())),
            "oop": pa.array([h["oop"] for h in many], pa.list_(money)),
        }),
        "profile_feeds": pa.table({"household_id": ids, "income_lag": [h["lag"] for h in many]}),
        "settings_of": pa.table({
            "household_id": ids,
            **{name: pa.array([h["settings"][name] for h in many], pa.decimal128(18, 4)) for name in shipped()},
        }),
        "drawn": pa.table({
            "household_id": ids,
            "household_no": [str(one) for one in ids],
            "delivered": pa.array([list(contracts())] * len(ids)),
            "standard_sum": [12 * h["standard"] for h in many],
            "standard_months": [12] * len(ids),
            "standard_year_sum": [12 * h["year"] for h in many],
            "standard_year_months": [12] * len(ids),
            "rehabilitation_cost": [0] * len(ids),
            "disaster_loss": [0] * len(ids),
            **{name: pa.array([h[name] for h in many], money) for name in ("members", "disposable", "education_cost")},
            **{name: pa.array([h.get(name, False) for h in many], flag) for name in FLAGS},
        }),
    }  # fmt: skip
    for name, table in given.items():
        connection.register(name, table)
    for name in ("income", "medical"):
        connection.execute(f"create or replace temp table profile_{name} as {sql_tables('profile')[name].sql}")
    joined = "from drawn join profile_income using (household_id) join profile_medical using (household_id)"
    connection.execute(f"create or replace temp view profile as select * {joined}")
    columns = {row[0] for row in connection.execute("describe profile").fetchall()} & set(COLUMNS)
    catalogue = {code: rules()[code] for code in JUDGED}
    connection.execute(f"create or replace temp table judged as {compiling.judged_sql(catalogue, columns)}")
    figures = connection.execute(
        "select household_id, income_now_sum, income_now_months, income_before_sum, income_before_months, "
        "income_year_sum, income_year_months from profile_income"
    ).fetchall()
    levels: dict[int, dict[str, int]] = {one: {} for one in ids}
    for household_id, *row in connection.execute(
        f"select household_id, {', '.join(f'{chr(34)}{code}{chr(34)}' for code in JUDGED)} from judged"
    ).fetchall():
        levels[household_id] = {code: level for code, level in zip(JUDGED, row, strict=True) if level is not None}
    return {row[0]: row[1:] for row in figures}, levels


@given(seed=SEEDS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_income_figures_and_levels_are_those_of_plain_arithmetic(
    connection: duckdb.DuckDBPyConnection, seed: int
) -> None:
    many = households(random.Random(seed))
    figures, levels = worked_out(connection, many)
    for h in many:
        now, before, year = known(h, 1, 3, 2), known(h, 4, 15, 9), known(h, 1, 12, 10)
        now_sum, now_months, before_sum, before_months, year_sum, year_months = figures[h["household_id"]]
        assert now_sum == (now and sum(now)) and (now is None or now_months == len(now))
        assert (before_sum is None) == (before is None) and (
            before is None or Fraction(before_sum, before_months) == median(before)
        )
        assert year_sum == (year and 12 * sum(year)) and (year is None or year_months == len(year))
        assert levels[h["household_id"]] == expected(h), h
    assert set().union(*levels.values()) == set(JUDGED)


@given(seed=SEEDS, times=st.integers(2, 10_000))
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_another_unit_of_money_changes_no_relative_flag(
    connection: duckdb.DuckDBPyConnection, seed: int, times: int
) -> None:
    many = households(random.Random(seed))
    for h in many:
        h["settings"] |= dict.fromkeys(FLOORS, Decimal(0))
    _, levels = worked_out(connection, many)
    scaled = [
        h | {
            "income": [None if x is None else times * x for x in h["income"]],
            "oop": [times * x for x in h["oop"]],
            "disposable": h["disposable"] and times * h["disposable"],
        } | {name: times * h[name] for name in ("standard", "year", "education_cost")}
        for h in many
    ]  # fmt: skip
    assert worked_out(connection, scaled)[1] == levels


@given(seed=SEEDS)
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_households_changes_nothing(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    chance = random.Random(seed)
    many = households(chance)
    shuffled = chance.sample(many, len(many))
    assert worked_out(connection, many) == worked_out(connection, shuffled)


# The order of delivered rows -------------------------------------------------------------------------------------


def drawn_rows(chance: random.Random) -> dict[str, str]:
    """A small county of tables, drawn at random: people who join and leave, earn, stop, fall ill."""
    people = [f"p{i}" for i in range(40)]
    back = lambda: f"t-{chance.randint(1, 26)}"  # noqa: E731
    tables = {
        "members": ["household | person | relation | from_month"],
        "wages": ["person | pay_month | base | insurance | is_paid"],
        "pensions": ["person | pay_month | kind | amount | status"],
        "jobless": ["person | registered_on | benefit_from | benefit"],
        "income": ["person | item | amount | from_month | source"],
        "aid": ["person | aid_type | amount | start_month | result"],
        "settlements": [
            "person | settled_at | total | fund_total | settlement_id | is_refund | refunded_settlement_id"
        ],
    }
    for one in people[:36]:
        tables["members"].append(f"h{chance.randint(1, 14)} | {one} | {chance.choice(['02', '10', '20'])} | {back()}")
        if chance.random() < 0.1:
            tables["members"].append(f"g{chance.randint(1, 14)} | {one} | 97 | {back()}")
    for one in people:
        for kind in chance.sample(["110", "310"], chance.choice([0, 1, 1, 2])):
            months = sorted(chance.sample(range(1, 25), chance.choice([24, 24, 20, 12])))
            rows = [
                f"{one} | t-{m} | {chance.randint(1, 9) * 500} | {kind} | {'false' if m < 3 else 'true'}"
                for m in months
            ]
            tables["wages"] += rows
        if chance.random() < 0.3:
            tables["pensions"] += [f"{one} | t-{m} | 110 | 900 | {chance.choice('1111123')}" for m in range(1, 25)]
        if chance.random() < 0.2:
            tables["jobless"].append(f"{one} | {back()} | t-2 | 1500")
        for _ in range(chance.choice([0, 1, 3])):
            row = (
                f"{one} | {chance.choice('ABCDEF')} | {chance.randint(0, 900)} | t-{len(tables['income']) % 20 + 1} | "
            )
            tables["income"].append(row + chance.choice("123"))
        if chance.random() < 0.2:
            tables["aid"].append(f"{one} | 110 | {chance.randint(1, 4) * 100} | {back()} | {chance.choice('1234')}")
        for i in range(chance.choice([0, 1, 4])):
            total = chance.randint(1, 90_000)
            tables["settlements"].append(f"{one} | t-{i + 1} | {total} | {total // 3} | {one}-{i} | false | ")
            if i == 2:
                tables["settlements"].append(f"{one} | t-1 | -{total} | -{total // 3} | {one}-r | true | {one}-{i}")
    return {name: "\n".join(rows) for name, rows in tables.items()}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_delivered_rows_changes_nothing(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    county = County.at(tmp_path)
    county.receive(**drawn_rows(chance))
    first = county.work_out().tables
    for path in sorted((tmp_path / "lake").glob("*/*/accepted.parquet")):
        rows = pq.read_table(path)
        if rows.num_rows and "delivery_no" in rows.column_names:
            pq.write_table(rows.take(chance.sample(range(rows.num_rows), rows.num_rows)), path)
    assert len(first["households"]) > 15
    assert county.work_out().tables == first
