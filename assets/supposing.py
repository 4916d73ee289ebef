"""What if: one night's data under other standards, parameters or rules, by the very tables and rules of a night.

The tables that lean on the changed rows are worked out anew in a scratch home; all others are those of the night.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import dropwhile
from typing import Any

import pyarrow as pa

from assets import reference
from assets.engine import kept_engine
from assets.home import Home
from assets.night import Night, panel_tables, profile_parts
from assets.rules import catalogue
from assets.scratch import lift, shadow
from assets.tables import SqlTable, sql_tables

ALWAYS = date(1900, 1, 1)
Step = Callable[[str], AbstractContextManager[Any]]
Values = Callable[[Night], None]
"""Opens `given_values` as they are supposed to be."""

_BUCKETED: dict[str, Callable[[Night], None]] = {
    "household_months": Night.write_household_months, "household_profile": Night.write_household_profile,
    "hits": Night.write_hits,
}  # fmt: skip
_AFTER = ("hit_months", "held")
"""What is worked out after the hits: how many there are, and where so many are held."""


@dataclass(frozen=True)
class Supposition:
    """Another value of one standard or parameter: in an area, for a residence, from a month on (`ALWAYS`: all along).

    Money is in yuan; `unit` is that of the rows that it stands for.
    """

    name: str
    value: Decimal
    unit: str
    area: str = ""
    residence: str = "any"
    since: date = ALWAYS


@dataclass(frozen=True, eq=False)
class Supposed:
    """What would come of it: one row a household that enters, leaves, rises or falls; counts; yuan; what is held."""

    changes: pa.Table
    counts: list[dict[str, Any]]
    costs: list[dict[str, Any]]
    broken: list[dict[str, Any]]
    """Rules whose hits would be so many that the breaker would hold them; they are counted all the same."""


def suppose(home: Home, night: date, suppositions: Sequence[Supposition], step: Step = nullcontext) -> Supposed:
    """The rules of that night with other values; of two suppositions on one name the later one is laid on top."""

    with shadow(home, night) as (seen, rules), kept_engine(seen), catalogue.read_from(rules):
        _keep_as_it_was(seen, night)
        tables = plan({one.name for one in suppositions})
        return _as_it_would_be(home, seen, night, _laid_over(suppositions), tables, step)


def raised(home: Home, night: date, suppositions: Sequence[Supposition]) -> list[pa.Table]:
    """Whom the hits of that night raise (`levels`): as it was, then by each supposition alone; all are on one name.

    Hits only: what was held stays held, and nobody is listed.
    """
    tables = {name: write for name, write in plan({one.name for one in suppositions}).items() if name not in _AFTER}
    with shadow(home, night) as (seen, rules), kept_engine(seen), catalogue.read_from(rules):
        found = [_levels(seen, night)]
        for name in tables:
            lift(home, seen, name, night)
        for one in suppositions:
            _work_out(seen, night, _laid_over([one]), tables, nullcontext)
            found.append(_levels(seen, night))
    return found


def suppose_today(home: Home, night: date, today: Home, step: Step = nullcontext) -> Supposed:
    """The rules, standards and parameters of today on the data of that night: what is known now was known then."""

    def of_today(opened: Night) -> None:
        reference.open_values(today, night, opened.connection)
        opened.connection.execute(
            "create or replace temp table given_values as select * replace "
            "(least(known_at, getvariable('as_of')::date) as known_at) from given_values"
        )
        opened.opened.add("given_values")

    with shadow(home, night) as (seen, rules), kept_engine(seen):
        with catalogue.read_from(rules):
            _keep_as_it_was(seen, night)
        return _as_it_would_be(home, seen, night, of_today, plan(None), step)


def plan(names: Collection[str] | None) -> dict[str, Callable[[Night], None]]:
    """What is worked out anew where these names have other values (None: any, and the rules), in order."""
    leaning = {table.name: _writer(table) for table in _leaning(names)}
    bucketed = dict(dropwhile(lambda item: item[0] != _first_to_read(names), _BUCKETED.items()))
    return leaning | bucketed | {name: _writer(sql_tables("cases")[name]) for name in _AFTER}


def names(home: Home, night: date) -> dict[str, set[str]]:
    """Every standard and parameter that the night knew, with its units."""
    with shadow(home, night) as (seen, _), Night.of(seen, night) as opened:
        opened.open("given_values")
        rows = opened.connection.execute("select distinct name, unit from given_values order by all").fetchall()
    found: dict[str, set[str]] = {}
    for name, unit in rows:
        found.setdefault(name, set()).add(unit)
    return found


def _leaning(names: Collection[str] | None) -> list[SqlTable]:
    """The tables of the panel that lean on standards or parameters; those of the gates only where one of theirs is."""
    is_about_gates = names is None or _is_about_gates(names)
    found, changed = [], {"given_values"}
    for table in panel_tables():
        if changed & set(table.reads) and (is_about_gates or table.name != "gate_limits"):
            found.append(table)
            changed.add(table.name)
    return found


def _first_to_read(names: Collection[str] | None) -> str:
    """The bucketed table from which on these names may change something. The profile leans on gates, too."""
    if names is None or _mentions([sql_tables("panel")["household_months"]], names):
        return "household_months"
    return "household_profile" if _is_about_gates(names) or _mentions(profile_parts(), names) else "hits"


def _is_about_gates(names: Collection[str]) -> bool:
    return any(name.startswith("gate_") for name in names)


def _mentions(tables: Sequence[SqlTable], names: Collection[str]) -> bool:
    return any(set(re.findall(r"\w+", table.sql)) & set(names) for table in tables)


def _keep_as_it_was(seen: Home, night: date) -> None:
    """Put aside the night's own levels and benefits, and what it held, before its tables are worked out anew."""
    with Night.of(seen, night) as opened:
        for name in ("levels", "benefits"):
            table = sql_tables("supposed")[name]
            opened.open(*table.reads)
            opened.copy(table.sql, seen.staging / f"{name}_before.parquet")
        opened.copy("from held", seen.staging / "held_then.parquet")


