"""Homes as tests use them: run a night in this process or in one of its own, copy a home, read what was published."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from assets.home import Home

EVE = date(2026, 1, 20)
NIGHT = date(2026, 1, 21)
HOUSEHOLDS = 150


def command(*arguments: object) -> list[str]:
    """`lowincome …` as a process of its own."""
    return [sys.executable, "-m", "pipelines.cli", *(str(a) for a in arguments)]


def environment(home: Home | None = None, **extra: str) -> dict[str, str]:
    """The environment of such a process: nothing of another home stays in it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LOWINCOME_", "DAGSTER_"))}
    return kept | ({"LOWINCOME_HOME": str(home.root)} if home else {}) | extra


def cli(*arguments: object, timeout: float = 300, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end, in a process of its own."""
    return subprocess.run(
        command(*arguments), env=environment(**extra), capture_output=True, text=True, timeout=timeout, check=False
    )


def copy_of(home: Home, to: Path) -> Home:
    """The same home elsewhere, key and all."""
    shutil.copytree(home.root, to, symlinks=True)
    return Home.at(to)


def forget_inbox(home: Home) -> None:
    shutil.rmtree(home.inbox)
    home.inbox.mkdir()


def manifest(home: Home, night: date) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((home.outbox / night.isoformat() / "manifest.json").read_bytes())
    return content


def published(home: Home, night: date) -> dict[str, bytes]:
    """Every file of a night's outbox, manifest included."""
    folder = home.outbox / night.isoformat()
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """Names that are in one alone or hold other bytes: what a failing test may print of real data."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def current(home: Home) -> str:
    """The night that CURRENT.json names, after every file of it has been held against its manifest."""
    pointer = json.loads((home.outbox / "CURRENT.json").read_bytes())
    path = home.outbox / pointer["manifest"]
    told = json.loads(path.read_bytes())
    assert told["as_of"] == pointer["as_of"]
    for file in told["files"]:
        content = (path.parent / file["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"], f"{file['path']} is not what the manifest says"
    assert {f["path"] for f in told["files"]} == {p.name for p in path.parent.iterdir()} - {path.name}
    return str(pointer["as_of"])


def cells(content: bytes) -> list[list[str]]:
    """The rows of a published CSV, or of a workbook's first sheet, the header first."""
    if content.startswith(b"PK"):
        return [
            list(row) for row in CalamineWorkbook.from_object(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        ]
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def records(content: bytes) -> list[dict[str, str]]:
    """The rows of a published list by Chinese header."""
    header, *rows = cells(content)
    return [dict(zip(header, row, strict=True)) for row in rows]
