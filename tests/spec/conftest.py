"""A fresh county for every drawn test, as quick as it can be without being another program."""

import os
from collections.abc import Callable, Set
from functools import cache
from pathlib import Path

import pytest

from assets.rules import compiling
from assets.rules.catalogue import Rule, rules

pytest.register_assert_rewrite("tests.spec.county", "tests.spec.judging")

from tests.spec.county import County  # noqa: E402


@cache
def _compiled(compile_rules: Callable[..., str], columns: frozenset[str]) -> str:
    return compile_rules(rules(), columns)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread, no waiting for the disk, and the catalogue compiled once for all drawn nights."""
    monkeypatch.setenv("LOWINCOME_THREADS", "1")
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    for name in ("judged_sql", "hits_sql"):
        compile_rules = getattr(compiling, name)

        def once(
            catalogue: dict[str, Rule], columns: Set[str], compile_rules: Callable[..., str] = compile_rules
        ) -> str:
            return _compiled(compile_rules, frozenset(columns))

        monkeypatch.setattr(compiling, name, once)


@pytest.fixture
def county(tmp_path: Path, quick: None) -> County:
    return County.at(tmp_path / "home")