def _as_it_would_be(
    home: Home, seen: Home, night: date, values: Values, tables: Mapping[str, Callable[[Night], None]], step: Step
) -> Supposed:
    for name in tables:
        lift(home, seen, name, night)
    _work_out(seen, night, values, tables, step)
    with Night.of(seen, night) as opened:
        return _compared(opened, seen)


def _work_out(
    seen: Home, night: date, values: Values, tables: Mapping[str, Callable[[Night], None]], step: Step
) -> None:  # fmt: skip
    for name, write in tables.items():
        with step(name), Night.of(seen, night) as opened:
            values(opened)
            write(opened)


def _laid_over(suppositions: Sequence[Supposition]) -> Values:
    def changed(opened: Night) -> None:
        opened.open("given_values")
        sql = sql_tables("supposed")["changed_values"].sql
        for one in suppositions:
            opened.connection.execute(f"create or replace temp table given_values as {sql}", vars(one))

    return changed


def _levels(seen: Home, night: date) -> pa.Table:
    with Night.of(seen, night) as opened:
        table = sql_tables("supposed")["levels"]
        opened.open(*table.reads)
        return opened.connection.sql(table.sql).to_arrow_table()


def _writer(table: SqlTable) -> Callable[[Night], None]:
    return lambda opened: opened.write(table)


def _compared(night: Night, seen: Home) -> Supposed:
    """The night as it was beside the night as it would be."""
    night.open("held")
    night.connection.execute("create or replace temp table held_anew as from held")
    for name in ("levels_before", "benefits_before", "held_then"):
        night.view(name, str(seen.staging / f"{name}.parquet"))
        night.opened.add(name)
    night.connection.execute(f"create or replace temp view held as {sql_tables('supposed')['held_as_supposed'].sql}")
    night.opened |= {"held_anew", "levels_after", "benefits_after", "changes"}
    for name, source in (("levels_after", "levels"), ("benefits_after", "benefits"), ("changes", "changes")):
        table = sql_tables("supposed")[source]
        night.open(*table.reads)
        night.connection.execute(f"create or replace temp table {name} as {table.sql}")
    return Supposed(
        night.connection.sql("from changes").to_arrow_table(), _rows(night, "counts"), _rows(night, "costs"),
        _rows(night, "broken"),
    )  # fmt: skip


def _rows(night: Night, name: str) -> list[dict[str, Any]]:
    table = sql_tables("supposed")[name]
    night.open(*table.reads)
    return list(night.connection.sql(table.sql).to_arrow_table().to_pylist())
