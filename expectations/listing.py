"""The vocabulary of a list's contract: what staff receive, column by column, and what must hold before it goes out."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from expectations.verdict import Check

COUNTY, TOWN, BODY = "county", "town", "body"


@dataclass(frozen=True)
class Shown:
    """One column of a list: English key, Chinese header, and whether staff fill it in."""

    key: str
    header: str
    is_blank: bool = False


@dataclass(frozen=True)
class ListContract:
    kind: str
    title: str
    cuts: tuple[str, ...]
    """One file for each county, town or body."""
    columns: tuple[Shown, ...]
    order: str
    unique: str | None = None
    published_alone: tuple[str, ...] = ()
    """Columns that stand in the published list and nowhere in the lake, because a value may be anybody's."""

    @property
    def checks(self) -> tuple[Check, ...]:
        """What the judge holds against the table `written`: the cells as they will stand in the files."""
        runs_as_formula = "(^|\x1f)[=+@\\t\\r＝＋＠－-]"
        whole_number = "(^|[^0-9A-Za-z])[0-9]{17}[0-9Xx]($|[^0-9A-Za-z])"
        checks = [Check(
            "SAFE", "cells", "", "expect_column_values_to_not_match_regex_list",
            {"column": "cells", "regex_list": [runs_as_formula, whole_number]},
        )]  # fmt: skip
        if self.unique:
            checks += [
                Check("UNIQUE", self.unique, "", "expect_column_values_to_be_unique", {"column": self.unique}),
                Check("GIVEN", self.unique, "", "expect_column_values_to_not_be_null", {"column": self.unique}),
            ]
        return tuple(checks)


@cache
def lists() -> Mapping[str, ListContract]:
    """Every list declared in a module of `expectations/lists/`, by kind."""
    package = importlib.import_module("expectations.lists")
    found = {}
    for module in pkgutil.iter_modules(package.__path__):
        for value in vars(importlib.import_module(f"{package.__name__}.{module.name}")).values():
            if isinstance(value, ListContract):
                found[value.kind] = value
    return MappingProxyType(dict(sorted(found.items())))
