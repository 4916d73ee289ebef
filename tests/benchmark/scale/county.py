"""Writes the made-up county as typed Parquet extracts: 24 months of income and of settlements, a file a month.

COUNTY/households.parquet   COUNTY/income/2024-01.parquet …   COUNTY/settlements/2024-01.parquet …
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from assets.engine import MACROS, PARQUET

MONTHS = 24
SQL = Path(__file__).with_name("county")


def write_county(folder: Path, persons: int) -> None:
    """About 14 income rows and 10 settlements a person, stored as the lake stores its extracts; a month at a time."""
    people = folder / "people.parquet"
    for extract in ("income", "settlements"):
        (folder / extract).mkdir(parents=True)
    with duckdb.connect(config={"memory_limit": "3GB", "preserve_insertion_order": False}) as connection:

        def write(table: str, target: Path) -> None:
            sql = (SQL / f"{table}.sql").read_text(encoding="utf-8")
            connection.execute(f"copy ({sql}) to '{target}' ({PARQUET})")

        for macros in (MACROS, SQL / "macros.sql"):
            connection.execute(macros.read_text(encoding="utf-8"))
        connection.execute("set variable persons = $1", [persons])
        write("people", people)
        connection.execute(f"create view people as from read_parquet('{people}')")
        write("households", folder / "households.parquet")
        for place in range(MONTHS):
            connection.execute("set variable place = $1", [place])
            for extract in ("income", "settlements"):
                write(extract, folder / extract / f"{2024 + place // 12}-{place % 12 + 1:02}.parquet")
    people.unlink()
