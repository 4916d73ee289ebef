"""A changed parameter: a dated row in the home's own file, and who signed it on which evidence, in the ledger."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import click

from assets import reference
from assets.home import Home, Refusal, write_json, write_whole
from assets.intake import delimited
from assets.reference.declared import FILES, PREFIX
from assets.releases import first_night_to_know
from assets.scratch import scratch
from pipelines.releasing import is_in_words
from pipelines.tuning import telling
from pipelines.tuning.running import setting, weigh_all
from pipelines.tuning.trials import Trial, trials

_FILE = next(file for file in FILES if file.name == "parameters.csv")
_NAMES = [column.name for column in _FILE.columns]


@dataclass(frozen=True)
class Change:
    """Who put another value of a parameter into force, from when on, on which document and evidence.

    Dates are texts in ISO form; `known_at` is the first night that knows of it.
    """

    change_no: int
    parameter: str
    area: str
    value_before: str
    value: str
    unit: str
    valid_from: str
    known_at: str
    signed_by: str
    document: str
    evidence: dict[str, Any]


def apply(
    home: Home, told: str, area: str, valid_from: date, by: str, document: str, since: date | None
) -> None:  # fmt: skip
    """Weigh the value once more, then sign it. Raises `Refusal` before anything is written."""
    if area and PREFIX.read(area) is None:
        raise Refusal(f"--area {area} is not {PREFIX.says}.")
    may_be_signed(home, valid_from, by, document)
    night, since, limits = setting(home, since, area)
    name, _, value = told.partition("=")
    if not value:
        raise Refusal(f"--apply {told} is not name=value, as in med_spike_ratio=3.5.")
    (trial,) = trials(home, night, area, (), name, [value])
    found, (weighed,) = weigh_all(home, area, [trial], since, limits)
    for line in telling.heads(found):
        click.echo(line)
    telling.show(weighed, limits)
    evidence = {
        "nights": [night.isoformat() for night in found.nights], "rules": list(trial.rules),
        "sentence": telling.sentence(weighed, limits),
        "was": telling.plain(weighed.by_value[0]), "would_be": telling.plain(weighed.by_value[1]),
    }  # fmt: skip
    for line in _told(home, sign(home, trial, area, valid_from, by, document, evidence)):
        click.echo(line)


def may_be_signed(home: Home, valid_from: date, by: str, document: str) -> None:
    if not is_in_words(by, document):
        raise Refusal("A change says who signs it and on which document, in words and without identity numbers.")
    first = first_night_to_know(home)
    if valid_from < first:
        raise Refusal(
            f"--valid-from {valid_from} lies in the past: nights before {first} have run, and their lists stay as they "
            f"were published; name {first} or a later day."
        )


def sign(
    home: Home, trial: Trial, area: str, valid_from: date, by: str, document: str, evidence: dict[str, Any]
) -> Change:  # fmt: skip
    """Put the first value of a trial into force: the row, and the record of it. No night may be running."""
    with home.owned():
        may_be_signed(home, valid_from, by, document)
        signed = Change(
            max((one.change_no for one in changes(home)), default=0) + 1, trial.parameter, area,
            telling.number(trial.now), telling.number(trial.values[0]), trial.unit, valid_from.isoformat(),
            first_night_to_know(home).isoformat(), by.strip(), document.strip(), evidence,
        )  # fmt: skip
        content = _with_row(home, signed)
        _hold(home, content)
        write_json(home.ledger / f"parameter-{signed.change_no:08d}.json", asdict(signed))
        write_whole(home.reference / _FILE.name, content)
    return signed


def changes(home: Home) -> list[Change]:
    """All that were signed, in the order of their numbers."""
    return [Change(**json.loads(path.read_bytes())) for path in sorted(home.ledger.glob("parameter-*.json"))]


def overview(home: Home) -> Iterator[str]:
    yield "已签的改动 / changes that were signed:"
    for one in changes(home):
        where = one.area or "全部地区"
        yield (
            f"  {one.change_no}  {one.parameter}  {one.value_before} → {one.value}  {where}  自 {one.valid_from}  "
            f"{one.signed_by}  {one.document}"
        )
        yield f"     {one.evidence['sentence']}"


def _with_row(home: Home, signed: Change) -> bytes:
    """The home's file as it is, and the row behind it.

    A home's rows stand for all shipped ones of their name, area and residence: where the home has none of these yet,
    the shipped ones are copied first, or the months before would be without a value.
    """
    path = home.reference / _FILE.name
    rows = [{
        "name": signed.parameter, "area_prefix": signed.area, "residence": "any", "value": signed.value,
        "unit": signed.unit, "valid_from": signed.valid_from, "valid_to": "", "known_at": signed.known_at,
        "document": f"{signed.document}（{signed.signed_by} 签，改动 {signed.change_no}）",
    }]  # fmt: skip
    key = (signed.parameter, signed.area or None, "any")
    standing = reference.standing(home, "standing_values").to_pylist()
    of_key = [row for row in standing if (row["name"], row["area_prefix"], row["residence"]) == key]
    rows = [_cells(row) for row in of_key if row["origin"] == "shipped"] + rows
    if not path.exists():
        return _lines(_NAMES, ",", [dict(zip(_NAMES, _NAMES, strict=True)), *rows]).encode()
    encoding, mark = delimited.encoding_of(path)
    content = path.read_bytes()
    head = content[mark:].decode(encoding).splitlines()[0]
    separator = max(delimited.SEPARATORS, key=head.count)
    header = [cell.strip() for cell in next(csv.reader([head], delimiter=separator))]
    ends = content.endswith("\n".encode(encoding))
    return content + f"{'' if ends else chr(10)}{_lines(header, separator, rows)}".encode(encoding)


def _cells(row: dict[str, Any]) -> dict[str, str]:
    given = {name: row[name] for name in _NAMES if row[name] is not None}
    return {name: telling.number(cell) if name == "value" else str(cell) for name, cell in given.items()}


def _lines(header: list[str], separator: str, rows: list[dict[str, str]]) -> str:
    written = io.StringIO(newline="")
    lines = csv.DictWriter(written, header, delimiter=separator, lineterminator="\n", extrasaction="ignore")
    lines.writerows(rows)
    return written.getvalue()


def _hold(home: Home, content: bytes) -> None:
    """The file as it would be, read and checked as every night does. Raises `Refusal` with what is wrong."""
    with scratch(home) as aside:
        for path in home.reference.glob("*.csv"):
            shutil.copyfile(path, aside.reference / path.name)
        if (home.root / "shipped").exists():
            (aside.root / "shipped").symlink_to(home.root / "shipped")
        (aside.reference / _FILE.name).write_bytes(content)
        if found := reference.faults(aside):
            raise Refusal(f"Nothing was written. {reference.told(found)}")


def _told(home: Home, signed: Change) -> Iterator[str]:
    """From which nights on it counts: a rule takes the value of the first day of the last closed month."""
    day = date.fromisoformat(signed.valid_from)
    first = day.year * 12 + day.month - 1 + (day.day > 1) + 1
    yield (
        f"已写入 reference/{_FILE.name}，改动 {signed.change_no}，{first // 12}-{first % 12 + 1:02} 起的夜晚采用"
        "（规则取最近已结月份 1 日有效的值） / in force for nights from that month on"
    )
    standing = reference.standing(home, "standing_values").to_pylist()
    places = {(row["area_prefix"] or "", row["residence"]) for row in standing if row["name"] == signed.parameter}
    others = [
        f"{area} {of}".strip() for area, of in sorted(places - {(signed.area, "any")}) if area.startswith(signed.area)
    ]
    if others:
        yield f"另有自己数值的不变 / what has rows of its own keeps them: {'、'.join(others)}"
