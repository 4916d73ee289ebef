"""A rule is a declaration: formula, level, reason sentence, basis and the extracts that it needs."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

FOLDER = Path(__file__).parent
EVERY_RULE_USES = ("civil_affairs_members",)


@dataclass(frozen=True, eq=False)
class Rule:
    """One entry. `when`, `level`, `value`, `threshold` and `terms` are SQL over profile columns and `$parameters`."""

    code: str
    title: str
    title_en: str
    dimension: str
    when: str
    level: str
    reason: str
    basis: str
    value: str = "null"
    threshold: str = "null"
    terms: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    needs: tuple[str, ...] = ()
    needs_any: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    is_bounded: bool = False
    """Whether what own cost leaves of the income bounds the level of its case (`residual_level`).

    So for changes, shares, lines above the standard and one costly bill; not for a line of the law, an event that
    befell the family, or the loss that makes an income unknown.
    """
    is_pressing: bool = False
    """Whether a case that it hits is visited without waiting for a second evaluation, whatever its level."""
    areas: tuple[str, ...] = ()
    """Area prefixes that the rule is for; empty is everywhere."""
    ends: str = ""
    """What ends a hit, in words; blank: its figures clearly below the thresholds in two months running."""

    @property
    def unit(self) -> str:
        """How the sentence writes the value: 元 (it is in fen), % (a share) or blank (a count)."""
        forms: dict[str, str] = dict(re.findall(r"\{(\w+):(元|%)\}", self.reason))
        return forms.get("value") or forms.get(self.value) or ""

    @property
    def leans_on(self) -> Mapping[str, str]:
        """Every extract that the rule needs (`need`), needs with others (`any`) or uses (`use`)."""
        uses = dict.fromkeys((*EVERY_RULE_USES, *self.uses), "use")
        return MappingProxyType(uses | dict.fromkeys(self.needs_any, "any") | dict.fromkeys(self.needs, "need"))


@dataclass(frozen=True)
class Figure:
    """A figure of the household profile in people's words; `unit` 元 is money, in fen."""

    zh: str
    unit: str


_IN_FORCE = [FOLDER]
"""Where the entries are read from; the last folder counts."""


@contextmanager
def read_from(folder: Path) -> Iterator[None]:
    """The rules of another time: until the block ends, everything judges and explains by the entries in `folder`."""
    _IN_FORCE.append(folder)
    try:
        yield
    finally:
        _IN_FORCE.pop()


def of_another_time() -> Path | None:
    """The folder whose rules stand in for the shipped ones."""
    return _IN_FORCE[-1] if len(_IN_FORCE) > 1 else None


def rules() -> Mapping[str, Rule]:
    """All rules by code, in the order of the files."""
    return _rules(_IN_FORCE[-1])


def figures() -> Mapping[str, Figure]:
    """Every figure that a rule may name."""
    return _figures(_IN_FORCE[-1])


def files() -> Mapping[str, bytes]:
    """The entries and the names of figures, as they were read."""
    return _files(_IN_FORCE[-1])


def version() -> str:
    """One hash over all entries."""
    digest = hashlib.sha256()
    for name, content in files().items():
        if name.endswith(".yaml"):
            digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()


@cache
def _files(folder: Path) -> Mapping[str, bytes]:
    paths = sorted((*folder.glob("*.yaml"), *folder.glob("*.csv")))
    return MappingProxyType({path.name: path.read_bytes() for path in paths})


@cache
def _figures(folder: Path) -> Mapping[str, Figure]:
    rows = csv.DictReader(_files(folder)["figures.csv"].decode().splitlines())
    return MappingProxyType({row["figure"]: Figure(row["zh"], row.get("unit", "")) for row in rows})


@cache
def _rules(folder: Path) -> Mapping[str, Rule]:
    found: dict[str, Rule] = {}
    for name, content in _files(folder).items():
        for code, entry in yaml.safe_load(content).items() if name.endswith(".yaml") else ():
            if code in found:
                raise ValueError(f"{name}: rule {code} is declared twice")
            found[code] = _rule(code, entry)
    return MappingProxyType(found)


def _rule(code: str, entry: dict[str, Any]) -> Rule:
    title = entry.pop("title")
    for name in ("needs", "needs_any", "uses", "areas"):
        if not isinstance(entry.get(name, []), list):
            raise ValueError(f"rule {code}: {name} is a list, as in [{entry[name]}]")
        entry[name] = tuple(str(one) for one in entry.get(name, []))
    if wrong := [prefix for prefix in entry["areas"] if not (prefix.isascii() and prefix.isdecimal())]:
        raise ValueError(f"rule {code}: {wrong[0]} is not an area prefix")
    for name in ("when", "level", "value", "threshold"):
        if name in entry:
            entry[name] = str(entry[name])
    return Rule(code=code, title=title["zh"], title_en=title["en"], **entry)
