"""Releases: what a named person has let through, one record each in the ledger, never changed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from assets.home import Home, write_json
from assets.intake import ledger


@dataclass(frozen=True)
class Release:
    """Who let what through, from which night on, and why.

    Either months of an `extract` in an area (one month, or all up to `until_month`), or hits of a `rule` in an area,
    or a held delivery. Dates are texts in ISO form, a month is its first day.
    """

    release_no: int
    released_on: str
    released_by: str
    reason: str
    extract: str = ""
    rule: str = ""
    area: str = ""
    month: str = ""
    until_month: str = ""
    delivery_no: int = 0


def releases(home: Home, until: date) -> list[Release]:
    """All releases that a night knows of, in the order of their numbers."""
    found = [Release(**json.loads(path.read_bytes())) for path in sorted(home.ledger.glob("release-*.json"))]
    return [release for release in found if release.released_on <= until.isoformat()]


def first_night_to_know(home: Home) -> date:
    """The first night that has not run: what was published stays as it was."""
    ran = ledger.nights(home)
    return ran[-1] + timedelta(days=1) if ran else date.min


def entry(home: Home, release_no: int) -> Path:
    return home.ledger / f"release-{release_no:08d}.json"


def enter(home: Home, release: Release) -> None:
    write_json(entry(home, release.release_no), asdict(release))
