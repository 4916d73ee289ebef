"""One file for analysts: `analysis.duckdb`, views over the tables of the night that ran last, renamed into place."""

from __future__ import annotations

import duckdb

from assets.night import Night

NAME = "analysis.duckdb"
_NOT_FOR_ANALYSTS = ("facts",)


def write(night: Night) -> int:
    """Make the file anew beside the old one and swap it in. Returns how many tables it shows.

    It holds views alone, of tables that know pseudonyms only; open it read-only.
    """
    part = night.home.staging / NAME
    part.unlink(missing_ok=True)
    folders = sorted(
        path for path in (night.home.root / "lake").glob(f"*/{night.as_of.isoformat()}")
        if path.parent.name not in _NOT_FOR_ANALYSTS and (any(path.glob("part.parquet")) or any(path.glob("bucket=*")))
    )  # fmt: skip
    with duckdb.connect(part) as connection:
        for folder in folders:
            connection.execute(
                f"create view {folder.parent.name} as "
                f"from read_parquet('{folder}/**/*.parquet', hive_partitioning = false)"
            )
    part.replace(night.home.root / NAME)
    return len(folders)
