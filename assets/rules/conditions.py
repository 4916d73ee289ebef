"""A rule taken apart for people: the conditions that its formula joins by `and`, and the numbers on either side."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from sqlglot import exp, parse_one, select

from assets.rules import compiling
from assets.rules.catalogue import Rule, figures


@dataclass(frozen=True, eq=False)
class Condition:
    """One condition: `sides` are the two expressions that it compares, none where it compares nothing."""

    rule: Rule
    node: exp.Expr
    sides: tuple[exp.Expr, ...]
    figures: tuple[str, ...]
    """The profile figures that it names, those behind its terms included."""

    @property
    def unit(self) -> str:
        """元 where its sides are money: no rule divides one amount by another before it compares."""
        return "元" if any(figures()[name].unit == "元" for name in self.figures if name in figures()) else ""

    @property
    def parameters(self) -> set[str]:
        return {one.name for one in self.node.find_all(exp.Placeholder)}


def conditions(rule: Rule) -> list[Condition]:
    """The conditions of `when`, all of which must hold, in its order."""
    whole: exp.Expr = parse_one(rule.when, dialect="duckdb").unnest()
    parts = list(whole.flatten()) if isinstance(whole, exp.And) else [whole]
    return [_condition(rule, part.copy()) for part in parts]


def _condition(rule: Rule, node: exp.Expr) -> Condition:
    is_comparison = isinstance(node, (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.EQ, exp.NEQ))
    sides = (node.this, node.expression) if is_comparison else ()
    return Condition(rule, node, sides, tuple(_named(rule, node)))


def _named(rule: Rule, node: exp.Expr) -> dict[str, None]:
    found: dict[str, None] = {}
    for column in node.find_all(exp.Column, bfs=False):
        if column.name in rule.terms:
            found |= _named(rule, parse_one(rule.terms[column.name], dialect="duckdb"))
        else:
            found[column.name] = None
    return found


def taken_apart_sql(catalogue: list[Rule], columns: Set[str]) -> str:
    """One row a household over `profile` and `settings_of`: per rule what is told of it, and of each condition.

    Column `<rule>` holds value, threshold, `figures` (a list, in the order of `rule_figures`) and `conditions` (a
    list of holds, left, right), all from the very expressions that judge.
    """
    query = select("p.household_id").from_("profile as p").join("settings_of as s", using=["household_id"])
    for rule in catalogue:
        parts = [
            f"{{holds: {compiling.exactly(rule, one.node, columns).sql(dialect='duckdb')}, "
            + ", ".join(
                f"{side}: {_number(rule, one.sides[place] if one.sides else None, columns)}"
                for place, side in enumerate(("left", "right"))
            )
            + "}"
            for one in conditions(rule)
        ]
        named = [_number(rule, exp.column(name), columns) for name in rule_figures(rule, columns)]
        packed = (
            f"{{value: {_number(rule, rule.value, columns)}, threshold: {_number(rule, rule.threshold, columns)}, "
            f"figures: [{', '.join(named)}]::double[], conditions: [{', '.join(parts)}]}}"
        )
        query = query.select(exp.alias_(parse_one(packed, dialect="duckdb"), rule.code, quoted=True), copy=False)
    return query.sql(dialect="duckdb")


def rule_figures(rule: Rule, columns: Set[str]) -> list[str]:
    """The profile figures behind a rule, in order of appearance."""
    found: dict[str, None] = {}
    for text in (rule.when, rule.level):
        found |= _named(rule, parse_one(text, dialect="duckdb"))
    return [name for name in found if name in columns or f"{name}_sum" in columns]


def _number(rule: Rule, node: exp.Expr | str | None, columns: Set[str]) -> str:
    if node is None:
        return "null::double"
    return f"({compiling.for_people(rule, node, columns).sql(dialect='duckdb')})::double"
