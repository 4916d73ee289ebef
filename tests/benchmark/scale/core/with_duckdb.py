"""DuckDB: one SQL file over the tables of a folder.

    python with_duckdb.py COUNTY OUT QUESTION [MEMORY]

With MEMORY (0.3GB) nothing may spill: what does not fit fails.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

PARQUET = "format parquet, parquet_version v2, compression zstd, compression_level 1"


def main(county: str, out: str, question: str, memory: str = "") -> None:
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(Path(__file__).with_name("macros.sql").read_text(encoding="utf-8"))
        if memory:
            connection.execute(f"set memory_limit = '{memory}'")
            connection.execute("set max_temp_directory_size = '0KB'")
        for table in Path(county).iterdir():
            files = f"{table}/*.parquet" if table.is_dir() else table
            connection.execute(f"create view {table.stem} as from read_parquet('{files}')")
        sql = Path(__file__).with_name(f"{question}.sql").read_text(encoding="utf-8")
        connection.execute(f"copy ({sql}) to '{out}' ({PARQUET})")


if __name__ == "__main__":
    main(*sys.argv[1:])
