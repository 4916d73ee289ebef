"""Weighing: every pair of a sought and a known record that shares a block, by Splink on an open connection."""

from __future__ import annotations

from pathlib import Path

import duckdb
from sqlglot import exp, select

from assets.linkage.model import Model

EVIDENCE = Path(__file__).with_name("evidence.sql")
DECIDED = Path(__file__).with_name("decided.sql")


def teach(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a connection the conditions that a model may name."""
    connection.execute(EVIDENCE.read_text(encoding="utf-8"))


def weigh(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Table `weighed`: `sought_no`, `known_no`, `weight` (log2 of the odds), `probability`, `says`, `is_for_human`.

    Reads the tables `sought` and `known`; both have `row_no` and the columns of the model. The model is fixed, nothing
    is sampled, and across rows nothing is summed but counts, so neither threads nor the order of rows change a figure.
    """
    sought, known = (
        connection.execute(f"select count(*) from {name}").fetchall()[0][0] for name in ("sought", "known")
    )
    if not sought or not known:
        connection.execute(_NO_PAIRS)
        return
    from splink import DuckDBAPI, Linker

    columns = ["row_no", *model.columns]
    for name in ("sought", "known"):
        connection.execute(f"create or replace temp view {name}_given as select {', '.join(columns)} from {name}")
    engine = DuckDBAPI(connection)
    # of two data sets Splink takes the one whose name comes first as the left side
    sides = [engine.register(f"{name}_given", table_name=place) for place, name in (("a", "sought"), ("b", "known"))]
    linker = Linker(sides, model.settings(prior=1 / max(known, 2)), log_level=None, validate_settings=False)
    found = linker.inference.predict(warning_mode="never")
    connection.execute(f"create or replace temp table weighed as {_told_sql(model, found.physical_name)}")
    engine.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]


_NO_PAIRS = """
    create or replace temp table weighed (
        sought_no bigint, known_no bigint, weight double, probability double, says varchar, is_for_human boolean
    )
"""


def _told_sql(model: Model, found: str) -> str:
    """Splink's pairs in our words. It numbers the levels of a comparison from the last one (0) up."""
    query = select(
        "row_no_l as sought_no", "row_no_r as known_no", "round(match_weight, 6) as weight",
        "round(match_probability, 9) as probability",
    ).from_(found)  # fmt: skip
    words: list[exp.Expr] = []
    for_human: list[exp.Expr] = [exp.false()]
    for name, levels in model.comparisons.items():
        gamma = exp.column(f"gamma_{name}")
        word = exp.Case(this=gamma)
        for place, level in enumerate(reversed(levels)):
            word = word.when(exp.Literal.number(place), exp.Literal.string(level.says))
            if level.to_human:
                for_human.append(gamma.copy().eq(exp.Literal.number(place)))
        words.append(word)
    says = exp.func("concat_ws", exp.Literal.string("；"), *words, dialect="duckdb")
    return query.select(says.as_("says"), exp.or_(*for_human).as_("is_for_human")).sql(dialect="duckdb")
