"""Intake at a size that CI can bear: the same records in both encodings, and no ratio worse by half than the one written down."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import duckdb
import pyarrow as pa

from assets.extracts import accepting, staging
from tests.benchmark.held import worse_by_half
from tests.benchmark.intake import files, page, ratios, run
from tests.benchmark.intake.page import Took


def test_no_ratio_got_worse_by_half(tmp_path: Path) -> None:
    assert not worse_by_half(ratios.FILE, ratios.measured, tmp_path)


def test_the_same_rows_are_the_same_records_in_every_encoding(tmp_path: Path) -> None:
    """Names with signs of four bytes come whole; a third of a chunk, and several of them."""
    files.write_text(tmp_path / "utf-8", 60_000)
    files.write_gb18030(tmp_path / "utf-8", tmp_path / "gb18030")
    read = {}
    for encoding in ("utf-8", "gb18030"):
        (tmp_path / f"{encoding} read").mkdir()
        run.intake(tmp_path / encoding, tmp_path / f"{encoding} read")
        (records,) = (tmp_path / f"{encoding} read").iterdir()
        read[encoding] = pa.ipc.open_file(pa.memory_map(str(records))).read_all()
    assert read["utf-8"].equals(read["gb18030"])
    names = read["gb18030"]["name"].to_pylist()
    assert {"㐂", "𠮷", "张"} == {name[0] for name in names}
    assert len(names) == 60_000


def test_more_records_than_memory_holds_are_taken_in_alike(tmp_path: Path) -> None:
    files.write_text(tmp_path / "utf-8", 3_000)
    unjudged = patch.object(accepting, "judge_staged", lambda connection, rules: [])
    for most in (0, 5_000):
        (tmp_path / str(most)).mkdir()
        with unjudged, patch.object(staging, "MOST_IN_MEMORY", most):
            run.load(tmp_path / "utf-8", tmp_path / str(most))
    for table, rows, but in (("accepted", 2_994, "exclude (person_key)"), ("rejects", 6, ""), ("accounts", 1, "")):
        one, other = (f"{tmp_path}/{most}/home/*/health_settlements/*/{table}.parquet" for most in (0, 5_000))
        read = [
            duckdb.sql(f"select * {but} from read_parquet('{path}') order by all").fetchall() for path in (one, other)
        ]
        assert len(read[0]) == rows
        assert read[0] == read[1]
    assert not list((tmp_path / "0" / "home" / "staging").iterdir())


def test_the_page_says_which_goal_is_missed(tmp_path: Path) -> None:
    def took(rows: int, program: str, source: str, cpu: float) -> Took:
        return Took(rows, program, source, cpu, cpu, 100_000_000, 0.0, 1)

    page.keep(tmp_path, [took(page.START, *what, 1.0) for what in page.PROGRAMS])
    cpu = dict(zip(page.PROGRAMS, (2.0, 2.5, 3.5, 4.0, 2.0, 3.5), strict=True))
    page.keep(tmp_path, [took(1_000_000, *what, cpu[what]) for what in page.PROGRAMS])
    goals = [line for line in page.write(tmp_path).read_text().splitlines() if "| ≤ " in line]
    assert [line.split(" | ")[-3:] for line in goals] == [
        ["1.50", "1.25", "yes |"],
        ["1.67", "1.40", "no |"],
        ["2.50", "1.75", "no |"],
    ]
