"""Writing the lists: one folder a night, built whole, held against its contracts, then made current by one pointer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

import pyarrow as pa

from assets import known, releases
from assets.bulletin import page as bulletin
from assets.home import Home, Refusal, folder_whole, write_json, write_whole
from assets.intake import ledger
from assets.lists.cells import GB18030, UTF_8, as_csv, safe_cells, without_numbers
from assets.lists.workbook import MOST_ROWS, as_workbook
from assets.night import Night
from assets.passwords import locked
from assets.rules import catalogue
from assets.tables import FOLDER, sql_tables
from expectations.contract import contracts
from expectations.judge import judge
from expectations.listing import BODY, COUNTY, GRID, TOWN, ListContract, lists

CURRENT = "CURRENT.json"
REFERENCE = ("given_values", "areas", "grids", "calendar")
_CUTS = {
    COUNTY: "left({area}, 6)", TOWN: "left({area}, 9)",
    GRID: "case when regexp_full_match(grid_code, '[0-9]{{12}}[0-9A-Za-z]{{1,5}}') then grid_code end",
}  # fmt: skip
"""Where a row goes. What is no grid code names no file: such a family stands on the lists of its town and county."""
_IN_GB18030 = """
select area, arg_max(value, (length(area_prefix), valid_from, known_at)) > 0
from (select unnest($1::varchar[]) as area)
join given_values on starts_with(area, area_prefix)
where name = 'lists_gb18030' and residence = 'any'
    and known_at <= $2 and valid_from <= $2 and (valid_to is null or valid_to >= $2)
