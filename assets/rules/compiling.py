"""From the catalogue to one select: every comparison exact, in whole numbers, never by dividing.

A profile figure `x` that stands as `x_sum` over `x_months` is a fraction; a parameter is a decimal with four
places. Both sides of a comparison are cross-multiplied, so that nothing is rounded before it is compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from decimal import Decimal
from functools import lru_cache

from sqlglot import exp, parse_one, select, union

from assets.rules.catalogue import Rule

_PLACES = 10_000
_COMPARISONS = (exp.GT, exp.GTE, exp.LT, exp.LTE)


class _Exact:
    """Rewrites the expressions of one rule over the columns of `profile` and the settings `s`."""

    def __init__(self, columns: Set[str], terms: Mapping[str, str]) -> None:
        self.columns, self.terms = columns, terms

    def condition(self, text: str) -> exp.Expr:
        return self._condition(_parse(text))

    def shown(self, text: str) -> exp.Expr:
        """For people's eyes: the same expression as a double."""
        return _parse(text).transform(self._shown)

    def _condition(self, node: exp.Expr) -> exp.Expr:
        return node.transform(self._compared)

    def _compared(self, node: exp.Expr) -> exp.Expr:
        if not isinstance(node, _COMPARISONS):
            return node
        left, below_left = self._fraction(node.this)
        right, below_right = self._fraction(node.expression)
        return type(node)(this=_times(left, below_right), expression=_times(right, below_left))

    def _fraction(self, node: exp.Expr) -> tuple[exp.Expr, exp.Expr | None]:
        """Numerator and denominator (None is 1; denominators are above zero) of a number."""
        match node:
            case exp.Paren():
                return self._fraction(node.this)
            case exp.Literal():
                number = Decimal(node.this)
                whole = number == number.to_integral_value()
                return (_number(int(number)), None) if whole else (_number(int(number * _PLACES)), _number(_PLACES))
            case exp.Placeholder():
                return _huge(parse_one(f"s.{node.name} * {_PLACES}", dialect="duckdb")), _number(_PLACES)
            case exp.Column():
                return self._column(node.name)
            case exp.Neg():
                above, below = self._fraction(node.this)
                return exp.Neg(this=above), below
            case exp.Add() | exp.Sub():
                left, below_left = self._fraction(node.this)
                right, below_right = self._fraction(node.expression)
                above = type(node)(this=_times(left, below_right), expression=_times(right, below_left))
                return exp.paren(above), _product(below_left, below_right)
            case exp.Mul():
                left, below_left = self._fraction(node.this)
                right, below_right = self._fraction(node.expression)
                return exp.Mul(this=left, expression=right), _product(below_left, below_right)
            case exp.Div():
                above, below = self._fraction(node.this)
                divisor, below_divisor = self._fraction(node.expression)
                if below_divisor is not None or not isinstance(node.expression, exp.Literal):
                    raise ValueError(f"a rule divides by whole numbers alone: {node.sql()}")
                return above, _product(below, divisor)
            case exp.Greatest():
                left, below_left = self._fraction(node.this)
                right, below_right = self._fraction(node.expressions[0])
                above = _known_greatest(_times(left, below_right), _times(right, below_left))
                return above, _product(below_left, below_right)
            case exp.Case():
                return self._case(node)
        raise ValueError(f"a rule cannot compare {node.sql()}")

    def _column(self, name: str) -> tuple[exp.Expr, exp.Expr | None]:
        if name in self.terms:
            return self._fraction(_parse(self.terms[name]))
        if f"{name}_sum" in self.columns:
            return _huge(exp.column(f"{name}_sum", "p")), _huge(exp.column(f"{name}_months", "p"))
        if name not in self.columns:
            raise ValueError(f"no profile column {name}")
        return _huge(exp.column(name, "p")), None

    def _case(self, node: exp.Case) -> tuple[exp.Expr, exp.Expr | None]:
        """Every branch over its own denominator: months of a figure that is not asked for weigh nothing."""
        branches = [(self._condition(one.this), *self._fraction(one.args["true"])) for one in node.args["ifs"]]
        otherwise, below = self._fraction(node.args["default"])
        above, under = exp.Case(), exp.Case()
        for condition, part, parts in branches:
            above, under = above.when(condition, part), under.when(condition.copy(), parts or _number(1))
        return exp.paren(above.else_(otherwise)), exp.paren(under.else_(below or _number(1)))

    def _shown(self, node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Placeholder):
            return parse_one(f"s.{node.name}::double", dialect="duckdb")
        if isinstance(node, exp.Div):
            divisor = exp.func("nullif", node.expression.transform(self._shown), exp.Literal.number(0))
            return exp.Div(this=node.this.transform(self._shown), expression=divisor)
        if isinstance(node, exp.Column) and not node.table:
            return shown_column(node.name, self.columns, self.terms)
        return node


