"""A table is a SQL file: its name, its description and the tables it reads are all read from the file itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlglot
from sqlglot import exp

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class SqlTable:
    name: str
    title: str
    description: str
    sql: str
    reads: tuple[str, ...]
    names: frozenset[str]
    """Every name that stands in it: of tables, columns, and what it calls its own."""


@cache
def sql_table(path: Path) -> SqlTable:
    """One SQL file: the first comment line is the title, the next ones the description."""
    text = path.read_text(encoding="utf-8")
    comments = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        comments.append(line.removeprefix("--").strip())
    tree = sqlglot.parse_one(text, dialect="duckdb")
    names = frozenset(identifier.name for identifier in tree.find_all(exp.Identifier))
    return SqlTable(path.stem, comments[0], " ".join(comments[1:]), text, _reads(tree), names)


@cache
def sql_tables(folder: str) -> dict[str, SqlTable]:
    """The tables of a folder of `assets/`, by name."""
    return {path.stem: sql_table(path) for path in sorted((FOLDER / folder).glob("*.sql"))}


def in_order(tables: Mapping[str, SqlTable], prefix: str = "") -> list[SqlTable]:
    """Each table after those that it reads; `prefix` is what their names carry where they are read."""
    waiting, ordered = dict(tables), []
    while waiting:
        ready = [n for n, t in waiting.items() if not any(prefix + other in t.reads for other in waiting if other != n)]
        if not ready:
            raise ValueError(f"tables read each other in a circle: {', '.join(waiting)}")
        ordered += [waiting.pop(name) for name in ready]
    return ordered


def _reads(tree: exp.Expr) -> tuple[str, ...]:
    """The tables named in from and join clauses that the file does not define itself."""
    own = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    named = {table.name for table in tree.find_all(exp.Table) if isinstance(table.this, exp.Identifier)}
    return tuple(sorted(named - own - {""}))
