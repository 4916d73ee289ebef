"""Why a family was or was not on a night's list: each rule with its numbers, threshold, state, and rows of origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlglot import exp

from assets.home import Home, Refusal
from assets.lists.publishing import current_night
from assets.night import Night
from assets.rules import catalogue
from assets.rules.catalogue import Rule, figures
from assets.rules.conditions import Condition, conditions, rule_figures, taken_apart_sql
from assets.scratch import shadow
from assets.tables import sql_tables

Row = dict[str, Any]
NEAR = 0.2
"""A comparison of amounts that fails by no more than a fifth is near."""


class State(StrEnum):
    """What a rule came to for a family."""

    FIRED = "fired"
    HELD = "held"
    OFF = "off"
    ELSEWHERE = "for other areas"
    CHANGED = "members changed"
    UNKNOWN = "unknown"
    NEARLY = "near"
    UNMET = "not met"


@dataclass(frozen=True, eq=False)
class Part:
    """One condition of a rule for this family: whether it holds (None: not known), and the numbers on either side."""

    condition: Condition
    holds: bool | None
    left: float | None
    right: float | None
    unknown: tuple[str, ...]

    @property
    def distance(self) -> float:
        """How far the sides of a failed comparison of amounts lie apart, as a share of the greater; 1 for any other."""
        if self.condition.unit != "元" or self.left is None or self.right is None or not self.condition.sides:
            return 1.0
        greater = max(abs(self.left), abs(self.right))
        return abs(self.left - self.right) / greater if greater else 1.0


@dataclass(frozen=True, eq=False)
class Judged:
    """A rule for this family: its state, why, and its numbers."""

    rule: Rule
    state: State
    why: str
    hit: Row | None
    value: float | None
    threshold: float | None
    parts: tuple[Part, ...]
    figures: Mapping[str, float | None]

    @property
    def distance(self) -> float:
        """How far the rule's own number lies from its threshold, else the sides of its failed conditions."""
        if self.value is not None and self.threshold:
            return abs(self.value - self.threshold) / abs(self.threshold)
        return max((part.distance for part in self.parts if part.holds is False), default=1.0)

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for part in self.parts if part.holds is None for name in part.unknown))


@dataclass(frozen=True, eq=False)
class Explained:
    """What a night knew of a family and made of it."""

    night: date
    household: Row
    case: Row | None
    standing: Sequence[Row]
    """Hits of earlier nights that have not ended yet."""
    is_listed: bool
    judged: Sequence[Judged]
    origins: Sequence[Row]
    parameters: Mapping[str, Row]
    flags: frozenset[str] = field(default=frozenset())
    """Figures that are yes or no."""

    def of(self, *states: State) -> list[Judged]:
        """The rules in these states, the gravest hits first."""
        found = [one for one in self.judged if one.state in states]
        return sorted(found, key=lambda one: -one.hit["level"] if one.hit else 0)


def explain(home: Home, number: str, night: date, area: str = "") -> Explained:
    """Explain a household by its number, or by that of its case; by the rules and standards that the night knew.

    Raises `Refusal` where the night's tables are gone or the night knew no such household.
    """
    if not home.table("household_profile", night).exists():
        raise Refusal(
            f"The tables of {night} are not in the lake of {home.root.name}: "
            f"`lowincome replay --as-of {night} --keep FOLDER` works them out again, then ask with --home FOLDER."
        )
    with shadow(home, night) as (seen, rules), catalogue.read_from(rules), Night.of(seen, night) as opened:
        found = _rows(opened, "household", number=number, area=area)
        if len(found) > 1:
            places = "、".join(sorted({row["area6"] for row in found}))
            raise Refusal(f"{len(found)} households have the number {number}: say which with --area ({places}).")
        if found:
            return _explained(opened, found[0])
        cases = _rows(opened, "case", number=number, area=area)
    if cases:
        one = cases[0]
        raise Refusal(
            f"{night} 晚家庭 {one['household_no']} 不在成员名单中，各条规则无从判断；"
            f"案件 {one['case_id']}：{one['main_reason']} / "
            "no member list of that night names this household: no rule can be judged."
        )
    raise Refusal(_never_heard_of(home, number, night, area))


def _never_heard_of(home: Home, number: str, night: date, area: str) -> str:
    newest = current_night(home) or night
    with Night.of(home, newest) as opened:
        opened.open("civil_affairs_members", "deliveries")
        told = _rows(opened, "first_told", "civil_affairs_members_received", number=number, area=area)
    if not told:
        return (
            f"{night} 晚没有家庭 {number}，此后的成员名单中也没有 / no member list has ever named household {number}."
        )
    first = told[0]
    if first["received_on"] > night:
        return (
            f"{night} 晚还不知道家庭 {number}：它首见于 {first['received_on']} 收到的 {first['file']} / "
            "the night did not know this household: it was first told of later."
        )
    return (
        f"{night} 晚家庭 {number} 上月无在册成员，不作判断（首见于 {first['received_on']} 收到的 {first['file']}）/ "
        "no member of this household counted in the last closed month."
    )