class _Near(_Exact):
    """The same with every threshold a tenth nearer: what has fired once goes on until it is clearly over."""

    def _compared(self, node: exp.Expr) -> exp.Expr:
        exact = super()._compared(node)
        if exact is node or node.find_ancestor(exp.Not):
            return exact
        for_left, for_right = (10, 9) if isinstance(node, exp.GT | exp.GTE) else (9, 10)
        near = type(node)(
            this=_times(exact.this, _number(for_left)), expression=_times(exact.expression, _number(for_right))
        )
        return exp.paren(exp.or_(exact, near))


def shown_column(name: str, columns: Set[str], terms: Mapping[str, str]) -> exp.Expr:
    if name in terms:
        return exp.paren(_Exact(columns, terms).shown(terms[name]))
    if f"{name}_sum" in columns:
        return parse_one(f"(p.{name}_sum::double / nullif(p.{name}_months, 0))", dialect="duckdb")
    return exp.column(name, "p")


def rule_columns(rule: Rule, columns: Set[str]) -> list[str]:
    """The profile figures that a rule's formula and sentence name, in order of appearance."""
    found: dict[str, None] = {}
    words = re.findall(r"\{(\w+)", rule.reason)
    for text in (rule.when, rule.level, *rule.terms.values()):
        words += [column.name for column in _parse(text).find_all(exp.Column)]
    for word in words:
        if word in columns or f"{word}_sum" in columns or word in rule.terms:
            found[word] = None
    return list(found)


def level_of(rule: Rule, columns: Set[str]) -> exp.Expr:
    """The level of a household by one rule over `profile p` and `settings_of s`; null is no hit."""
    return exp.Case().when(*_fires(rule, _Exact(columns, rule.terms)))


def near_level_of(rule: Rule, columns: Set[str]) -> exp.Expr:
    """The level by which a household still stands near a rule, 0 where it does not; null is not known."""
    fires, level = _fires(rule, _Near(columns, rule.terms))
    return exp.Case().when(fires, level).when(exp.not_(exp.paren(fires.copy())), exp.Literal.number(0))


def _fires(rule: Rule, by: _Exact) -> tuple[exp.Expr, exp.Expr]:
    """When a rule fires, and at which level."""
    conditions = [parse_one(f"list_contains(p.delivered, '{name}')", dialect="duckdb") for name in rule.needs]
    if rule.needs_any:
        names = ", ".join(f"'{name}'" for name in rule.needs_any)
        conditions.append(parse_one(f"list_has_any(p.delivered, [{names}])", dialect="duckdb"))
    if rule.areas:
        places = " or ".join(f"starts_with(p.area12, '{prefix}')" for prefix in rule.areas)
        conditions.append(parse_one(f"({places})", dialect="duckdb"))
    conditions.append(exp.paren(_qualified(by.condition(rule.when))))
    level = _qualified(by.condition(rule.level))
    capped = (
        exp.Case().when(exp.column("is_provisional", "p"), exp.func("least", level, exp.Literal.number(2))).else_(level)
    )
    return exp.and_(*conditions), capped


def judged_sql(catalogue: Mapping[str, Rule], columns: Set[str]) -> str:
    """All rules in one pass: the profile of every household that some rule hits, and its level by each."""
    judged = select("p.*").from_("profile as p").join("settings_of as s", using=["household_id"])
    for code, rule in catalogue.items():
        judged = judged.select(exp.alias_(level_of(rule, columns), code, quoted=True, copy=False), copy=False)
    anything = exp.or_(*(exp.column(code, quoted=True).is_(exp.null()).not_() for code in catalogue))
    return select("*").from_(judged.subquery("judged")).where(anything).sql(dialect="duckdb", copy=False)


def near_sql(catalogue: Mapping[str, Rule], columns: Set[str]) -> str:
    """One row a household and rule of `previous_standing`: the level by which it still stands near the rule."""
    rows = [_near(rule, frozenset(columns)) for rule in catalogue.values()]
    return " union all ".join(rows) or "select 0::bigint as household_id, '' as rule, 0 as level where false"


@lru_cache(maxsize=256)
def _near(rule: Rule, columns: frozenset[str]) -> str:
    """Kept: every night asks for other rules, and to build them all takes more than a second."""
    return (
        select("p.household_id", f"'{rule.code}' as rule")
        .select(exp.alias_(exp.cast(near_level_of(rule, columns), "integer"), "level"))
        .from_("profile as p").join("settings_of as s", using=["household_id"])
        .join(
            "previous_standing as v", on=f"v.household_id = p.household_id and v.rule = '{rule.code}'", join_type="semi"
        )
    ).sql(dialect="duckdb")  # fmt: skip


