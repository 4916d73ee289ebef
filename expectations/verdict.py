"""From a contract to its verdict: one SQL pass that marks every record with the promises it breaks.

Each promise is one `Check`: a condition for the pass and the native expectation that judges the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp, parse_one, select

from expectations.contract import DELTA, REJECT, WARN, Column, Contract
from expectations.kinds import AREA12, CODE, ID_NO, MONEY, TEXT

READING = Path(__file__).with_name("reading.sql")

_NEVER_BLANK_WORD = "无"  # a blank, unless the column has it as the label of a code


@dataclass(frozen=True)
class Check:
    """One promise: `is_broken` is a condition over `staged`, `expectation` judges the view `judged`."""

    code: str
    column: str
    is_broken: str
    expectation: str
    arguments: Mapping[str, Any]
    severity: str = REJECT
    judged_as: str | None = None
    """SQL of a column that only the judge needs, named by `arguments['column']`."""

    @property
    def name(self) -> str:
        return f"{self.column}__{self.code}".lower().replace("-", "_")


@dataclass(frozen=True)
class Verdict:
    """The pass of one contract: its checks, in the order of the bits of `broken`."""

    contract: Contract

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        withdrawn = "op is not distinct from 'D'" if self.contract.delivery == DELTA else "false"
        found = [check for column in self.contract.columns for check in _column_checks(column, withdrawn)]
        for row in self.contract.rows:
            name = row.code.lower().replace("-", "_")
            bounds = {"min_value": row.low, "max_value": row.high}
            outside = [f"({row.measure}) < {row.low}"] if row.low is not None else []
            outside += [f"({row.measure}) > {row.high}"] if row.high is not None else []
            found.append(Check(
                row.code, "row", " or ".join(outside), "expect_column_values_to_be_between",
                {"column": name, **bounds}, row.severity, judged_as=row.measure,
            ))  # fmt: skip
        found.append(Check(
            "KEY-TWICE", "row", "is_key_twice", "expect_column_values_to_be_unique", {"column": "record_key"}, WARN,
        ))  # fmt: skip
        return tuple(found)

    @cached_property
    def rejecting_bits(self) -> int:
        return sum(1 << bit for bit, check in enumerate(self.checks) if check.severity == REJECT)

    @cached_property
    def staged_sql(self) -> str:
        """`delivered` (text of every record) and `numbers` (identity numbers read once) → one row a record.

        Columns: origin, `x_text` as delivered, `x` as stored, `record_key`, `broken` (bit mask of checks).
        """
        origin = ["delivery_no", "record_no", "line_no", "fault", "period_end"]
        cleaned = select(*origin).from_("delivered")
        read = select(*(f"cleaned.{name}" for name in origin))
        for column in self.contract.columns:
            cleaned = cleaned.select(_cleaned(column).as_(f"{column.name}_text"))
            read = read.select(f"{column.name}_text")
            if column.kind is ID_NO:
                number = f"{column.name}_number"
                read = read.select(
                    f"{number}.person_key as {column.stored_name}", f"{number}.fault as {column.name}_fault"
                )
                read = read.join(
                    f"numbers as {number}", on=f"{column.name}_text = {number}.text and cleaned.period_end = {number}.period_end",
                    join_type="left",
                )  # fmt: skip
            elif column.kind is not TEXT:
                read = read.select(_stored(column).as_(column.stored_name))
        keyed = select("*", _record_key(self.contract).as_("record_key")).from_("read")
        counted = select(
            "*",
            parse_one("record_key is not null and count(*) over (partition by record_key) > 1", dialect="duckdb").as_(
                "is_key_twice"
            ),
        ).from_("keyed")
        bits = " | ".join(
            f"case when {check.is_broken} then {1 << bit} else 0 end" for bit, check in enumerate(self.checks)
        )
        return (
            select("*", parse_one(f"({bits})::bigint", dialect="duckdb").as_("broken"))
            .with_("cleaned", as_=cleaned)
            .with_("read", as_=read.from_("cleaned"))
            .with_("keyed", as_=keyed)
            .with_("counted", as_=counted)
            .from_("counted")
            .sql(dialect="duckdb")
        )

    @cached_property
    def judged_sql(self) -> str:
        """What the judge sees: `staged` and the columns that only expectations need."""
        judged = select("*").from_("staged")
        for check in self.checks:
            if check.judged_as:
                judged = judged.select(parse_one(check.judged_as, dialect="duckdb").as_(check.arguments["column"]))
        return judged.sql(dialect="duckdb")


@cache
def verdict(contract: Contract) -> Verdict:
    return Verdict(contract)


def teach(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a connection the reading macros."""
    connection.execute(READING.read_text(encoding="utf-8"))