group by area
"""


def publish(night: Night) -> dict[str, Any]:
    """Write every list of the night and its manifest; make it current when it is the newest. Returns the manifest.

    Raises `Refusal` when a list breaks its own contract: the last good list stays current.
    """
    home, as_of = night.home, night.as_of
    files: list[dict[str, Any]] = []
    passwords = home.workbook_passwords()
    with folder_whole(home.outbox / as_of.isoformat()) as folder:
        for contract in lists().values():
            _open_written(night, contract)
            _hold_against(night, contract)
            for cut in contract.cuts:
                files += _write_cut(night, contract, cut, folder, passwords[:1])
        files += bulletin.write(night, folder)
        manifest = {
            "as_of": as_of.isoformat(), "files": files, "held": _held(night), "inputs": _inputs(night),
            "notes": _notes(night),
        }  # fmt: skip
        write_json(folder / "manifest.json", manifest)
    current = current_night(home)
    if current is None or as_of > current:
        write_json(
            home.outbox / CURRENT, {"as_of": as_of.isoformat(), "manifest": f"{as_of.isoformat()}/manifest.json"}
        )
    return manifest


def _notes(night: Night) -> list[str]:
    night.open("notes")
    return [note for (note,) in night.connection.execute("select note from notes order by note").fetchall()]


def current_night(home: Home) -> date | None:
    """The night whose lists are current; None before the first."""
    path = home.outbox / CURRENT
    return date.fromisoformat(json.loads(path.read_bytes())["as_of"]) if path.exists() else None


def _open_written(night: Night, contract: ListContract) -> None:
    """`written`: the rows, every shown column as safe text, and where each goes. `to_judge`: with all cells in one."""
    source = contract.kind
    if contract.published_alone:
        table = sql_tables("lists")[contract.kind]
        night.open(*table.reads)
        source = f"({table.sql})"
    else:
        night.open(contract.kind)
    if contract.kind == "risk_list":
        night.open("heads")
        source = (
            "(select r.*, h.head_name, h.head_id_no, h.head_phone from risk_list r left join heads h using (head_key))"
        )
    present = {row[0] for row in night.connection.execute(f"describe select * from {source}").fetchall()}
    given = [c.key for c in contract.columns if c.key in present]
    area = next((name for name in ("area12", "town", "area6") if name in present), None)
    destination = {cut: sql.format(area=area) for cut, sql in _CUTS.items()} | {BODY: "folder || '_' || body"}
    keys = ", ".join(f"{destination[cut]} as to_{cut}" for cut in contract.cuts)
    query = f"select {', '.join(given)}, {keys} from {source} order by {contract.order}"
    found = night.connection.sql(query).to_arrow_table()
    place = {"place": pa.array(range(len(found)), pa.int64())}
    cells = {name: safe_cells(found[name]) if name in given else found[name] for name in found.column_names}
    night.connection.register("written_rows", pa.table(place | cells))
    joined = ", ".join(f"coalesce({name}, '')" for name in given)
    night.connection.execute(
        f"create or replace table to_judge as select *, concat_ws(chr(31), {joined}) as cells from written_rows"
    )
    night.connection.unregister("written_rows")
    night.connection.execute("create or replace temp view written as select * exclude (cells) from to_judge")


def _hold_against(night: Night, contract: ListContract) -> None:
    if not night.connection.execute("select count(*) from to_judge").fetchall()[0][0]:
        return
    for judgement in judge(night.connection, "to_judge", contract.checks):
        if not judgement.is_kept:
            raise Refusal(
                f"{contract.title} breaks its contract ({judgement.check.name}: {judgement.broken} rows) "
                "and is not published; the last list stays current."
            )


def _write_cut(
    night: Night, contract: ListContract, cut: str, folder: Path, passwords: Sequence[str]
) -> Iterator[dict[str, Any]]:
    keys = [c.key for c in contract.columns]
    present = {row[0] for row in night.connection.execute("describe written").fetchall()}
    shown = ", ".join(key if key in present else f"'' as {key}" for key in keys)
    written = night.connection.sql(
        f"select {shown} from written where to_{cut} is not null order by to_{cut}, place"
    ).to_arrow_table()
    start = 0
    places = _places(night, contract, cut)
    encodings = csv_encodings(night, [place for place, _ in places])
    for place, count in places:
        rows = list(zip(*(column.to_pylist() for column in written.slice(start, count).columns), strict=True))
        start += count
        if "list_no" in keys:  # counted within each file, so that no town's list hangs on another town
            at = keys.index("list_no")
            rows = [(*row[:at], str(number), *row[at + 1 :]) for number, row in enumerate(rows, start=1)]
        told = {"kind": contract.kind, "title": contract.title, "area": place, "rows": len(rows), "columns": keys}
        content = as_csv([c.header for c in contract.columns], rows, encodings[place])
        path = folder / f"{contract.kind}_{place}.csv"
        yield told | {"format": "csv", "encoding": encodings[place]} | _put(path, content)
        if len(rows) <= MOST_ROWS:
            content = as_workbook(contract, place, night.as_of, rows, folder)
            for password in passwords:
                content = locked(content, password)
            told |= {"format": "xlsx", "is_locked": bool(passwords)}
            yield told | _put(folder / f"{contract.kind}_{place}.xlsx", content)


def _put(path: Path, content: bytes) -> dict[str, str]:
    write_whole(path, content)
    return {"path": path.name, "sha256": hashlib.sha256(content).hexdigest()}


def csv_encodings(night: Night, areas: Collection[str]) -> dict[str, str]:
    """Of each area UTF-8, or GB18030 where the parameter `lists_gb18030` says so for it."""
    night.open("given_values")
    told = dict(night.connection.execute(_IN_GB18030, [list(areas), night.as_of]).fetchall())
    return {area: GB18030 if told.get(area) else UTF_8 for area in areas}


def _places(night: Night, contract: ListContract, cut: str) -> list[tuple[str, int]]:
    """Where the files of a list go, in order, and how many rows go there.

    A county without a listed family gets its list too: empty is not missing.
    """
    query = f"select to_{cut}, count(*) from written where to_{cut} is not null group by 1"
    found = dict(night.connection.execute(query).fetchall())
    if contract.kind in ("risk_list", "held_list") and cut == COUNTY:
        night.open("households")
        counties = night.connection.execute("select distinct left(area12, 6), 0 from households").fetchall()
        found = dict(counties) | found
    return sorted(found.items())


def _inputs(night: Night) -> dict[str, Any]:
    night.open("deliveries", *REFERENCE)
    deliveries = night.connection.execute(
        "select delivery_no, file, sha256, received_on::varchar, state from deliveries order by delivery_no"
    ).fetchall()
    standing = {
        name: hashlib.sha256(
            repr(night.connection.execute(f"from {name} order by all").fetchall()).encode()
        ).hexdigest()
        for name in REFERENCE
    }
    before = ledger.night_before(night.home, night.as_of)
    return {
        "deliveries": [
            {"delivery_no": number, "file": without_numbers(file), "sha256": sha256, "received_on": day, "state": state}
            for number, file, sha256, day, state in deliveries
        ],
        "standards": standing.pop("given_values"),
        **standing,
        "rules": catalogue.version(),
        "known": known.keep(night.home),
        "linkage": _version(FOLDER / "linkage", "*.yaml"),
        "code": {
            "lowincome": metadata.version("lowincome"),
            "tables": _version(FOLDER, "**/*.sql"),
            "cases": _version(FOLDER / "cases", "*.csv"),
        },
        "contracts": sorted(contracts()),
        "night_before": before.isoformat() if before else None,
        "releases": [release.release_no for release in releases.releases(night.home, night.as_of)],
    }


def _held(night: Night) -> list[dict[str, Any]]:
    """What the lists cannot say tonight: area, gate and feeds, with the rules concerned."""
    night.open("held")
    rows = night.connection.execute(
        "select area, state, gate, extracts, min(since_month)::varchar, list(distinct rule order by rule) "
        "from held group by all order by all"
    ).fetchall()
    names = ("area", "state", "gate", "extracts", "since_month", "rules")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _version(folder: Path, pattern: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob(pattern)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
