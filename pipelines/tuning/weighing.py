"""Past nights by other values beside what staff answered: the measures of `measures/*.sql` over both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from assets.engine import kept_engine
from assets.home import Home, Refusal
from assets.intake import ledger
from assets.night import Night
from assets.supposing import Supposition, raised
from assets.tables import sql_table
from pipelines.tuning.trials import FOLDER, Trial

Rows = list[dict[str, Any]]
_VALUE = pa.decimal128(18, 4)
_TURNS = pa.schema([
    ("case_id", pa.string()), ("household_id", pa.int64()), ("night", pa.date32()), ("turn", pa.string()),
])  # fmt: skip
_ANSWERED = pa.schema([
    ("case_id", pa.string()), ("household_id", pa.int64()), ("visited_on", pa.date32()), ("is_found", pa.bool_()),
])  # fmt: skip
_LEVELS = pa.schema([
    ("value", _VALUE), ("night", pa.date32()), ("household_id", pa.int64()), ("rules", pa.list_(pa.string())),
])  # fmt: skip
_TRIED = pa.schema([("place", pa.int32()), ("value", _VALUE)])


@dataclass(frozen=True)
class Limits:
    """How many visits and saved visits a proposal needs, and on how many nights it is tried at most."""

    visits: int
    saved: int
    nights: int


@dataclass(frozen=True, eq=False)
class Answers:
    """What staff answered to the lists of some nights of an area, and the nights that are tried."""

    turns: pa.Table
    answered: pa.Table
    nights: tuple[date, ...]
    nights_with_visits: int
    nights_lost: int
    """Nights whose tables are no longer in the lake."""


@dataclass(frozen=True, eq=False)
class Weighed:
    trial: Trial
    by_value: Rows
    by_rule: Rows
    lost: Rows
    unjudged: int


def answers(home: Home, since: date, area: str, limits: Limits) -> Answers:
    """Turns and answers of the nights since a day; of the nights with visits as many as the limit, spread evenly."""
    ran = [night for night in ledger.nights(home) if night >= since]
    there = [night for night in ran if home.table("household_profile", night).exists()]
    if not there:
        raise Refusal(f"No night since {since} is in the lake of {home.root.name}: there is nothing to try values on.")
    turns: list[pa.Table] = []
    with kept_engine(home):
        for night in there:
            with Night.of(home, night) as opened:
                opened.open("cases")
                turns.append(_asked(opened, "turns", {"area": area}))
        with Night.of(home, there[-1]) as opened:
            opened.open("answers", "outcomes")
            answered = _asked(opened, "answered", {})
    gathered = pa.concat_tables([table.cast(_TURNS) for table in turns])
    answered = answered.cast(_ANSWERED)
    with duckdb.connect() as connection:
        open_answers(connection, gathered, answered)
        rows = connection.execute("select distinct night from visits order by night").fetchall()
    visited = [night for (night,) in rows]
    tried = visited if len(visited) <= limits.nights else _spread(visited, limits.nights)
    return Answers(gathered, answered, tuple(tried), len(visited), len(ran) - len(there))


def weigh(home: Home, area: str, trial: Trial, found: Answers, limits: Limits, done: Callable[[date], None]) -> Weighed:
    """One trial over the nights: each again by every value, then held against the answers."""
    suppositions = [Supposition(trial.parameter, value, trial.unit, area=area) for value in trial.values]
    levels = [_LEVELS.empty_table()]
    for night in found.nights:
        tables = raised(home, night, suppositions)
        for value, table in zip((None, *trial.values), tables, strict=True):
            levels.append(_of_area(table, area, value, night))
        done(night)
    with duckdb.connect() as connection:
        return measure(connection, trial, found, pa.concat_tables(levels), limits)


def measure(
    connection: duckdb.DuckDBPyConnection, trial: Trial, found: Answers, levels: pa.Table, limits: Limits
) -> Weighed:  # fmt: skip
    """The measures over answers and over the families that the hits of each night raise under each value."""
    for folder in (FOLDER.parent / "evaluation", FOLDER):
        connection.execute((folder / "macros.sql").read_text(encoding="utf-8"))
    open_answers(connection, found.turns, found.answered)
    tried = [{"place": place, "value": value} for place, value in enumerate((None, *trial.values))]
    _given(connection, "levels_of", levels)
    _given(connection, "tried", pa.Table.from_pylist(tried, _TRIED))
    _given(connection, "asked", pa.table({"rule": pa.array(trial.rules, pa.string())}))
    _given(connection, "replayed", pa.table({"night": pa.array(found.nights, pa.date32())}))
    _given(connection, "limits", pa.table({"least_visits": [limits.visits], "least_saved": [limits.saved]}))
    for name in ("raised", "judged"):
        connection.execute(f"create or replace temp table {name} as {_sql('measures', name)}")
    told = {
        name: connection.sql(_sql("measures", name)).to_arrow_table().to_pylist()
        for name in ("by_value", "by_rule", "lost", "unjudged")
    }
    return Weighed(trial, told["by_value"], told["by_rule"], told["lost"], told["unjudged"][0]["visits"])


def open_answers(connection: duckdb.DuckDBPyConnection, turns: pa.Table, answered: pa.Table) -> None:
    """`turns`, `answered`, and `visits`: which answer belongs to which list."""
    _given(connection, "turns", turns)
    _given(connection, "answered", answered)
    connection.execute(f"create or replace temp table visits as {_sql('measures', 'visits')}")


def rules_visited(home: Home, night: date, since: date, area: str, limits: Limits) -> list[str]:
    """Rules with enough visits for a proposal, the one with most visits in vain first."""
    with Night.of(home, night) as opened:
        opened.open("answers", "outcomes")
        rows = _asked(opened, "rules_visited", {"since": since, "area": area, "least": limits.visits}).to_pylist()
    return [row["rule"] for row in rows]


def _of_area(levels: pa.Table, area: str, value: Decimal | None, night: date) -> pa.Table:
    inside = levels.filter(pc.starts_with(levels["area12"], area)).select(["household_id", "rules"])
    rows = inside.num_rows
    columns = [pa.array([value] * rows, _VALUE), pa.array([night] * rows, pa.date32()), *inside.columns]
    return pa.table(columns, names=_LEVELS.names).cast(_LEVELS)


def _spread(nights: Sequence[date], count: int) -> list[date]:
    """So many of them, the newest among them, as far apart as may be."""
    return [nights[len(nights) - 1 - place * len(nights) // count] for place in reversed(range(count))]


def _asked(opened: Night, name: str, values: dict[str, object]) -> pa.Table:
    return opened.connection.sql(_sql("gathered", name), params=values).to_arrow_table()


def _given(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    connection.register("given_rows", table)
    connection.execute(f"create or replace temp table {name} as from given_rows")
    connection.unregister("given_rows")


def _sql(folder: str, name: str) -> str:
    return sql_table(FOLDER / folder / f"{name}.sql").sql