def staged_name(column: Column) -> str:
    """Where the stored value of a column stands in `staged`: free text has no reading of its own."""
    return f"{column.name}_text" if column.kind is TEXT else column.stored_name


def spellings(column: Column) -> dict[str, str]:
    """Every accepted spelling of a code column: label, code, and the code that lost its leading zero."""
    found = {label: code for code, label in column.codes.items()}
    found |= {code.lstrip("0"): code for code in column.codes if code.lstrip("0")}
    return found | {code: code for code in column.codes}


def _cleaned(column: Column) -> exp.Expression:
    text = f"nullif({column.name}, '')"
    if _NEVER_BLANK_WORD not in column.codes.values():
        text = f"nullif({text}, '{_NEVER_BLANK_WORD}')"
    return parse_one(text, dialect="duckdb")


def _stored(column: Column) -> exp.Expression:
    text = exp.column(f"{column.name}_text")
    if column.kind is CODE:
        case = exp.Case(this=text)
        for spelling, code in spellings(column).items():
            case = case.when(exp.Literal.string(spelling), exp.Literal.string(code))
        return case
    assert column.kind.reader
    return exp.func(column.kind.reader, text, dialect="duckdb")


def _record_key(contract: Contract) -> exp.Expression:
    """A number that equal keys of one delivery share; null where the key cannot be read.

    A member without a number yet is told apart by name.
    """
    unread = ["fault is not null"]
    unread += [f"{staged_name(c)} is null" for c in contract.keys if c.is_required]
    unread += [f"id_no_text is not null and {c.stored_name} is null" for c in contract.keys if c.kind is ID_NO]
    parts = [f"coalesce({staged_name(c)}::varchar, '')" for c in contract.keys]
    if any(c.kind is ID_NO and not c.is_required for c in contract.keys):
        parts.append("case when id_no_text is null then name_text end")
    return parse_one(
        f"case when not ({' or '.join(unread)}) then hash(delivery_no, {', '.join(parts)}) end", dialect="duckdb"
    )


def _column_checks(column: Column, withdrawn: str) -> list[Check]:
    """The checks of one column. A withdrawal (op D) needs only the key."""
    text, stored = f"{column.name}_text", column.stored_name
    found = []
    if column.is_required and (column.is_key or withdrawn == "false"):
        found.append(Check(
            "REQUIRED", column.name, f"{text} is null", "expect_column_values_to_not_be_null", {"column": text},
        ))  # fmt: skip
    elif column.is_required:
        found.append(Check(
            "REQUIRED", column.name, f"{text} is null and not {withdrawn}",
            "expect_column_values_to_not_be_null", {"column": f"{column.name}_given"},
            judged_as=f"coalesce({text}, case when {withdrawn} then 'D' end)",
        ))  # fmt: skip
    if column.kind is CODE:
        found.append(Check(
            "CODE", column.name, f"{text} is not null and {stored} is null", "expect_column_values_to_be_in_set",
            {"column": text, "value_set": sorted(spellings(column))},
        ))  # fmt: skip
    elif column.kind is AREA12:
        found.append(Check(
            "AREA", column.name, f"{text} is not null and {stored} is null", "expect_column_values_to_match_regex",
            {"column": text, "regex": "^[0-9]{12}$"},
        ))  # fmt: skip
    elif column.kind is not TEXT:
        found.append(Check(
            column.kind.unreadable, column.name, f"{text} is not null and {stored} is null",
            "expect_column_values_to_be_null", {"column": f"{column.name}_unread"},
            judged_as=f"case when {stored} is null then {text} end",
        ))  # fmt: skip
    if column.kind is MONEY:
        found.append(Check(
            "MONEY-NEGATIVE", column.name, f"{stored} < 0 and not coalesce({column.may_be_negative}, false)",
            "expect_column_values_to_be_between", {"column": f"{column.name}_signed", "min_value": 0},
            judged_as=f"case when not coalesce({column.may_be_negative}, false) then {stored} end",
        ))  # fmt: skip
    if column.is_past:
        found.append(Check(
            "FUTURE", column.name, f"{stored} > period_end", "expect_column_pair_values_a_to_be_greater_than_b",
            {"column_A": "period_end", "column_B": stored, "or_equal": True, "ignore_row_if": "either_value_is_missing"},
        ))  # fmt: skip
    return found
