"""DuckDB: the core job from raw extracts that lie by household bucket, one bucket after the other; nothing may spill.

python in_buckets.py FACTS OUT MEMORY
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
from with_duckdb import PARQUET


def main(facts: str, out: str, memory: str) -> None:
    sql = Path(__file__).with_name("raw.sql").read_text(encoding="utf-8")
    Path(out).mkdir()
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(Path(__file__).with_name("macros.sql").read_text(encoding="utf-8"))
        connection.execute(f"set memory_limit = '{memory}'")
        connection.execute("set max_temp_directory_size = '0KB'")
        for folder in sorted((Path(facts) / "households").iterdir()):
            for table in Path(facts).iterdir():
                files = f"{table / folder.name}/*.parquet"
                connection.execute(
                    f"create or replace view {table.name} as from read_parquet('{files}', hive_partitioning = false)"
                )
            connection.execute(f"copy ({sql}) to '{Path(out) / folder.name}.parquet' ({PARQUET})")


if __name__ == "__main__":
    main(*sys.argv[1:])