def _rows(night: Night, name: str, *without: str, **values: Any) -> list[Row]:
    """The answer of one SQL file of `explained/`."""
    table = sql_tables("explained")[name]
    night.open(*(read for read in table.reads if read not in without))
    result = night.connection.execute(table.sql, values)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _explained(night: Night, household: Row) -> Explained:
    key = {"household_id": household["household_id"]}
    origins = _rows(night, "origins", household_no=household["household_no"], area6=household["area6"], **key)
    place = {"area12": household["area12"]}
    parameters = {row["name"]: row for row in _rows(night, "parameters", residence=household["residence"], **place)}
    closed: dict[str, list[Row]] = {}
    for row in _rows(night, "closed_rules", **place):
        closed.setdefault(row["rule"], []).append(row)
    cases = _of_table(night, "cases", **key)
    hits = {row["rule"]: row for row in _of_table(night, "hits", **key)}
    columns = _open_one(night, household["household_id"])
    told = _taken_apart(night, set(columns))
    judged = [
        _judged(rule, household, told[code], hits.get(code), closed.get(code, []), set(columns))
        for code, rule in catalogue.rules().items()
    ]
    standing = [
        row for row in _of_table(night, "standing_hits", **key)
        if row["standing"] not in ("firing", "cleared", "withdrawn")
    ]  # fmt: skip
    is_listed = bool(_of_table(night, "risk_list", **key))
    flags = frozenset(name for name, kind in columns.items() if kind == "BOOLEAN")
    return Explained(
        night.as_of, household, cases[0] if cases else None, standing, is_listed, judged, origins, parameters, flags
    )


def _of_table(night: Night, name: str, household_id: int) -> list[Row]:
    night.open(name)
    result = night.connection.execute(f"from {name} where household_id = $1", [household_id])
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _open_one(night: Night, household_id: int) -> dict[str, str]:
    """`profile` and `settings_of` of one household alone, as the rules see them. Returns the columns' types."""
    night.open("household_profile", "households", "settings", "given_values")
    night.connection.execute(
        "create or replace temp table profile as from household_profile where household_id = $1", [household_id]
    )
    night.connection.execute(
        "create or replace temp table one_household as from households where household_id = $1", [household_id]
    )
    night.connection.execute("create or replace temp view households as from one_household")
    night.connection.execute(f"create or replace temp table settings_of as {night.settings_sql()}")
    return {row[0]: row[1] for row in night.connection.execute("describe profile").fetchall()}


def _taken_apart(night: Night, columns: set[str]) -> Row:
    result = night.connection.execute(taken_apart_sql(list(catalogue.rules().values()), columns))
    names = [column[0] for column in result.description or ()]
    return dict(zip(names, result.fetchall()[0], strict=True))


def _judged(
    rule: Rule, household: Row, told: Row, hit: Row | None, closed: list[Row], columns: set[str]
) -> Judged:  # fmt: skip
    values = dict(zip(rule_figures(rule, columns), told["figures"], strict=True))
    parts = tuple(
        Part(
            one, seen["holds"], seen["left"], seen["right"],
            tuple(name for name in one.figures if name in values and values[name] is None),
        )
        for one, seen in zip(conditions(rule), told["conditions"], strict=True)
    )  # fmt: skip
    state, why = _state(rule, household, hit, closed, parts)
    return Judged(rule, state, why, hit, told["value"], told["threshold"], parts, values)


def _state(
    rule: Rule, household: Row, hit: Row | None, closed: list[Row], parts: Sequence[Part]
) -> tuple[State, str]:  # fmt: skip
    off = [row for row in closed if row["state"] == "off"]
    held = [row for row in closed if row["state"] == "held"]
    why_held = "；".join(_since(row) for row in held)
    if hit:
        return (State.HELD, why_held) if held else (State.FIRED, "")
    if off:
        return State.OFF, "；".join(row["reason"] for row in off)
    if rule.areas and not any(household["area12"].startswith(prefix) for prefix in rule.areas):
        return State.ELSEWHERE, f"只适用于 {'、'.join(rule.areas)}"
    if held:
        return State.HELD, why_held
    failed = [part for part in parts if part.holds is False]
    if any(_is_about_members(part) for part in failed) and len(failed) == 1:
        return State.CHANGED, "近十五个月成员有变动，前后收入不可比"
    if failed:
        return (State.NEARLY, "") if all(part.distance <= NEAR for part in failed) else (State.UNMET, "")
    unknown = dict.fromkeys(name for part in parts if part.holds is None for name in part.unknown)
    if any(part.holds is None for part in parts):
        named = "、".join(figures()[name].zh if name in figures() else name for name in unknown)
        return State.UNKNOWN, f"{named or '所需数据'}未知"
    return State.UNMET, "条件均成立而当晚未命中：程序与当晚不同"


def _since(row: Row) -> str:
    since: date | None = row["since_month"]
    return f"{row['reason']}（{row['extracts']}{f'，自 {since:%Y-%m}' if since else ''}）"


def _is_about_members(part: Part) -> bool:
    node = part.condition.node
    return isinstance(node, exp.Not) and isinstance(node.this, exp.Column) and node.this.name == "members_changed"


def lines_of(origin: Row, most: int = 12) -> str:
    told = " ".join(str(line) for line in origin["lines"][:most]) + (" …" if len(origin["lines"]) > most else "")
    return f"{Path(origin['file']).name} 第 {told} 行（{origin['received_on']} 收到）"
