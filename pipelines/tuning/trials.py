"""What is tried: parameters of rules, the values beside the present one, and the rules in question."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from assets.home import Home, Refusal
from assets.night import Night
from assets.rules.catalogue import Rule, rules
from assets.supposing import plan
from assets.tables import sql_table
from pipelines.what_if import read

FOLDER = Path(__file__).parent
_FOUR_PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Trial:
    """One parameter with its present value in the area, other values, and the rules whose visits are weighed."""

    parameter: str
    unit: str
    now: Decimal
    values: tuple[Decimal, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class InForce:
    value: Decimal
    unit: str


def in_force(home: Home, night: date, area: str) -> dict[str, InForce]:
    """Every standard and parameter that counts in an area by the rows of today."""
    with Night.of(home, night) as opened:
        opened.open("given_values")
        sql = sql_table(FOLDER / "gathered" / "in_force.sql").sql
        rows = opened.connection.execute(sql, {"area": area}).fetchall()
    return {name: InForce(value, unit) for name, value, unit in rows}


def parameters_of(rule: Rule) -> list[str]:
    """Names of the parameters that the rule's own formulas read, in the order of its text."""
    text = " ".join((rule.when, rule.level, rule.value, rule.threshold, *rule.terms.values()))
    return list(dict.fromkeys(re.findall(r"\$(\w+)", text)))


def trials(
    home: Home, night: date, area: str, codes: Sequence[str], parameter: str, told: Sequence[str]
) -> list[Trial]:  # fmt: skip
    """One trial a parameter: of these rules, or the one that is named. Raises `Refusal` for what cannot be tuned."""
    standing = in_force(home, night, area)
    if unknown := [code for code in codes if code not in rules()]:
        raise Refusal(f"There is no rule {unknown[0]}; {_near(unknown[0], rules())}")
    named = [parameter] if parameter else _own(codes, standing)
    if told and not parameter:
        raise Refusal("--values are of one --parameter: name it.")
    found = []
    for name in named:
        now = _tunable(home, night, area, name, standing)
        values = _values(home, night, name, told) if told else _grid(home, night, name, now)
        tried = tuple(value for value in values if value != now.value)
        if tried:
            found.append(Trial(name, now.unit, now.value, tried, _in_question(name, codes)))
    if not found:
        raise Refusal(f"Nothing to try: {parameter or ', '.join(codes)} has no value but the present one.")
    return found


def _own(codes: Sequence[str], standing: Mapping[str, InForce]) -> list[str]:
    """The parameters of these rules, each once; standards are set by law and not tuned."""
    names = dict.fromkeys(name for code in codes for name in parameters_of(rules()[code]))
    return [name for name in names if name in standing and standing[name].unit not in ("month", "year")]


def _in_question(name: str, codes: Sequence[str]) -> tuple[str, ...]:
    """The rules that name the parameter; where tables read it, every rule of need, for any may lean on them."""
    naming = [code for code, rule in rules().items() if name in parameters_of(rule)]
    if "household_profile" in plan({name}):
        return tuple(code for code, rule in rules().items() if rule.dimension != "supervision")
    if codes and not set(codes) & set(naming):
        raise Refusal(f"{', '.join(codes)} does not read {name}; {', '.join(naming)} does.")
    return tuple(naming)


def _tunable(home: Home, night: date, area: str, name: str, standing: Mapping[str, InForce]) -> InForce:
    if name.startswith("gate_"):
        raise Refusal(
            f"{name} decides what is held, not who is at risk: no visit speaks of it. Ask `lowincome what-if`."
        )
    (known,) = read(home, night, [f"{name}=1"], area, "any", None)
    if known.unit in ("month", "year"):
        raise Refusal(f"{name} is a standard: it is set by notice, not by what visits found.")
    if name not in standing:
        raise Refusal(f"No row of {name} is in force{f' in {area}' if area else ' everywhere: name an --area'}.")
    return standing[name]


def _near(name: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(sorted(known))}."


def _values(home: Home, night: date, name: str, told: Sequence[str]) -> list[Decimal]:
    suppositions = read(home, night, [f"{name}={one}" for one in told], "", "any", None)
    return sorted({one.value for one in suppositions})


def _grid(home: Home, night: date, name: str, now: InForce) -> list[Decimal]:
    """A tenth and a fifth to either side, in whole steps of the unit, and every value that the parameter ever had."""
    factors, step = _declared()[now.unit]
    around = set()
    for factor in factors:
        value = (now.value * factor / step).quantize(Decimal(1)) * step
        away = step if factor > 1 else -step
        around.add(value if value != now.value else now.value + away)
    with Night.of(home, night) as opened:
        opened.open("given_values")
        rows = opened.connection.execute("select distinct value from given_values where name = $1", [name]).fetchall()
    return sorted(value.quantize(_FOUR_PLACES).normalize() for value in around | {row[0] for row in rows} if value > 0)


@cache
def _declared() -> dict[str, tuple[tuple[Decimal, ...], Decimal]]:
    with (FOLDER / "grid.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["unit"]: (tuple(Decimal(one) for one in row["factors"].split(";")), Decimal(row["step"]))
            for row in csv.DictReader(file)
        }
