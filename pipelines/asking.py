"""Questions over the tables of a night."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

from assets.home import Home, Refusal
from assets.lists.publishing import REFERENCE, current_night
from assets.night import Night
from expectations.contract import contracts


def available(home: Home, night: date) -> list[str]:
    """Every name that a question of that night may use."""
    made = [
        path.parent.name for path in (home.root / "lake").glob(f"*/{night.isoformat()}") if path.parent.name != "facts"
    ]
    return sorted({"deliveries", "rejects", *REFERENCE, *contracts(), *made})


def answer(home: Home, query: str, as_of: date | None, form: str, out: Path | None) -> None:
    """Print or write the answer of one query. Raises `Refusal` for unknown tables and wrong SQL."""
    night = as_of or current_night(home)
    if night is None:
        raise Refusal("No night has run in this home yet: run `lowincome run --as-of …` first.")
    if form == "parquet" and out is None:
        raise Refusal("Parquet goes to a file: add --out FILE.")
    names = available(home, night)
    with Night.of(home, night) as opened:
        for name in _tables(query):
            if name not in names:
                raise Refusal(f"There is no table {name} for {night}; there are: {', '.join(names)}.")
            opened.open(name)
        try:
            _give(opened.connection.sql(query), form, out)
        except duckdb.Error as error:
            raise Refusal(str(error).splitlines()[0]) from None


def _tables(query: str) -> list[str]:
    try:
        trees = sqlglot.parse(query, dialect="duckdb")
    except sqlglot.errors.ParseError as error:
        raise Refusal(f"The question cannot be read as SQL: {str(error).splitlines()[0]}") from None
    if len(trees) != 1 or trees[0] is None or not isinstance(trees[0], exp.Query):
        raise Refusal("A question is one select; nothing here can be changed.")
    own = {cte.alias_or_name for cte in trees[0].find_all(exp.CTE)}
    found = {t.name for t in trees[0].find_all(exp.Table) if isinstance(t.this, exp.Identifier)}
    return sorted(found - own)


def _give(result: duckdb.DuckDBPyRelation, form: str, out: Path | None) -> None:
    if form == "parquet":
        result.write_parquet(str(out))
        return
    table = result.df()
    if form == "csv" or out:
        table.to_csv(out or sys.stdout, index=False)
        return
    from rich.console import Console
    from rich.table import Table

    shown = Table(*(str(name) for name in table.columns))
    for row in table.itertuples(index=False):
        shown.add_row(*("" if value is None else str(value) for value in row))
    Console().print(shown)
