"""The reference rows of a home as they stand: read once, checked, the home's laid over the shipped ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa

from assets.home import Home, Refusal
from assets.reference.declared import FILES, SHIPPED, ReferenceFile
from assets.reference.reading import Fault, read

_FOLDER = Path(__file__).with_name("checks")
MOST_TOLD = 20

TABLES = tuple(dict.fromkeys(file.table for file in FILES))
CHECKS: dict[str, str] = {
    f"{file.stem}__readable": f"{file.title} {file.name}: every cell is what its column says" for file in FILES
} | {
    path.stem: path.read_text(encoding="utf-8").splitlines()[0].removeprefix("--").strip()
    for path in sorted(_FOLDER.glob("*.sql"))
}  # fmt: skip
"""Every check of the reference files: name and what it says."""


@dataclass(frozen=True)
class Stamp:
    """A file as it was when it was read: as long as these are the same, so is what is in it."""

    file: str
    origin: str
    path: str
    changed: int
    size: int


def standing(home: Home, table: str) -> pa.Table:
    """The rows of one of `TABLES` that stand. Raises `Refusal` where one of its files is wrong."""
    rows, found = _checked(table, stamps(home, table))
    if found:
        raise Refusal(told(found))
    return rows


def faults(home: Home) -> list[Fault]:
    """What is wrong with the reference files, in order of file and line."""
    return sorted(fault for table in TABLES for fault in _checked(table, stamps(home, table))[1])


def shipped(home: Home) -> Path:
    """Where the shipped files lie; a home that looks back on a past night brings those of then."""
    of_then = home.root / "shipped"
    return of_then if of_then.exists() else SHIPPED


def given_files(home: Home) -> dict[str, Path]:
    """Every reference file that counts in a home: those shipped and its own."""
    folders = {"shipped": shipped(home), "reference": home.reference}
    return {
        f"{origin}/{file.name}": path
        for origin, folder in folders.items() for file in FILES if (path := folder / file.name).exists()
    }  # fmt: skip


def shipped_names(home: Home) -> pa.Table:
    """Names that the shipped standards and parameters have."""
    path = shipped(home) / "parameters.csv"
    rows, _ = _read(Stamp(path.name, "shipped", str(path), path.stat().st_mtime_ns, path.stat().st_size))
    return rows.select(["name"])


def told(found: list[Fault] | tuple[Fault, ...]) -> str:
    """Faults in words, each on a line of its own, as many as a person reads."""
    lines = "".join(f"\n  {one}." for one in found[:MOST_TOLD])
    more = f"\n  … and {len(found) - MOST_TOLD} more." if len(found) > MOST_TOLD else ""
    places = "one place" if len(found) == 1 else f"{len(found)} places"
    return f"The reference files are wrong in {places}; mend them and run again:{lines}{more}"


def stamps(home: Home, table: str) -> tuple[Stamp, ...]:
    """The files behind a table, shipped and of the home."""
    return tuple(
        Stamp(file.name, origin, str(path), path.stat().st_mtime_ns, path.stat().st_size)
        for origin, folder in (("shipped", shipped(home)), ("home", home.reference))
        for file in FILES
        if file.table == table and (path := folder / file.name).exists()
    )


@lru_cache(maxsize=64)
def _checked(table: str, stamped: tuple[Stamp, ...]) -> tuple[pa.Table, tuple[Fault, ...]]:
    file = next(file for file in FILES if file.table == table)
    given = [_read(stamp) for stamp in stamped]
    rows = pa.concat_tables([_schema(file).empty_table(), *(rows for rows, _ in given)])
    found = [fault for _, faulty in given for fault in faulty]
    with duckdb.connect() as connection:
        connection.register("given_rows", rows)
        keys = " and ".join(f"h.{key} is not distinct from s.{key}" for key in file.key)
        connection.execute(
            f"create table {table} as from given_rows s where origin = 'home' "
            f"or not exists (from given_rows h where h.origin = 'home' and {keys}) order by file, origin, line"
        )
        # Rows are held against each other once every cell can be read: a row left out would look like a gap.
        checks = [] if found else sorted(_FOLDER.glob(f"{table.removeprefix('standing_')}__*.sql"))
        for path in checks:
            broken = connection.execute(path.read_text(encoding="utf-8")).fetchall()
            found += [Fault(called, line, column, says, cure, path.stem) for called, line, column, says, cure in broken]
        return connection.table(table).to_arrow_table(), tuple(sorted(found))


@lru_cache(maxsize=64)
def _read(stamp: Stamp) -> tuple[pa.Table, list[Fault]]:
    file = next(file for file in FILES if file.name == stamp.file)
    called = f"{'data/' if stamp.origin == 'shipped' else ''}reference/{file.name}"
    columns, found = read(file, Path(stamp.path), called)
    count = len(columns["line"])
    origin = {"origin": [stamp.origin] * count, "file": [file.name] * count, "path": [called] * count}
    return pa.table(origin | columns, schema=_schema(file)), found


def _schema(file: ReferenceFile) -> pa.Schema:
    origin = [("origin", pa.string()), ("file", pa.string()), ("path", pa.string()), ("line", pa.int64())]
    return pa.schema([*origin, *((column.name, column.kind.stored_as) for column in file.columns)])
