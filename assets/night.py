"""One night: opens any table by name, works out the next one, and writes it whole. No Dagster here."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property, lru_cache
from pathlib import Path

import duckdb
from sqlglot import select

from assets import extracts
from assets.engine import PARQUET, engine, joined_as_written
from assets.home import Home, folder_whole
from assets.opening import OPENERS, fact_extracts
from assets.rules import compiling
from assets.rules.catalogue import Rule, rules
from assets.scheduling import InTurn, Scheduler
from assets.tables import SqlTable, in_order, sql_tables
from expectations.contract import contracts

PERSONS_A_BUCKET = 100_000
BUCKETED = ("household_months", "household_profile", "hits", "near_hits")
AS_WRITTEN = ("household_members",)
"""Tables whose joins the engine does not rearrange: for one county of a million persons that took 4.5 GB, not 1.6."""

_SETTINGS_OF = """
    select h.household_id, s.* exclude (area12, residence)
    from households h
    left join settings_of_places s on s.area12 = h.area12 and s.residence = h.residence
"""


@dataclass
class Night:
    """The state of one home as one night knows it, behind one connection."""

    home: Home
    as_of: date
    connection: duckdb.DuckDBPyConnection
    scheduler: Scheduler = field(default_factory=InTurn)
    opened: set[str] = field(default_factory=set)
    progress: Callable[[str, int, int], None] = lambda what, done, of: None

    @staticmethod
    @contextmanager
    def of(home: Home, as_of: date, scheduler: Scheduler | None = None, spill: Path | None = None) -> Iterator[Night]:
        """`scheduler` works out the household buckets (in turn); `spill` is where queries spill (see `engine`)."""
        with engine(home, spill) as connection:
            connection.execute("set variable as_of = $1", [as_of])
            yield Night(home, as_of, connection, scheduler or InTurn())

    # Opening --------------------------------------------------------------------------------------------------

    def open(self, *names: str) -> None:
        """Make tables readable by name: extracts in force, deliveries, reference values, or tables of tonight."""
        for name in names:
            if name not in self.opened:
                self._open(name)
                self.opened.add(name)

    def _open(self, name: str) -> None:
        if name in contracts():
            self.open("deliveries")
            extracts.open_views(self.home, self.connection, contracts()[name], self.as_of)
        elif name.removesuffix("_received") in contracts():
            self.open(name.removesuffix("_received"))
        elif name == "linked":
            self.open("deliveries")
        elif name == "deliveries":
            extracts.open_deliveries(self.home, self.connection, list(contracts().values()), self.as_of)
        elif name in OPENERS:
            self.open(*OPENERS[name].reads)
            OPENERS[name].open(self.home, self.as_of, self.connection)
        else:
            folder = self.home.table(name, self.as_of)
            if not folder.exists():
                raise FileNotFoundError(f"table {name} of {self.as_of} has not been made")
            self.view(name, f"{folder}/**/*.parquet")

    def view(self, name: str, files: str) -> None:
        self.connection.execute(
            f"create or replace temp view {name} as from read_parquet('{files}', hive_partitioning = false)"
        )

    # Writing --------------------------------------------------------------------------------------------------

    def write(self, table: SqlTable, leave_out: Sequence[str] = ()) -> None:
        """Work out a table that is small enough to be worked out at once; some columns may stay out of the lake."""
        self.open(*table.reads)
        sql = f"select * exclude ({', '.join(leave_out)}) from ({table.sql})" if leave_out else table.sql
        with folder_whole(self.home.table(table.name, self.as_of)) as folder:
            self.copy(sql, folder / "part.parquet")
        self.opened.discard(table.name)

    def copy(self, sql: str, path: Path) -> None:
        self.connection.execute(f"copy ({sql}) to '{path}' ({PARQUET})")

    def rows(self, table: str) -> int:
        self.open(table)
        return int(self.connection.execute(f"select count(*) from {table}").fetchall()[0][0])

    # Buckets --------------------------------------------------------------------------------------------------

    def count_buckets(self) -> int:
        """One under a hundred thousand persons, else a power of two up to 64; `LOWINCOME_BUCKETS` overrides it."""
        if told := os.environ.get("LOWINCOME_BUCKETS"):
            return int(told)
        persons = self.rows("people")
        buckets = 1
        while buckets < 64 and persons > buckets * PERSONS_A_BUCKET:
            buckets *= 2
        return buckets

    def write_panel(self, table: SqlTable) -> None:
        """Work out one table of `panel_tables`."""
        if table.name == "households":
            self.connection.execute("set variable buckets = $1", [self.count_buckets()])
        with joined_as_written(self.connection) if table.name in AS_WRITTEN else nullcontext():
            self.write(table)

    def write_facts(self) -> int:
        """Every row in force of a person, beside the household it counts for, in a folder per household bucket.

        The one shuffle. Someone of two households at different times has a row in each, with the months it counts:
        none for a member who is dead or in prison, of whom rules ask all the same.
        Returns how many rows were placed.
        """
        with folder_whole(self.home.table("facts", self.as_of)) as folder:
            for name in (*fact_extracts(), "household_members"):
                (folder / name).mkdir()
            return self.scheduler.place_facts(self, folder)

    def place_facts(self, folder: Path) -> int:
        """All facts and the members into a folder a bucket, by this connection alone. Returns how many facts."""
        buckets = self.buckets()
        self.place("household_members", folder / "household_members", buckets)
        return sum(self.place(name, folder / name, buckets) for name in fact_extracts())

    def place(self, name: str, folder: Path, buckets: Sequence[int]) -> int:
        """The rows of an extract, or of `household_members`, beside their household into a folder per bucket.

        Where there is but one, asking each row costs as much again as writing it. Returns how many rows there are.
        """
        self.open("households", "household_members", name)
        if name == "household_members":
            sql = "select m.*, h.bucket from household_members m join households h using (household_id)"
        else:
            columns = ", ".join(f"e.{column}" for column, _ in _fact_columns(name))
            sql = f"""
                select h.household_id, m.months as member_months, h.bucket, {columns}
                from {name} e
                join household_members m using (person_key)
                join households h using (household_id)
                where m.listed_months <> 0
            """
        copy = f"copy ({sql}) to '{folder}' ({PARQUET}, partition_by (bucket))"
        if len(buckets) == 1:
            whole = folder / f"bucket={buckets[0]}"
            whole.mkdir()
            copy = f"copy (select * exclude (bucket) from ({sql})) to '{whole / 'part.parquet'}' ({PARQUET})"
        with joined_as_written(self.connection):
            return int(self.connection.execute(copy).fetchall()[0][0])

    def buckets(self) -> list[int]:
        """The buckets in which there is a household; of an empty county the first."""
        self.open("households")
        found = self.connection.execute("select distinct bucket from households order by 1").fetchall()
        return [row[0] for row in found] or [0]

    def each_bucket(self, buckets: Sequence[int]) -> Generator[int]:
        """Opens these buckets one after the other: their facts, households and members under the usual names.

        When it ends, however it ends, these names stand for the whole night again.
        """
        self.open("households", "settings", "given_values", "feeds", "gates", "month_numbers", "contract_facts")
        before = set(self.opened)
        self._leave_buckets()
        kept = set(self.opened)
        self.view("all_households", f"{self.home.table('households', self.as_of)}/*.parquet")
        self.connection.execute(f"create or replace temp table settings_of_places as {self._settings_sql()}")
        try:
            for place, bucket in enumerate(buckets):
                self._open_bucket(bucket)
                yield bucket
                self.progress("buckets", place + 1, len(buckets))
                self.opened = set(kept)
        finally:
            self._leave_buckets()
            self.opened = set(kept)
            self.open(*sorted(before))

    def _open_bucket(self, bucket: int) -> None:
        self.connection.execute(
            f"create or replace temp table households as select * from all_households where bucket = {bucket}"
        )
        for name in (*fact_extracts(), "household_members"):
            self._open_facts(name, bucket)
        self.connection.execute(f"create or replace temp table settings_of as {_SETTINGS_OF}")
        self.opened |= {"households", "settings_of", "household_members", *fact_extracts()}

    def _leave_buckets(self) -> None:
        """Drops whatever stands for one bucket under the name of a whole table, and what was worked out for it."""
        found = self.connection.execute(
            "select 'table', table_name from duckdb_tables() where temporary "
            "union all select 'view', view_name from duckdb_views() where temporary order by all"
        ).fetchall()
        bound = {"households", "household_members", *fact_extracts(), *BUCKETED, "profile", "judged"}
        for kind, name in found:
            if name in bound or name.startswith(("all_households", "settings_of", "profile_")):
                self.connection.execute(f"drop {kind} {name}")
        self.opened -= {*bound, "settings_of"}

    def _open_facts(self, name: str, bucket: int) -> None:
        folder = self.home.table("facts", self.as_of) / name / f"bucket={bucket}"
        if folder.exists():
            self.view(name, f"{folder}/*.parquet")
            return
        if name == "household_members":
            members = self.home.table(name, self.as_of)
            self.connection.execute(
                f"create or replace temp view {name} as select * from read_parquet('{members}/*.parquet') where false"
            )
            return
        columns = [("household_id", "BIGINT"), ("member_months", "BIGINT"), *_fact_columns(name)]
        empty = ", ".join(f"null::{kind} as {column}" for column, kind in columns)
        self.connection.execute(f"create or replace temp view {name} as select {empty} where false")

    def settings_sql(self) -> str:
        """One row a household: every parameter and standard in force in the last closed month."""
        return f"with settings_of_places as ({self._settings_sql()}) {_SETTINGS_OF}"

    def _settings_sql(self) -> str:
        """The settings as columns, one row a place and residence: a thousand households share theirs."""
        found = self.connection.execute("select distinct name from given_values order by 1").fetchall()
        names = ", ".join(f"'{name}'" for (name,) in found)
        rows = "(select area12, residence, name, value from settings where back = 1)"
        return f"from (pivot {rows} on name in ({names}) using max(value) group by area12, residence)"

    def write_household_months(self) -> None:
        self._write_bucketed("household_months")

    def _months_sql(self) -> str:
        return sql_tables("panel")["household_months"].sql

    def write_household_profile(self) -> None:
        """The left join of every SQL file of `profile/`; their figures may lean on each other's tables."""
        self._write_bucketed("household_profile")

    def _profile_sql(self) -> str:
        self._open_bucketed_table("household_months")
        parts = profile_parts()
        self.open(*{n for t in parts for n in t.reads if n != "household_months" and not n.startswith("profile_")})
        for table in parts:
            self.connection.execute(f"create or replace temp table profile_{table.name} as {table.sql}")
        names = ("households", *(f"profile_{table.name}" for table in parts))
        return _side_by_side_sql(tuple((name, self._columns(name)) for name in names))

    def _columns(self, name: str) -> tuple[str, ...]:
        return tuple(row[0] for row in self.connection.execute(f"describe {name}").fetchall())

    def write_hits(self) -> None:
        self._write_bucketed("hits")

    def _hits_sql(self) -> str:
        self._open_bucketed_table("household_profile")
        self.connection.execute("create or replace temp view profile as from household_profile")
        columns = frozenset(self._columns("profile"))
        judged, hits = _compiled(tuple(rules().items()), columns)
        self.connection.execute(f"create or replace temp table judged as {judged}")
        return hits

    def write_near_hits(self) -> None:
        """How near the families listed before still stand to the rules that found them."""
        self._write_bucketed("near_hits")

    def _near_sql(self) -> str:
        self._open_bucketed_table("household_profile")
        self.connection.execute("create or replace temp view profile as from household_profile")
        columns = set(self._columns("profile"))
        return compiling.near_sql(self._rules_of_before, columns)

    @cached_property
    def _rules_of_before(self) -> Mapping[str, Rule]:
        """The rules that found the families listed before."""
        self.open("previous_standing")
        found = self.connection.execute("select distinct rule from previous_standing").fetchall()
        return {code: rules()[code] for (code,) in sorted(found) if code in rules()}

    def _open_bucketed_table(self, name: str) -> None:
        bucket = self._bucket
        self.view(name, f"{self.home.table(name, self.as_of)}/bucket={bucket}/*.parquet")

    def _write_bucketed(self, name: str) -> None:
        with folder_whole(self.home.table(name, self.as_of)) as folder:
            self.scheduler.work_out(self, name, folder)
        self.opened.discard(name)

    def work_out(self, name: str, buckets: Mapping[int, Path]) -> None:
        """Some buckets of a bucketed table, one after the other, each into a folder that is there."""
        sql = {
            "household_months": self._months_sql, "household_profile": self._profile_sql, "hits": self._hits_sql,
            "near_hits": self._near_sql,
        }[name]  # fmt: skip
        with closing(self.each_bucket(list(buckets))) as opened:
            for bucket in opened:
                self._bucket = bucket
                self.copy(sql(), buckets[bucket] / "part.parquet")

    _bucket: int = 0


