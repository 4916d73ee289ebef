"""From a contract to its verdict: one SQL pass that marks every record with the promises it breaks.

Each promise is one `Check`: a condition for the pass and the native expectation that judges the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, eq=False)
class Verdict:
    """The pass of one contract: its checks, in the order of the bits of `broken`."""

    contract: Contract

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        withdrawn = "op is not distinct from 'D'" if self.contract.delivery == DELTA else "false"
        split = Check("SPLIT", "record", "fault is not null", "expect_column_values_to_be_null", {"column": "fault"})
        columns = [
            check for column in self.contract.columns for check in _column_checks(self.contract, column, withdrawn)
        ]
        return (split, *columns, *_row_checks(self.contract), _KEY_TWICE)

    @cached_property
    def rejecting_bits(self) -> int:
        return sum(1 << bit for bit, check in enumerate(self.checks) if check.severity == REJECT)

    @cached_property
    def staged_sql(self) -> str:
        """`delivered` (text of every record) and `numbers` (identity numbers read once) → one row a record.

        Columns: origin; each column as stored; `unread`, what was delivered by name of column where anything could
        not be read, else null; `record_key`; `broken`, the bit mask of the checks (all but the last, which needs the
        whole table).
        """
        origin = ["delivery_no", "area6", "record_no", "line_no", "fault", "period_end"]
        cleaned = select(*origin).from_("delivered")
        read = select(*(f"cleaned.{name}" for name in origin)).from_("cleaned")
        for column in self.contract.columns:
            cleaned = cleaned.select(_cleaned(column).as_(column.name), copy=False)
            read = _read(read, column)
        unread = select("*").from_("read")
        for column in self.contract.columns:
            if column.kind not in (TEXT, ID_NO):
                unread = unread.select(
                    f"case when {column.name} is null then {column.name}_said end as {column.name}_unread",
                    copy=False,
                )
        names = [c for column in self.contract.columns for c in _staged_columns(column)]
        keyed = select(*origin, *names, _record_key(self.contract).as_("record_key")).from_("unread")
        bits = " | ".join(
            f"case when {check.is_broken} then {1 << bit} else 0 end"
            for bit, check in enumerate(self.checks)
            if check is not _KEY_TWICE
        )
        kept = [name for name in (*origin, *names) if not name.endswith("_unread")]
        return (
            select(*kept, _unread(self._unread_columns), "record_key", _sql(f"({bits})::bigint").as_("broken"))
            .with_("cleaned", as_=cleaned, copy=False)
            .with_("read", as_=read, copy=False)
            .with_("unread", as_=unread, copy=False)
            .with_("keyed", as_=keyed, copy=False)
            .from_("keyed", copy=False)
            .sql(dialect="duckdb", copy=False)
        )

    @property
    def _unread_columns(self) -> list[str]:
        return [column.name for column in self.contract.columns if column.kind is not TEXT]

    @property
    def twice_sql(self) -> str:
        """The keys that stand twice in one delivery, of `passed`, which is what `staged_sql` gave."""
        return "select record_key from passed where record_key is not null group by record_key having count(*) > 1"

    @property
    def marked_sql(self) -> str:
        """`staged`: `passed` with the last bit at the records whose key is in `twice`."""
        bit = 1 << (len(self.checks) - 1)
        marked = f"broken | case when record_key in (select record_key from twice) then {bit} else 0 end"
        return f"select * replace ({marked} as broken) from passed"

    @cached_property
    def judged_sql(self) -> str:
        """What the judge sees: `staged`, `x_unread` for each column x, and the columns that only expectations need."""
        judged = select("*").from_("staged")
        for name in self._unread_columns:
            judged = judged.select(
                _sql(f"case when unread is not null then unread['{name}'] end").as_(f"{name}_unread"), copy=False
            )
        for check in self.checks:
            if check.judged_as:
                judged = judged.select(_sql(check.judged_as).as_(check.arguments["column"]), copy=False)
        return judged.sql(dialect="duckdb", copy=False)


@cache
def verdict(contract: Contract) -> Verdict:
    return Verdict(contract)


def teach(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a connection the reading macros."""
    connection.execute(READING.read_text(encoding="utf-8"))


def spellings(column: Column) -> dict[str, str]:
    """Every accepted spelling of a code column: label, code, and the code that lost its leading zero."""
    found = {code: code for code in column.codes}
    for code, label in column.codes.items():
        found.setdefault(code.lstrip("0") or code, code)
        found.setdefault(label, code)
    return found


_KEY_TWICE = Check(
    "KEY-TWICE", "row", "false", "expect_column_values_to_be_unique", {"column": "record_key"}, WARN
)  # fmt: skip


def _sql(text: str) -> exp.Expr:
    parsed: exp.Expr = parse_one(text, dialect="duckdb")
    return parsed


def _cleaned(column: Column) -> exp.Expr:
    text = f"nullif({column.name}, '')"
    if _NEVER_BLANK_WORD not in column.codes.values():
        text = f"nullif({text}, '{_NEVER_BLANK_WORD}')"
    return _sql(text)