def hits_sql(catalogue: Mapping[str, Rule], columns: Set[str]) -> str:
    """One row a household and rule that fires, with its numbers and its sentence, from table `judged`."""
    rows = [_hit(rule, columns) for rule in catalogue.values()]
    return (union(*rows, distinct=False) if len(rows) > 1 else rows[0]).sql(dialect="duckdb")


def _hit(rule: Rule, columns: Set[str]) -> exp.Select:
    exact = _Exact(columns, rule.terms)
    numbers = ", ".join(
        f"{name} := {_rounded(shown_column(name, columns, rule.terms).sql(dialect='duckdb'))}"
        for name in rule_columns(rule, columns)
    )
    names = sorted(
        {
            p.name
            for text in (rule.when, rule.level, *rule.terms.values())
            for p in _parse(text).find_all(exp.Placeholder)
        }
    )
    limits = ", ".join(f"{name} := s.{name}" for name in names)
    packed = ", ".join(filter(None, [numbers, limits]))
    shown = {
        "value": exact.shown(rule.value).sql(dialect="duckdb"),
        "threshold": exact.shown(rule.threshold).sql(dialect="duckdb"),
    }
    return (
        select("p.household_id", "p.household_no", f"'{rule.code}' as rule", f"'{rule.dimension}' as dimension")
        .select(exp.alias_(exp.cast(exp.column(rule.code, "p", quoted=True), "integer"), "level"))
        .select(*(f"({sql})::double as {name}" for name, sql in shown.items()))
        .select(f"to_json(struct_pack({packed}))::varchar as evidence")
        .select(exp.alias_(_sentence(rule, columns, shown), "reason"))
        .from_("judged as p")
        .join("settings_of as s", using=["household_id"])
        .where(exp.column(rule.code, "p", quoted=True).is_(exp.null()).not_())
    )


def _sentence(rule: Rule, columns: Set[str], shown: Mapping[str, str]) -> exp.Expr:
    """`{x:元}` is fen shown as yuan, `{x:%}` a share, `{x}` as it is, `{flag:yes|no}` one of two texts."""
    parts = []
    for text, name, form in re.findall(r"([^{]*)(?:\{(\w+):?([^}]*)\})?", rule.reason):
        if text:
            parts.append(exp.Literal.string(text).sql())
        if not name:
            continue
        number = shown.get(name) or shown_column(name, columns, rule.terms).sql(dialect="duckdb")
        if form == "元":
            parts.append(f"coalesce(printf('%.2f', ({number})::double / 100), '未知') || ' 元'")
        elif form == "%":
            parts.append(f"coalesce(printf('%.1f%%', ({number})::double * 100), '未知')")
        elif "|" in form:
            yes, no = form.split("|")
            parts.append(f"case when {number} then '{yes}' else '{no}' end")
        else:
            parts.append(f"({number})::varchar")
    return parse_one(" || ".join(parts), dialect="duckdb")


def _rounded(sql: str) -> str:
    return sql if "/" not in sql and "*" not in sql else f"round({sql})::bigint"


def _parse(text: str) -> exp.Expr:
    parsed: exp.Expr = parse_one(text, dialect="duckdb")
    return parsed


def _qualified(node: exp.Expr) -> exp.Expr:
    """Bare columns belong to the profile."""
    return node.transform(lambda n: exp.column(n.name, "p") if isinstance(n, exp.Column) and not n.table else n)


def _number(value: int) -> exp.Expr:
    return _huge(exp.Literal.number(value))


def _huge(node: exp.Expr) -> exp.Expr:
    return exp.cast(node, "int128")


def _times(above: exp.Expr, below: exp.Expr | None) -> exp.Expr:
    return above if below is None else exp.Mul(this=exp.paren(above), expression=below.copy())


def _product(*factors: exp.Expr | None) -> exp.Expr | None:
    known = [factor.copy() for factor in factors if factor is not None]
    if not known:
        return None
    product = known[0]
    for factor in known[1:]:
        product = exp.Mul(this=product, expression=factor)
    return product


def _known_greatest(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """SQL's greatest passes over nulls; unknown must stay unknown."""
    both = exp.and_(left.copy().is_(exp.null()).not_(), right.copy().is_(exp.null()).not_())
    return exp.paren(exp.Case().when(both, exp.Greatest(this=left, expressions=[right], ignore_nulls=True)))


def exactly(rule: Rule, part: exp.Expr, columns: Set[str]) -> exp.Expr:
    """A part of a rule's `when` as it is judged, over `profile p` and `settings_of s`; null is not known."""
    return _qualified(_Exact(columns, rule.terms).condition(part.sql(dialect="duckdb")))


def for_people(rule: Rule, part: exp.Expr | str, columns: Set[str]) -> exp.Expr:
    """A number of a rule as a double, to be shown and never compared; money in fen."""
    text = part if isinstance(part, str) else part.sql(dialect="duckdb")
    return _qualified(_Exact(columns, rule.terms).shown(text))
