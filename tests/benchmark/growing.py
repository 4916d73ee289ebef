"""A large county of a small one: its accepted extracts many times over, each copy with persons and families of its own.

What intake leaves behind (lake, vault, rejects, ledger) is written straight, because parsing is measured elsewhere. A copy
has the families, months and amounts of the first; persons, households, settlements, employers and identity numbers are
new. Names and days of birth are not. After some copies other villages begin, so that a grid has its eight hundred persons,
and after more the next county, with areas and standards of its own.
"""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date
from pathlib import Path

import duckdb

from assets.engine import PARQUET, engine
from assets.home import Home
from assets.intake import ledger
from expectations.contract import contracts

PERSONS_A_COUNTY = 500_000
COPIES_A_VILLAGE = 8
BASE = "370402"
_OWN = {
    "household_no", "settlement_id", "visit_id", "refunded_settlement_id", "event_no", "report_no", "registry_no",
    "monitor_no", "employer_code", "school",
}  # fmt: skip
"""Numbers and names that a copy must have for itself."""
_ONCE = {"civil_affairs_followups", "civil_affairs_rectifications"}
"""Answers to cases that this county never had: nothing that grows with it."""
_TABLES = ("accepted", "people", "accounts", "identities", "rejects", "unidentified")


def county_code(county: int) -> str:
    return BASE if county == 0 else f"3704{county + 9:02}"


def grow(base: Home, home: Home, night: date, persons: int) -> int:
    """Writes the extracts of `night` of a county, or of several, of about so many persons. Returns how many they are."""
    with engine(home) as connection:
        (few,) = connection.execute(
            "select count(distinct person_key) from read_parquet($1)",
            [str(base.table("civil_affairs_members", night) / "people.parquet")],
        ).fetchall()[0]
        copies = max(1, round(persons / few))
        in_county = max(1, min(copies, round(PERSONS_A_COUNTY / few)))
        counties = -(-copies // in_county)
        if counties > 90:
            raise ValueError("more counties than the city has numbers")
        receipts = ledger.receipts(base, night)
        _give_copies(connection, copies, in_county, max(r.delivery_no for r in receipts))
        for extract in contracts():
            for source in (base.table, base.vault, base.rejects):
                folder = source(extract, night)
                into = home.root / folder.relative_to(base.root)
                into.mkdir(parents=True)
                for path in sorted(folder.iterdir()):
                    if path.stem in _TABLES:
                        _copy(connection, path, into / path.name, extract in _ONCE or path.stem == "accounts")
                    else:
                        shutil.copyfile(path, into / path.name)
        of_county = connection.execute(
            "select county, any_value(first_delivery), count(*) from copies group by county order by county"
        ).fetchall()
    for county, first, times in of_county:
        _write_receipts(receipts, home, county, first, times)
    _write_reference(base, home, counties, 1 + (in_county - 1) // COPIES_A_VILLAGE)
    shutil.copytree(base.archive, home.archive, dirs_exist_ok=True)
    return int(few) * copies


def _give_copies(connection: duckdb.DuckDBPyConnection, copies: int, in_county: int, deliveries: int) -> None:
    codes = [county_code(county) for county in range(-(-copies // in_county))]
    connection.execute(
        """
        create or replace temp table copies as
        select
            i::bigint as copy, i // $2 as county, i % $2 as place, i // $2 * $3 as first_delivery, i % $2 // $5 * 10 as village,
            ($4::varchar[])[i // $2 + 1] as code, case when i = 0 then 0 else numbered('copy|' || i) end as mask,
            count(*) over (partition by i // $2) as times
        from range($1) r(i)
        """,
        [copies, in_county, deliveries, codes, COPIES_A_VILLAGE],
    )


def _copy(connection: duckdb.DuckDBPyConnection, source: Path, target: Path, once_a_county: bool) -> None:
    columns = connection.execute(f"describe from '{source}'").fetchall()
    is_account = source.stem == "accounts"
    shown = ", ".join(f"{_own(name, kind, is_account)} as {name}" for name, kind, *_ in columns)
    which = "where c.place = 0" if once_a_county else ""
    connection.execute(f"copy (select {shown} from '{source}' r cross join copies c {which}) to '{target}' ({PARQUET})")


def _own(name: str, kind: str, is_account: bool) -> str:
    """What a copy has in place of a column of the first."""
    if name == "delivery_no":
        return "r.delivery_no + c.first_delivery"
    if is_account and kind == "BIGINT":
        return f"r.{name} * c.times"
    if name in ("record_no", "line_no"):
        return f"r.{name} + c.place * 10000000"
    if name.endswith("_key"):
        return f"xor(r.{name}, c.mask)"
    if name in ("area12", "grid_code"):
        village = f"lpad((substr(r.{name}, 10, 3)::integer + c.village)::varchar, 3, '0')"
        return (
            f"c.code || case when substr(r.{name}, 10, 3) in ('', '000') then substr(r.{name}, 7) "
            f"else substr(r.{name}, 7, 3) || {village} || substr(r.{name}, 13) end"
        )
    if name in _OWN:
        return f"case when c.copy = 0 then r.{name} else r.{name} || '~' || c.copy end"
    if name == "id_no":
        return f"case when c.copy = 0 then r.{name} else lpad(c.copy::varchar, 6, '9') || substr(r.{name}, 7) end"
    return f"r.{name}"


def _write_receipts(receipts: list[ledger.Receipt], home: Home, county: int, first: int, times: int) -> None:
    code = county_code(county)
    for receipt in receipts:
        told = vars(receipt) | {
            "delivery_no": receipt.delivery_no + first, "area6": receipt.area6.replace(BASE, code),
            "file": receipt.file.replace(BASE, code), "records": receipt.records * times,
            "extra_columns": list(receipt.extra_columns),
        }  # fmt: skip
        ledger.entry(home, told["delivery_no"]).write_text(json.dumps(told), encoding="utf-8")


def _write_reference(base: Home, home: Home, counties: int, villages: int) -> None:
    for name in ("standards", "areas"):
        with (base.reference / f"{name}.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        with (home.reference / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            for county in range(counties):
                code = county_code(county)
                if name == "areas" and county:
                    writer.writerow({"code": f"{code}000000", "name": f"示例{county}县", "parent": "370400000000",
                                     "level": "county"})  # fmt: skip
                for row in rows:
                    for more in range(villages if row.get("level") == "village" else 1):
                        writer.writerow(_further({k: cell.replace(BASE, code) for k, cell in row.items()}, more))


def _further(row: dict[str, str], more: int) -> dict[str, str]:
    """The same village, or one beside it."""
    return row | {"code": f"{row['code'][:9]}{int(row['code'][9:]) + 10 * more:03}"} if more else row
