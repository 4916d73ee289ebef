"""A rule is a declaration: formula, level, reason sentence, basis and the extracts that it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
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


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by code, in the order of the files."""
    found: dict[str, Rule] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for code, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if code in found:
                raise ValueError(f"{path.name}: rule {code} is declared twice")
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
