"""The ledger: one receipt a delivery, written whole, never changed; and the archive of immutable copies."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from assets.home import Home, sync, write_json

TAKEN = "taken"
DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Receipt:
    """What arrived, when, and what became of the file. `state` is taken, duplicate, refused or held."""

    delivery_no: int
    received_on: str
    folder: str
    file: str
    sha256: str
    size: int
    state: str
    code: str = ""
    detail: str = ""
    extract: str = ""
    area6: str = ""
    period: str = ""
    period_from: str = ""
    period_to: str = ""
    seq: int = 0
    suffix: str = ""
    encoding: str = ""
    separator: str = ""
    records: int = 0
    extra_columns: tuple[str, ...] = ()
    released_from: int = 0
    """The held delivery of which this is the same file, let through by a named person; else 0."""


def receipts(home: Home, until: date) -> list[Receipt]:
    """All receipts up to a night, in the order of their numbers."""
    found = []
    for path in sorted(home.ledger.glob("[0-9]*.json")):
        receipt = json.loads(path.read_bytes())
        receipt["extra_columns"] = tuple(receipt["extra_columns"])
        if receipt["received_on"] <= until.isoformat():
            found.append(Receipt(**receipt))
    return found


def entry(home: Home, delivery_no: int) -> Path:
    return home.ledger / f"{delivery_no:08d}.json"


def enter(home: Home, receipt: Receipt) -> None:
    write_json(entry(home, receipt.delivery_no), asdict(receipt))


def nights(home: Home) -> list[date]:
    """The nights that ran to their end, oldest first."""
    return sorted(date.fromisoformat(path.parent.name) for path in home.outbox.glob("[0-9]*/manifest.json"))


def night_before(home: Home, night: date) -> date | None:
    """The night whose cases this one leans on: the one it leaned on when it first ran, else the last one before it."""
    manifest = home.outbox / night.isoformat() / "manifest.json"
    inputs = json.loads(manifest.read_bytes()).get("inputs", {}) if manifest.exists() else {}
    if "night_before" in inputs:
        return date.fromisoformat(inputs["night_before"]) if inputs["night_before"] else None
    earlier = [ran for ran in nights(home) if ran < night]
    return earlier[-1] if earlier else None


def archive(home: Home, path: Path) -> tuple[str, int]:
    """Copy a file under its sha256, on disk before the name exists. Returns the hash and the size in bytes."""
    part = home.archive / f".{os.getpid()}.part"
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, part.open("wb") as copy:
        while block := source.read(1 << 20):
            digest.update(block)
            size += len(block)
            copy.write(block)
        copy.flush()
        os.fsync(copy.fileno())
    kept = home.archive / digest.hexdigest()
    if kept.exists():
        part.unlink()
    else:
        part.chmod(0o400)
        part.replace(kept)
    sync(home.archive)
    return digest.hexdigest(), size
