"""docs/scale.md: a section between two marks is written by its command, what stands outside of them stays as it is."""

from __future__ import annotations

import csv
import io
import platform
import re
from collections.abc import Iterator, Mapping
from importlib import metadata, util
from pathlib import Path

from assets.home import write_whole
from tests.benchmark.scale import figures
from tests.benchmark.scale.measuring import Spent
from tests.benchmark.scale.programs import (
    BUCKET_MEMORY,
    BUCKET_PEAK,
    BUCKETS,
    GOALS,
    GROWTH,
    PROGRAMS,
    RAW,
    WARM,
    WARM_TITLE,
    Goal,
)

PAGE, FOLDER, FIGURES = "scale.md", "scale", "core_job.csv"
HEAD = """# A province on one machine

What a night costs as the population grows. Absolute seconds hold for one machine; ratios within one run carry over.
"""
TITLES = {program.name: program.title for program in PROGRAMS} | {WARM: WARM_TITLE}
START = 2_600
PACKAGES = ("duckdb", "pandas", "polars", "pyspark")
Found = Mapping[int, Mapping[str, Spent]]
"""By persons and program."""


def keep(out: Path, persons: int, found: Mapping[str, Spent]) -> None:
    """Put the figures of one size beside those of the others; of an earlier run of this size nothing stays."""
    all_found = {size: rows for size, rows in read(out).items() if size != persons} | {persons: found}
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("persons", "program", "cpu_s", "wall_s", "peak_bytes", "rounds"))
    for size in sorted(all_found):
        for name, spent in all_found[size].items():
            table.writerow((size, name, f"{spent.cpu:.3f}", f"{spent.wall:.3f}", spent.peak, spent.rounds))
    write_whole(out / FOLDER / FIGURES, text.getvalue().encode())


def read(out: Path) -> dict[int, dict[str, Spent]]:
    found: dict[int, dict[str, Spent]] = {}
    path = out / FOLDER / FIGURES
    if path.exists():
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            spent = Spent(float(row["cpu_s"]), float(row["wall_s"]), int(row["peak_bytes"]), int(row["rounds"]))
            found.setdefault(int(row["persons"]), {})[row["program"]] = spent
    return found


def write(out: Path) -> Path:
    """The section and its figures from what is kept; returns the page's path."""
    found = read(out)
    sized = {persons: rows for persons, rows in found.items() if persons != START}
    for name, drawing in figures.drawings(sized).items():
        write_whole(out / FOLDER / f"{name}.svg", drawing.encode() + b"\n")
    write_section(out / PAGE, "core job", "\n".join(_core_job(found, sized)))
    return out / PAGE


def write_section(page: Path, name: str, text: str) -> None:
    """Exchange what stands between the marks of a section, or append it."""
    first, last = f"<!-- {name}: written by its command -->", f"<!-- end of {name} -->"
    whole = page.read_text(encoding="utf-8") if page.exists() else HEAD
    section = f"{first}\n{text.strip()}\n{last}\n"
    marked = re.compile(re.escape(first) + ".*?" + re.escape(last) + "\n", re.DOTALL)
    found = marked.search(whole)
    whole = whole[: found.start()] + section + whole[found.end() :] if found else f"{whole}\n{section}"
    write_whole(page, whole.encode())


def _core_job(found: Found, sized: Found) -> Iterator[str]:
    yield "## The core job"
    yield ""
    yield (
        "Of every household, fall of income and own medical cost (`tests/benchmark/scale/core/raw.sql`): the mean of the known months of"
        " t−3 … t−1, the median of those of t−15 … t−4, the year's income, what stayed with the family of a year's bills, whether"
        " income fell by a quarter and whether own cost took two fifths of income. Made-up counties, about 14 income rows and 10"
        " settlements a person over 24 months, 2.6 persons a household; extracts lie by month and in no order of households."
    )
    yield ""
    yield (
        '`make benchmark-scale SIZES="100000 1000000 10000000" ROUNDS=3` writes this section. Every program is a process of its own on two'
        " cores; programs take turns, A B C A B C …, and figures are medians of their rounds. CPU is user and system of all processes, the peak that of"
        " the whole tree. All answers were compared row by row, both ways, and are equal: sums are whole fen."
    )
    yield ""
    yield f"Measured with {_versions()}."
    for persons in sorted(sized):
        turns = next(iter(sized[persons].values())).rounds
        yield f"\n### {persons:,} persons, {turns} round{'s' * (turns > 1)}\n"
        yield "| program | CPU s | wall s | peak MB | CPU s to start |"
        yield "|---|---:|---:|---:|---:|"
        for name, spent in sized[persons].items():
            start = found.get(START, {}).get(name)
            begun = f"{start.cpu:.2f}" if start else ""
            yield f"| {TITLES[name]} | {spent.cpu:.2f} | {spent.wall:.2f} | {spent.peak / 1e6:,.0f} | {begun} |"
    yield from _goals(found, sized)
    yield "\n### Cost against size\n"
    yield f"![CPU seconds against persons]({FOLDER}/cost.svg)\n"
    yield f"![peak memory against persons]({FOLDER}/memory.svg)"
    yield from _how()