def _read(query: exp.Select, column: Column) -> exp.Select:
    """Adds the stored value of a column and what was said, so that the next step can tell what was not read."""
    if column.kind is TEXT:
        return query.select(f"cleaned.{column.name}", copy=False)
    if column.kind is ID_NO:
        number = f"{column.name}_number"
        return query.select(
            f"{number}.person_key as {column.stored_name}",
            f"{number}.fault as {column.name}_fault",
            f"case when {number}.fault is not null then cleaned.{column.name} end as {column.name}_unread",
            copy=False,
        ).join(
            f"numbers as {number}",
            on=f"cleaned.{column.name} = {number}.text and cleaned.period_end = {number}.period_end",
            join_type="left",
            copy=False,
        )
    said = exp.column(column.name, "cleaned")
    if column.kind is CODE:
        value: exp.Expr = exp.Case(this=said)
        for spelling, code in spellings(column).items():
            value = value.when(exp.Literal.string(spelling), exp.Literal.string(code), copy=False)  # type: ignore[attr-defined]
        value = value.else_(_code_beside_label(column))  # type: ignore[attr-defined]
    else:
        reader = column.reader or column.kind.reader
        assert reader
        value = exp.func(reader, said, dialect="duckdb")
    return query.select(value.as_(column.name), said.copy().as_(f"{column.name}_said"), copy=False)


def _code_beside_label(column: Column) -> exp.Case:
    """The code of a cell that holds code and label, as a list to choose from offers them: `05 给予临时救助`."""
    value = exp.Case(this=exp.func("plain_choice", exp.column(column.name, "cleaned"), dialect="duckdb"))
    for code, label in column.codes.items():
        for written in dict.fromkeys((code, code.lstrip("0") or code)):
            value = value.when(exp.Literal.string(f"{written} {label}"), exp.Literal.string(code), copy=False)
    return value


def _unread(columns: Sequence[str]) -> exp.Expr:
    """One map a record, because a column of its own for each would store a million nulls a column."""
    anything = " or ".join(f"{name}_unread is not null" for name in columns)
    names = ", ".join(f"'{name}'" for name in columns)
    texts = ", ".join(f"{name}_unread" for name in columns)
    return _sql(f"case when {anything} then map([{names}], [{texts}]) end").as_("unread")


def _staged_columns(column: Column) -> list[str]:
    if column.kind is TEXT:
        return [column.name]
    if column.kind is ID_NO:
        return [column.stored_name, f"{column.name}_fault", f"{column.name}_unread"]
    return [column.name, f"{column.name}_unread"]


def _record_key(contract: Contract) -> exp.Expr:
    """A number that equal keys of one delivery share; null where the key cannot be read.

    A member without a number yet is told apart by name.
    """
    unread = ["fault is not null"]
    unread += [f"{c.stored_name} is null" for c in contract.keys if c.is_required]
    unread += [f"{c.name}_unread is not null" for c in contract.keys if c.kind is not TEXT]
    parts = [f"coalesce({c.stored_name}::varchar, '')" for c in contract.keys]
    if any(c.kind is ID_NO and not c.is_required for c in contract.keys):
        parts.append("case when person_key is null then name end")
    return _sql(f"case when not ({' or '.join(unread)}) then hash(delivery_no, {', '.join(parts)}) end")


def _column_checks(contract: Contract, column: Column, withdrawn: str) -> list[Check]:
    """The checks of one column. A withdrawal (op D) needs only the key."""
    unfilled = "HALF-FILLED" if column.name in contract.filled_by else "REQUIRED"
    name, stored, unread = column.name, column.stored_name, f"{column.name}_unread"
    found = []
    if column.is_required:
        given = [f"{stored} is not null", "fault is not null"]
        given += [f"{unread} is not null"] if column.kind is not TEXT else []
        given += [withdrawn] if withdrawn != "false" and not column.is_key else []
        found.append(Check(
            unfilled, name, f"not ({' or '.join(given)})", "expect_column_values_to_not_be_null",
            {"column": f"{name}_given"}, judged_as=f"case when {' or '.join(given)} then true end",
        ))  # fmt: skip
    if column.kind is CODE:
        found.append(Check(
            "CODE", name, f"{unread} is not null", "expect_column_values_to_be_in_set",
            {"column": f"{name}_delivered", "value_set": sorted(column.codes)},
            judged_as=f"coalesce({stored}, {unread})",
        ))  # fmt: skip
    elif column.kind is AREA12:
        found.append(Check(
            "AREA", name, f"{unread} is not null", "expect_column_values_to_match_regex",
            {"column": f"{name}_delivered", "regex": "^[0-9]{12}$"}, judged_as=f"coalesce({stored}, {unread})",
        ))  # fmt: skip
    elif column.kind is not TEXT:
        found.append(Check(
            column.kind.unreadable, name, f"{unread} is not null", "expect_column_values_to_be_null",
            {"column": unread},
        ))  # fmt: skip
    if column.kind is MONEY:
        allowed = f"coalesce({column.may_be_negative}, false)"
        found.append(Check(
            "MONEY-NEGATIVE", name, f"{stored} < 0 and not {allowed}", "expect_column_values_to_be_between",
            {"column": f"{name}_signed", "min_value": 0}, judged_as=f"case when not {allowed} then {stored} end",
        ))  # fmt: skip
    if column.is_past:
        pair = {"column_A": "period_end", "column_B": stored, "or_equal": True}
        found.append(Check(
            "FUTURE", name, f"{stored} > period_end", "expect_column_pair_values_a_to_be_greater_than_b",
            pair | {"ignore_row_if": "either_value_is_missing"},
        ))  # fmt: skip
    return found


def _row_checks(contract: Contract) -> list[Check]:
    found = []
    for row in contract.rows:
        outside = [f"({row.measure}) < {row.low}"] if row.low is not None else []
        outside += [f"({row.measure}) > {row.high}"] if row.high is not None else []
        found.append(Check(
            row.code, "row", " or ".join(outside), "expect_column_values_to_be_between",
            {"column": row.code.lower().replace("-", "_"), "min_value": row.low, "max_value": row.high},
            row.severity, judged_as=row.measure,
        ))  # fmt: skip
    return found
