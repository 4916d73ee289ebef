"""The programs of the core job, what each reads, and the goals that hold between them."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CORE = Path(__file__).with_name("core")
BUCKETS, BUCKET_MEMORY = 32, "250MB"
RIVALS_UP_TO = 1_000_000
RAW, SCAN, KEPT = "raw", "scan", "kept"


@dataclass(frozen=True)
class Program:
    """`reads` and `writes` are names of folders and files beside each other: county, months, lists, facts or a result."""

    name: str
    title: str
    script: str
    reads: str = "county"
    writes: str = ""
    arguments: Sequence[str] = ()
    is_answer: bool = True
    needs: str = "duckdb"
    up_to: int = sys.maxsize

    def command(self, folder: Path) -> list[str | Path]:
        return [sys.executable, CORE / self.script, folder / self.reads, folder / self.target, *self.arguments]

    @property
    def target(self) -> str:
        return self.writes or f"{self.name}.parquet"

    @property
    def is_installed(self) -> bool:
        return importlib.util.find_spec(self.needs) is not None


@dataclass(frozen=True)
class Goal:
    """`of` costs at most (or, a rival, at least) `ratio` times `by`."""

    of: str
    by: str
    ratio: float
    is_most: bool = False

    def is_met(self, ratio: float) -> bool:
        return ratio <= self.ratio if self.is_most else ratio >= self.ratio


def _sql(
    name: str, title: str, reads: str = "county", writes: str = "", is_answer: bool = True, up_to: int = sys.maxsize
) -> Program:
    return Program(name, title, "with_duckdb.py", reads, writes, (name,), is_answer, up_to=up_to)


PROGRAMS = (
    _sql(SCAN, "one scan of the same columns and months", is_answer=False),
    _sql("whole_scan", "one scan of the same columns, all 24 months", is_answer=False),
    _sql(RAW, "DuckDB from raw extracts"),
    _sql("months", "DuckDB, making the kept months", writes="months/household_months.parquet", is_answer=False),
    _sql("lists", "DuckDB, kept months into lists", "months", "lists/household_months.parquet", False, RIVALS_UP_TO),
    _sql(KEPT, "DuckDB from kept months, in columns", "months"),
    _sql("kept_lists", "DuckDB from kept months, in lists", "lists", up_to=RIVALS_UP_TO),
    Program("to_buckets", f"DuckDB, extracts to {BUCKETS} household buckets ({BUCKET_MEMORY} limit, no spill)", "to_buckets.py",
            writes="facts", arguments=(str(BUCKETS), BUCKET_MEMORY), is_answer=False),
    Program("in_buckets", f"DuckDB from raw extracts, bucket by bucket ({BUCKET_MEMORY} limit, no spill)", "in_buckets.py",
            reads="facts", arguments=(BUCKET_MEMORY,)),
    Program("pandas", "pandas", "with_pandas.py", needs="pandas", up_to=RIVALS_UP_TO),
    Program("polars", "polars, streaming engine", "with_polars.py", needs="polars", up_to=RIVALS_UP_TO),
    Program("spark", "PySpark local[2], cold", "with_spark.py", needs="pyspark", up_to=RIVALS_UP_TO),
)  # fmt: skip
WARM, WARM_TITLE = "spark_warm", "PySpark local[2], warm (its second turn alone)"

GOALS = (
    Goal(RAW, SCAN, 3.5, is_most=True),
    Goal("pandas", RAW, 6),
    Goal("polars", RAW, 1.8),
    Goal(WARM, RAW, 6.8),
    Goal("pandas", KEPT, 35),
    Goal("polars", KEPT, 10),
    Goal(WARM, KEPT, 39),
)
GROWTH = 11
"""CPU from 1 M to 10 M persons, at most."""
BUCKET_PEAK = 400_000_000
"""Bytes that work by household bucket may take at its peak, whatever the population."""