@lru_cache(maxsize=4)
def _compiled(catalogue: tuple[tuple[str, Rule], ...], columns: frozenset[str]) -> tuple[str, str]:
    """The select that judges and the one that tells. Kept: to build them takes a second, and buckets have the same."""
    return compiling.judged_sql(dict(catalogue), columns), compiling.hits_sql(dict(catalogue), columns)


@lru_cache(maxsize=4)
def _side_by_side_sql(tables: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    """The left join of tables with one row a household; a column that several have is that of the first."""
    (first, taken), *others = tables
    seen = set(taken)
    columns: list[str] = ["h.*"]
    query = select().from_(f"{first} as h")
    for table, names in others:
        columns += [f"{table}.{name}" for name in names if name not in seen]
        seen |= set(names)
        query = query.join(table, using=["household_id"], join_type="left")
    return query.select(*columns).sql(dialect="duckdb")


@cache
def _fact_columns(extract: str) -> list[tuple[str, str]]:
    """(name, type) of what goes to the buckets: what is asked for there, and where each row came from and when."""
    contract = contracts()[extract]
    tables = (sql_tables("panel")["household_months"], *profile_parts())
    asked = {"delivery_no", "line_no", contract.month_of}.union(*(t.names for t in tables if extract in t.reads))
    columns = [(name, kind) for name, kind, _ in extracts.stored_columns(contract)]
    columns += [("area6", "VARCHAR"), ("period_from", "DATE"), ("in_force_from", "DATE"), ("in_force_to", "DATE")]
    return [(name, kind) for name, kind in columns if name in asked]


def profile_parts() -> Sequence[SqlTable]:
    """The files of `profile/`, each after those whose tables it reads."""
    return in_order(sql_tables("profile"), prefix="profile_")


def panel_tables() -> Sequence[SqlTable]:
    """The tables of `panel/` that are worked out at once, each after those that it reads."""
    return [table for table in in_order(sql_tables("panel")) if table.name not in BUCKETED]
