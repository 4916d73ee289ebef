"""What visitors answer: the truth of the day, and a few who are away or want nothing."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest

from pipelines.evaluation.visitors import _outcome

DAY = date(2026, 2, 1)


@pytest.mark.parametrize(
    ("kind", "cause", "rule", "outcomes"),
    [
        ("need", "cancer", "MED-ABS", {"06"}),
        ("need", "employer closed", "INC-DROP", {"01"}),
        ("need", "fire", "SHOCK-EVENT", {"05"}),
        ("strain", "bonus ended", "INC-DROP", {"05", "18"}),
        ("", "", "INC-DROP", {"09"}),
        ("", "", "MED-ABS", {"11"}),
    ],
)
def test_visitors_answer_with_the_truth_of_the_day(kind: str, cause: str, rule: str, outcomes: set[str]) -> None:
    spells = [(kind, date(2026, 1, 1), DAY, cause)] if kind else []
    draws = random.Random(1)
    told = Counter(_outcome(DAY, spells, rule, draws) for _ in range(2000))
    assert set(told) == outcomes | {"14", "15"}
    assert 30 <= told["14"] <= 90 and 15 <= told["15"] <= 70


def test_a_spell_that_is_over_is_no_need_any_more() -> None:
    spells = [("need", date(2025, 1, 1), date(2026, 1, 31), "fire")]
    draws = random.Random(2)
    assert {_outcome(DAY, spells, "INC-DROP", draws) for _ in range(500)} == {"09", "14", "15"}
