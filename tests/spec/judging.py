"""A drawn household profile put before the rules, compiled just as a night compiles them."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb

from assets import reference
from assets.engine import MACROS
from assets.rules import compiling
from assets.rules.catalogue import rules
from expectations.contract import contracts
from tests.drawn import drawn, figure

MEANS = {
    "income_now": 3,
    "income_before": 2,
    "income_year": 12,
    "oop_before": 2,
    "oop_earlier_quarter": 2,
    "standard": 12,
    "standard_year": 12,
}
"""Figures that the profile stores as a sum of fen over a number of months, and that number."""

COSTS = ("education_cost", "rehabilitation_cost", "disaster_loss")
MONEY = ("oop_year", "oop_quarter", "person_oop_calendar", "stay_oop", "disposable", "event_loss", *COSTS)
FLAGS = (
    "is_listed", "is_monitored", "has_dibao", "has_tekun", "has_edge", "members_changed", "had_earner", "has_earner",
    "is_earner_in_feed", "is_income_known", "has_stop_record", "is_wage_feed_complete", "is_lapse_sure", "has_new_unemployed",
    "has_benefit_ending", "has_pension_stopped", "is_provisional", "has_rigid", "is_tapering", "is_uninsured_sure",
    "has_dangerous_dwelling", "has_condemned_dwelling", "is_dwelling_damaged", "is_dwelling_lost",
    "is_report_urgent",
)  # fmt: skip
COUNTS = (
    "elders", "disabled_members", "severely_disabled_members", "severely_disabled_adults", "severely_disabled_elders",
    "newly_disabled_members", "without_care_subsidy", "without_living_subsidy", "died_pillars", "unattended_children",
    "half_unattended_children", "newly_ill_members", "uninsured_members", "tertiary_students", "dropped_out",
    "without_school", "unaided_students", "unaided_disabled_students", "event_deaths", "poor_evaluations",
    "edge_evaluations", "rigid_evaluations", "aid_months_after_death", "members_in_two",
    "reports", "urgent_reports",
)  # fmt: skip
COLUMNS = {
    "household_id": "BIGINT",
    "household_no": "VARCHAR",
    "delivered": "VARCHAR[]",
    "members": "BIGINT",
    "lapsed_members": "BIGINT",
    "area12": "VARCHAR",
    **dict.fromkeys((*MONEY, *COUNTS), "BIGINT"),
    **dict.fromkeys(FLAGS, "BOOLEAN"),
    "report_matter": "VARCHAR",
    "reported_on": "DATE",
    **{f"{name}_{part}": "BIGINT" for name in MEANS for part in ("sum", "months")},
}


def settings(**changed: str | None) -> dict[str, Decimal | None]:
    """The shipped parameters as the night has them, yuan in fen; changed ones are given as a city would write them."""
    with (reference.SHIPPED / "parameters.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    texts = {name: changed.get(name, row["value"]) for name, row in rows.items()}
    return {
        name: None if text is None else Decimal(text) * (100 if rows[name]["unit"] == "yuan" else 1)
        for name, text in texts.items()
    }


def profile_row(cells: dict[str, str], **unsaid: Any) -> dict[str, Any]:
    """One household: three members, flags false, counts and rigid costs 0 where nothing is drawn, all else unknown."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS) | dict.fromkeys(FLAGS, False) | dict.fromkeys((*COSTS, *COUNTS), 0)
    row |= {"members": 3, "delivered": list(contracts())} | {f"{name}_months": months for name, months in MEANS.items()}
    row |= unsaid
    for name, cell in cells.items():
        value = figure(cell)
        if name in MEANS:
            row[f"{name}_sum"], row[f"{name}_months"] = _mean(value, MEANS[name])
        elif isinstance(value, Fraction):
            row[name] = _whole(value * (100 if name in MONEY else 1))
        elif name == "delivered":
            row[name] = cell.split()
        else:
            row[name] = value
    return row


def _mean(value: Any, months: int) -> tuple[int | None, int]:
    if value is None:
        return None, months
    fen = value * 100
    return (_whole(fen * months), months) if (fen * months).denominator == 1 else (fen.numerator, fen.denominator)


def _whole(value: Fraction) -> int:
    if value.denominator != 1:
        raise ValueError(f"{value} fen is not a whole number")
    return value.numerator


def judged(rows: list[dict[str, Any]], given: dict[str, Decimal | None], *codes: str) -> list[dict[str, Any]]:
    """The hits of some rules (all where none is named) over profile rows."""
    catalogue = {code: rule for code, rule in rules().items() if not codes or code in codes}
    with duckdb.connect() as connection:
        connection.execute(MACROS.read_text(encoding="utf-8"))
        connection.execute(f"create table profile ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})")
        connection.executemany(
            f"insert into profile values ({', '.join('?' * len(COLUMNS))})",
            [[place if name == "household_id" else row[name] for name in COLUMNS] for place, row in enumerate(rows)],
        )
        columns = ", ".join(f"?::decimal(18, 4) as {name}" for name in given)
        connection.execute(
            f"create table settings_of as select household_id, s.* from profile cross join (select {columns}) s",
            list(given.values()),
        )
        connection.execute(f"create table judged as {compiling.judged_sql(catalogue, set(COLUMNS))}")
        hits = connection.sql(compiling.hits_sql(catalogue, set(COLUMNS)))
        return [dict(zip(hits.columns, row, strict=True)) for row in hits.fetchall()]


def hits(code: str, table: str, **parameters: str | None) -> None:
    """Holds one rule against a drawn table: the column `hit` is the level, blank where the rule does not fire."""
    rows = drawn(table)
    found = judged([profile_row({k: v for k, v in row.items() if k not in ("household", "hit")}, household_no=row["household"])
                    for row in rows], settings(**parameters), code)  # fmt: skip
    levels = {hit["household_no"]: str(hit["level"]) for hit in found}
    assert [f"{row['household']}: {levels.get(row['household'], '')}" for row in rows] == [
        f"{row['household']}: {row['hit']}" for row in rows
    ]
    assert all(hit["reason"] for hit in found), "a hit without its sentence"