def _goals(found: Found, sized: Found) -> Iterator[str]:
    yield "\n### Goals\n"
    yield (
        "A ratio is of whole processes, start included; *less start* takes off what the same program needs for a county of"
        f" {START:,} persons. Goals were set on wall seconds.\n"
    )
    yield (
        "The floor is low on purpose: only the months and columns that the job asks for are scanned, as the extracts lie by month. To find"
        " the household of every row is what any engine pays beyond it, and more than anything else; work by bucket pays less of it,"
        " because a bucket's households stay in the cache. The goals were set after an earlier trial on another made-up county.\n"
    )
    yield "| persons | what | goal | wall | CPU | CPU less start | met |"
    yield "|---:|---|---|---:|---:|---:|---|"
    for persons in sorted(sized):
        spent, start = sized[persons], found.get(START, {})
        for goal in GOALS:
            if goal.of in spent and goal.by in spent:
                of, by = spent[goal.of], spent[goal.by]
                wall, cpu = of.wall / by.wall, of.cpu / by.cpu
                work = _ratio(_less(of, start.get(goal.of)), _less(by, start.get(goal.by)))
                yield (
                    f"| {persons:,} | {TITLES[goal.of]} / {TITLES[goal.by]} | {'≤' if goal.is_most else '≥'} {goal.ratio:g} |"
                    f" {wall:.1f} | {cpu:.1f} | {work} | {_met(goal, wall, cpu)} |"
                )
        if "in_buckets" in spent:
            for name in ("to_buckets", "in_buckets"):
                peak = spent[name].peak
                yield (
                    f"| {persons:,} | {TITLES[name]}: peak of the process | ≤ {BUCKET_PEAK / 1e6:.0f} MB | {peak / 1e6:.0f} MB | | |"
                    f" {'yes' if peak <= BUCKET_PEAK else 'no'} |"
                )
    few, many = 1_000_000, 10_000_000
    if few in sized and many in sized:
        for name in (RAW, "in_buckets"):
            growth = sized[many][name].cpu / sized[few][name].cpu
            yield (
                f"| {many:,} | {TITLES[name]}: CPU, of that of {few:,} | ≤ {GROWTH} | | {growth:.1f} | |"
                f" {'yes' if growth <= GROWTH else 'no'} |"
            )


def _less(spent: Spent, start: Spent | None) -> float:
    return spent.cpu - (start.cpu if start else 0.0)


def _ratio(of: float, by: float) -> str:
    return f"{of / by:.1f}" if by >= 0.05 else ""  # of less than that nothing can be said


def _met(goal: Goal, wall: float, cpu: float) -> str:
    by = [name for name, ratio in (("wall", wall), ("CPU", cpu)) if goal.is_met(ratio)]
    return {0: "no", 1: f"by {by[0]} alone" if by else "", 2: "yes"}[len(by)]


def _how() -> Iterator[str]:
    yield "\n### How each is written\n"
    yield (
        "Every program asks for the columns and months that it needs and no others, and can leave out the months it does not"
        " need by the statistics of the files. Each rival is written as its own guide says, in whichever of the forms tried was faster.\n"
    )
    yield "- *DuckDB*: one SQL file; months become fixed columns of a household (`sum(case …)`), then `list_median`."
    yield (
        f"- *by bucket*: the same SQL file on {BUCKETS} parts by household, one after the other, with `memory_limit` {BUCKET_MEMORY} and"
        " `max_temp_directory_size` 0KB: nothing can spill, what did not fit would have failed. The one shuffle is a row of its own."
    )
    yield (
        "- *kept months*: one row a household, 24 + 24 months, made once (a row of its own). In columns only the months that are asked"
        " for are read; in lists, the form of `household_months`, all 24."
    )
    yield "- *pandas*: pyarrow types, columns and row filters at reading, two `groupby`, no row is ever touched in Python."
    yield '- *polars*: a lazy query over `scan_parquet`, months as columns, `collect(engine="streaming")`.'
    yield (
        "- *PySpark*: the DataFrame API with built-in functions alone, months as columns, adaptive execution on, 16 shuffle partitions, 12 GB of heap. Cold is the whole"
        " process with its first turn; warm is its second turn, without start."
    )
    yield "\n`pip install '.[benchmark]'` brings polars and PySpark (which needs Java 17); what is not installed is left out."


def _versions() -> str:
    there = [f"{name} {metadata.version(name)}" for name in PACKAGES if util.find_spec(name)]
    return ", ".join([*there, f"Python {platform.python_version()}"])
