"""A model of linkage: which values are compared, what agreement looks like, and how strongly each level speaks.

Declared in YAML and fixed: nothing is learnt from the night's data, so the same pair has the same weight every night.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PERSONS = Path(__file__).with_name("persons.yaml")


@dataclass(frozen=True)
class Level:
    """One degree of agreement: `m` is its share among pairs of one person, `u` among pairs of two.

    With `frequent`, `u` is the share of that column's own value, and never less than the `u` declared.
    A pair on a level `to_human` is never linked by us.
    """

    says: str
    m: float
    u: float
    when: str = ""
    frequent: str = ""
    to_human: bool = False


@dataclass(frozen=True)
class Model:
    comparisons: dict[str, tuple[Level, ...]]
    blocks: tuple[str, ...]
    columns: tuple[str, ...]

    def settings(self, prior: float) -> dict[str, Any]:
        """The model as Splink takes it; `prior` is the chance that two records at random are of one person."""
        return {
            "link_type": "link_only",
            "unique_id_column_name": "row_no",
            "probability_two_random_records_match": prior,
            "retain_matching_columns": True,
            "retain_intermediate_calculation_columns": False,
            "blocking_rules_to_generate_predictions": [{"blocking_rule": block} for block in self.blocks],
            "comparisons": [
                {"output_column_name": name, "comparison_levels": [
                    {"sql_condition": f"{name}_l is null or {name}_r is null", "label_for_charts": "unknown",
                     "is_null_level": True},
                    *(_as_splink(level) for level in levels),
                ]}
                for name, levels in self.comparisons.items()
            ],
        }  # fmt: skip


def _as_splink(level: Level) -> dict[str, Any]:
    told: dict[str, Any] = {
        "sql_condition": level.when or "ELSE", "label_for_charts": level.says,
        "m_probability": level.m, "u_probability": level.u,
    }  # fmt: skip
    if level.frequent:
        told |= {"tf_adjustment_column": level.frequent, "tf_minimum_u_value": level.u,
                 "disable_tf_exact_match_detection": True}  # fmt: skip
    return told


@cache
def model(path: Path = PERSONS) -> Model:
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    comparisons = {name: tuple(Level(**level) for level in levels) for name, levels in told["comparisons"].items()}
    return Model(comparisons, tuple(told["blocks"]), (*comparisons, *told.get("columns", ())))
