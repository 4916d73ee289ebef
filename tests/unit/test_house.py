"""The house itself: imports one way, pages current, one declaration for each thing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assets.night import profile_parts
from assets.rules.catalogue import rules
from assets.tables import sql_tables
from expectations.contract import contracts
from expectations.reasons import REASONS
from expectations.verdict import verdict
from pipelines.documents import PAGES

ROOT = Path(__file__).parents[2]


def test_imports_go_down_the_three_floors() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-2000:]


@pytest.mark.parametrize("page", PAGES)
def test_generated_pages_are_current(page: str) -> None:
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == PAGES[page]().rstrip() + "\n", "run `make docs`"


def test_every_reason_that_a_check_or_reader_gives_is_explained() -> None:
    given = {check.code for contract in contracts().values() for check in verdict(contract).checks}
    assert given - {"SPLIT", "ID"} <= set(REASONS)


def test_every_rule_names_extracts_that_have_a_contract() -> None:
    for rule in rules().values():
        assert set(rule.needs) | set(rule.needs_any) | set(rule.uses) <= set(contracts()), rule.code


def test_every_table_says_what_it_is() -> None:
    for folder in ("panel", "profile", "cases", "lists"):
        for table in sql_tables(folder).values():
            assert table.title and table.description, table.name


def test_profile_files_come_after_those_that_they_lean_on() -> None:
    seen: set[str] = set()
    for part in profile_parts():
        assert {name.removeprefix("profile_") for name in part.reads if name.startswith("profile_")} <= seen
        seen.add(part.name)
    assert seen == set(sql_tables("profile"))


def test_no_number_of_a_rule_stands_in_its_formula() -> None:
    """Thresholds are dated rows; a formula may count (0, 1, 12, levels) and no more."""
    import re

    for rule in rules().values():
        numbers = set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?", f"{rule.when} {rule.threshold}"))
        assert numbers <= {"0", "1", "3", "12"}, (rule.code, numbers)
