"""The section on intake of docs/scale.md, from the figures kept in docs/scale/intake.csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from assets.home import write_whole
from tests.benchmark.intake.files import ROWS_A_FILE, ROWS_A_WORKBOOK
from tests.benchmark.scale.page import FOLDER, PAGE, write_section

START, LEAST_WORK = 10, 0.5
PROGRAMS = (
    ("bare", "utf-8"), ("intake", "utf-8"), ("intake", "gb18030"), ("intake", "xlsx"), ("plain", "utf-8"),
    ("load", "utf-8"),
)  # fmt: skip
TITLES = {
    ("bare", "utf-8"): "bare read, UTF-8",
    ("plain", "utf-8"): "plain load, UTF-8",
    ("intake", "utf-8"): "intake, UTF-8",
    ("intake", "gb18030"): "intake, GB18030",
    ("intake", "xlsx"): f"intake, workbook of {ROWS_A_WORKBOOK:,} rows at most",
    ("load", "utf-8"): "load, reject and judge, UTF-8",
}
GOALS = (
    (("intake", "utf-8"), ("bare", "utf-8"), 1.6),
    (("intake", "gb18030"), ("intake", "utf-8"), 1.3),
    (("load", "utf-8"), ("plain", "utf-8"), 2.0),
)


@dataclass(frozen=True)
class Took:
    """What one program took for some rows: CPU (`judge`: of it the judge) and wall seconds, bytes at the peak."""

    rows: int
    program: str
    source: str
    cpu: float
    wall: float
    peak: int
    judge: float
    rounds: int


Found = Mapping[int, Mapping[tuple[str, str], Took]]
"""By rows, then program and source."""


def keep(out: Path, taken: Sequence[Took]) -> None:
    """Put the figures of one size beside those of the others; of an earlier run of this size nothing stays."""
    kept = [took for sized in read(out).values() for took in sized.values() if took.rows != taken[0].rows]
    text = io.StringIO()
    table = csv.DictWriter(text, [field.name for field in fields(Took)], lineterminator="\n")
    table.writeheader()
    for took in sorted([*kept, *taken], key=lambda took: (took.rows, PROGRAMS.index((took.program, took.source)))):
        table.writerow(
            {name: f"{value:.3f}" if isinstance(value, float) else value for name, value in asdict(took).items()}
        )
    write_whole(out / FOLDER / "intake.csv", text.getvalue().encode())


def read(out: Path) -> dict[int, dict[tuple[str, str], Took]]:
    path = out / FOLDER / "intake.csv"
    found: dict[int, dict[tuple[str, str], Took]] = {}
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()) if path.exists() else ():
        took = Took(
            int(row["rows"]), row["program"], row["source"], float(row["cpu"]), float(row["wall"]), int(row["peak"]),
            float(row["judge"]), int(row["rounds"]),
        )  # fmt: skip
        found.setdefault(took.rows, {})[took.program, took.source] = took
    return found


def write(out: Path) -> Path:
    """The section from what is kept; returns the page's path."""
    write_section(out / PAGE, "intake", "\n".join(_section(read(out))))
    return out / PAGE


def _section(found: Found) -> Iterator[str]:
    yield "## Intake"
    yield ""
    yield (
        "Made-up settlements of the medical insurance bureau, 25 columns and about 177 bytes a row, a person three times on average, one"
        f" row in five hundred with a broken identity number, one name in fifty with a sign of four bytes (㐂, 𠮷); {ROWS_A_FILE:,} rows a file."
    )
    yield ""
    yield (
        '`make benchmark-intake ROWS="100000 1000000 4000000" ROUNDS=3` writes this section. Every program is a process of its own on'
        " two cores; programs take turns, figures are medians of their rounds. CPU is user and system of all processes, the peak the"
        " high-water marks of all of them, pages of mapped files included."
    )
    yield ""
    yield "- *Bare read*: DuckDB's reader of delimited text with its columns declared as text makes every cell, counts it and keeps nothing."
    yield (
        "- *Intake*: from the file to its records on disk: encoding, lines, cells, one fault or none for each record, every line accounted"
        " for, texts trimmed and folded. Workbooks are read by calamine (Rust)."
    )
    yield "- *Plain load*: DuckDB's reader with declared types, into Parquet."
    yield (
        "- *Load, reject and judge*: all that becomes of a delivery in a night: copied to the archive and hashed, intake in a child process,"
        " types, pseudonyms (HMAC-SHA256), every check of every record, Great Expectations over all records, accepted, rejected and people"
        " into Parquet, names into the vault. DuckDB has 4 GB, and spills; up to five million typed records wait in memory, more as Parquet."
    )
    yield ""
    yield "| rows | program | rounds | CPU s | less start | of it the judge | wall s | peak MB |"
    yield "|---:|---|---:|---:|---:|---:|---:|---:|"
    for rows in sorted(found):
        for what, took in found[rows].items():
            if rows > START:
                judge = f"{took.judge:.2f}" if took.judge else ""
                yield (
                    f"| {rows:,} | {TITLES[what]} | {took.rounds} | {took.cpu:.2f} | {_work(found, rows, what):.2f} | {judge} | {took.wall:.2f} |"
                    f" {took.peak / 1e6:,.0f} |"
                )
    yield ""
    yield f"*Less start* takes off what the same program needs for {START} rows; ratios are of that, and of less than {LEAST_WORK:g} s nothing is said."
    yield ""
    yield "| rows | what | goal | ratio | whole processes | met |"
    yield "|---:|---|---:|---:|---:|---|"
    for rows in sorted(found):
        for of, by, most in GOALS:
            if of in found[rows] and by in found[rows] and _work(found, rows, by) >= LEAST_WORK:
                work = _work(found, rows, of) / _work(found, rows, by)
                whole = found[rows][of].cpu / found[rows][by].cpu
                yield (
                    f"| {rows:,} | {TITLES[of]} / {TITLES[by]} | ≤ {most:g} | {work:.2f} | {whole:.2f} |"
                    f" {'yes' if work <= most else 'no'} |"
                )


def _work(found: Found, rows: int, what: tuple[str, str]) -> float:
    return found[rows][what].cpu - found[START][what].cpu
