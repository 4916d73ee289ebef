"""The vocabulary of a list's contract: what staff receive, column by column, and what must hold before it goes out."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from expectations.contract import Column
from expectations.kinds import TEXT, Kind
from expectations.verdict import Check

COUNTY, TOWN, GRID, BODY = "county", "town", "grid", "body"
EXPLAINED = "说明"
"""The sheet of a workbook that says what the columns mean; whoever reads a list back passes it over."""


@dataclass(frozen=True)
class Shown:
    """One column of a list: English key, Chinese header, what it means to staff, and whether they fill it in."""

    key: str
    header: str
    meaning: str = ""
    is_blank: bool = False
    kind: Kind = TEXT
    """What a blank may hold; what we write ourselves is text throughout."""
    choices: tuple[str, ...] = ()
    """What a blank offers to choose from; empty where it is free."""
    is_level: bool = False
    """Whether the cell wears the colour of the level in it."""

    @property
    def may_hold(self) -> str:
        """What a blank may hold, in words."""
        return "、".join(self.choices) or self.kind.zh


def answer(column: Column, meaning: str) -> Shown:
    """A blank that comes back through the inbox: it offers what the extract's contract reads."""
    return Shown(
        column.name, column.header, meaning, is_blank=True, kind=column.kind, choices=tuple(column.codes.values())
    )


@dataclass(frozen=True)
class ListContract:
    kind: str
    title: str
    cuts: tuple[str, ...]
    """One file for each county, town, grid or body."""
    columns: tuple[Shown, ...]
    order: str
    unique: str | None = None
    published_alone: tuple[str, ...] = ()
    """Columns that stand in the published list and nowhere in the lake, because a value may be anybody's."""
    how_to: tuple[str, ...] = ()
    """What to do with the list, a sentence each, at the head of the sheet that explains it."""

    @property
    def is_filled_in(self) -> bool:
        """Whether staff write into it."""
        return any(column.is_blank for column in self.columns)

    @property
    def checks(self) -> tuple[Check, ...]:
        """What the judge holds against the table `written`: the cells as they will stand in the files."""
        runs_as_formula = "(^|\x1f)([=+@\\t\\r＝＋＠－-]|<r>)"
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
