"""What a night knew beside its data: rule entries and reference tables, kept by their hash and laid out again later."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from assets import reference
from assets.home import Home, Refusal, write_whole
from assets.rules import catalogue


def keep(home: Home) -> dict[str, str]:
    """Put what tonight knows into `archive/known/`, each content once; name → sha256, for the manifest.

    `rules/` are the entries as this process read them, `shipped/` the tables that came with the program, `reference/`
    the home's own.
    """
    contents = {f"rules/{name}": content for name, content in catalogue.files().items()}
    contents |= {name: path.read_bytes() for name, path in reference.given_files(home).items()}
    kept = {}
    for name, content in sorted(contents.items()):
        kept[name] = hashlib.sha256(content).hexdigest()
        path = _folder(home) / kept[name]
        if not path.exists():
            write_whole(path, content)
            path.chmod(0o400)
    return kept


def manifest(home: Home, night: date) -> dict[str, Any]:
    """The manifest of a night that was published. Raises `Refusal` where there is none."""
    path = home.outbox / night.isoformat() / "manifest.json"
    if not path.exists():
        ran = sorted(one.parent.name for one in home.outbox.glob("[0-9]*/manifest.json"))
        told = f"the nights published go from {ran[0]} to {ran[-1]}" if ran else "no night has run in this home yet"
        raise Refusal(f"No list of {night} was published in {home.root.name}: {told}.")
    content: dict[str, Any] = json.loads(path.read_bytes())
    return content


def is_kept(home: Home, night: date) -> bool:
    """Whether the night kept what it knew; nights before this was done did not."""
    return bool(manifest(home, night).get("inputs", {}).get("known"))


def lay_out(home: Home, night: date, into: Home) -> Path:
    """Give a scratch home the reference tables that a night knew, and return the folder of its rule entries.

    Of a night that did not keep them, those of today. Raises `Refusal` where one has been lost.
    """
    known = manifest(home, night).get("inputs", {}).get("known")
    if not known:
        contents = {f"rules/{name}": content for name, content in catalogue.files().items()}
        contents |= {name: path.read_bytes() for name, path in reference.given_files(home).items()}
    else:
        contents = {name: _read(home, night, name, sha256) for name, sha256 in known.items()}
    for path in (*into.reference.iterdir(), *(into.root / "shipped").glob("*")):
        path.unlink()
    entries = sorted((name, content) for name, content in contents.items() if name.startswith("rules/"))
    rules = into.root / f"rules-{hashlib.sha256(repr(entries).encode()).hexdigest()[:16]}"  # read once by this name
    places = {"rules": rules, "shipped": into.root / "shipped", "reference": into.reference}
    for name, content in contents.items():
        folder, _, file = name.partition("/")
        places[folder].mkdir(exist_ok=True)
        (places[folder] / file).write_bytes(content)
    return rules


def _folder(home: Home) -> Path:
    return home.archive / "known"


def _read(home: Home, night: date, name: str, sha256: str) -> bytes:
    path = _folder(home) / sha256
    content = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Refusal(f"{name} as {night} knew it is lost from archive/known ({sha256[:12]}…): restore it from backup.")
    return content
