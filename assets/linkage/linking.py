"""The nightly step: who is sought, who is known, how they are weighed, and what is decided of each record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlglot import select, union

from assets import extracts
from assets.home import folder_whole
from assets.linkage import weighing
from assets.linkage.model import model
from assets.night import Night
from assets.tables import sql_table
from expectations.contract import STATE, Contract, contracts

FOLDER = Path(__file__).parent


LINKED = sql_table(FOLDER / "linked.sql")


def write(night: Night) -> None:
    """Table `linked`: one row a record in force whose number is missing or broken, with its person where that is sure.

    Worked out from what had been received by that night alone, and from no earlier night's links.
    """
    night.open("deliveries", "identities", "unidentified", "given_values")
    extracts.forget_linked(night.connection)
    weighing.teach(night.connection)
    for contract in contracts().values():
        if contract.has_person:
            night.open(contract.extract)
    for name in ("records", "sought", "known"):
        _work_out(night, name, sql_table(FOLDER / f"{name}.sql").sql)
    weighing.weigh(night.connection, model())
    _work_out(night, "decided", sql_table(weighing.DECIDED).sql)
    _work_out(night, "mended", _each(night, _mended_sql))
    _work_out(night, "stands", _each(night, _stands_sql))
    with folder_whole(night.home.table("linked", night.as_of)) as folder:
        night.copy(LINKED.sql, folder / "part.parquet")
    night.opened -= {"deliveries", "linked", *contracts()}
    night.open("linked")


def _work_out(night: Night, name: str, sql: str) -> None:
    night.connection.execute(f"create or replace temp table {name} as {sql}")


def _each(night: Night, sql: Callable[[Night, Contract], str]) -> str:
    """What is found extract by extract, for those in which somebody is sought."""
    sought = night.connection.execute("select distinct extract from records order by 1").fetchall()
    parts = [part for (name,) in sought if (part := sql(night, contracts()[name]))]
    return " union all ".join([*parts, "select 0 as delivery_no, 0 as record_no where false"])


def _mended_sql(night: Night, contract: Contract) -> str:
    """Records whose key stands in the same file, or in a later one of the county, with a number that can be read.

    Of two records of one person and key in one file the last one stands, as it does where numbers are good.
    """
    files = extracts.unidentified_files(night.home, contract.extract, night.as_of)
    if not files:
        return ""
    keys = [c.stored_name for c in contract.keys]
    stored = ["d.person_key" if key == "person_key" else f"u.{key}" for key in keys]
    mine = (
        select("r.delivery_no", "r.record_no", "r.area6", "r.told_no", "d.person_key as found_key", *stored)
        .from_(f"read_parquet({files!r}, hive_partitioning = false) as u")
        .join("records as r", using=["delivery_no", "record_no"])
        .join("decided as d", using=["identity_no"])
    )
    file = f"a.told_no {'=' if contract.delivery == STATE else '>='} mine.told_no"
    good = (
        select("g.told_no", "g.area6", *(f"a.{key}" for key in keys))
        .from_(f"{contract.extract}_received as a").join("deliveries as g", using=["delivery_no"])
    )  # fmt: skip
    same = " and ".join(f"a.{key} is not distinct from mine.{key}" for key in keys)
    by_good = (
        select("mine.delivery_no", "mine.record_no").from_(mine.subquery("mine"))
        .join(good.subquery("a"), on=f"a.area6 = mine.area6 and {file} and {same}")
    )  # fmt: skip
    by_last = (
        select("delivery_no", "record_no").from_(mine.subquery("mine")).where("found_key is not null")
        .qualify(f"row_number() over (partition by delivery_no, {', '.join(keys)} order by record_no desc) > 1")
    )  # fmt: skip
    return union(by_good, by_last).sql(dialect="duckdb")


def _stands_sql(night: Night, contract: Contract) -> str:
    """Records of a register whose candidate stands in the very file under a good number."""
    if contract.delivery != STATE:
        return ""
    return (
        select("r.delivery_no", "r.record_no").distinct().from_("records as r")
        .join("decided as d", using=["identity_no"])
        .join(f"{contract.extract}_received as a", on="a.delivery_no = r.delivery_no and a.person_key = d.person_key")
        .where(f"r.extract = '{contract.extract}'").sql(dialect="duckdb")
    )  # fmt: skip
