"""DuckDB: what the core job asks for, in a folder per household bucket. The one shuffle; nothing may spill.

python to_buckets.py COUNTY FACTS BUCKETS MEMORY
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
from with_duckdb import PARQUET

COLUMNS = {
    "households": "household_id",
    "income": "household_id, month, amount",
    "settlements": "household_id, settled_at, is_refund, total, fund_total, hospital_borne",
}


def main(county: str, facts: str, buckets: str, memory: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"set memory_limit = '{memory}'")
        connection.execute("set max_temp_directory_size = '0KB'")
        connection.execute("set partitioned_write_flush_threshold = 16384")
        for table, columns in COLUMNS.items():
            target = Path(facts) / table
            target.mkdir(parents=True)
            files = f"{county}/{table}/*.parquet" if (Path(county) / table).is_dir() else f"{county}/{table}.parquet"
            connection.execute(
                f"copy (select {columns}, household_id % {buckets} as bucket from read_parquet('{files}')) "
                f"to '{target}' ({PARQUET}, partition_by (bucket))"
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
