"""A past night worked out again from archive and ledger, by the rules of then, and held against its list."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assets import known
from assets.home import Home, Refusal
from assets.rules import catalogue
from assets.scratch import lay_in, lay_in_results, scratch
from pipelines.running import run_night

_CODE = ("code", "linkage", "contracts")
"""Inputs of a night that are the program itself: they are told in the manifest and not kept."""


@dataclass(frozen=True)
class Replayed:
    """How many files of a night came out with the very same bytes, which did not, and what may be why."""

    night: date
    equal: int
    differing: tuple[str, ...]
    notes: tuple[str, ...]


def replay(home: Home, night: date, is_from_scratch: bool = False, keep: Path | None = None) -> Replayed:
    """Rebuild the list of a past night in a scratch home and compare every published file with its manifest."""
    with rebuilt(home, night, is_from_scratch, keep) as (into, notes):
        then, again = known.manifest(home, night), known.manifest(into, night)
        locked = {file["path"] for told in (then, again) for file in told["files"] if file.get("is_locked")}
        published, made = _hashes(then, locked), _hashes(again, locked)
        differing = sorted(name for name in published.keys() | made.keys() if published.get(name) != made.get(name))
        changed = [name for name in _CODE if then["inputs"].get(name) != again["inputs"].get(name)]
    if changed:
        notes = (*notes, _changed_code(changed))
    if locked:
        notes = (
            *notes,
            f"{len(locked)} 个加密文件每次不同，不逐字节比较，同名 CSV 已比较 / locked files differ each time",
        )
    return Replayed(night, len(published.keys() - set(differing)), tuple(differing), notes)


@contextmanager
def rebuilt(
    home: Home, night: date, is_from_scratch: bool, keep: Path | None
) -> Iterator[tuple[Home, tuple[str, ...]]]:
    """A scratch home in which a night has run again, with notes on what stood in for what is lost.

    A night has memory: cases, lineage and counts of the night before. That night's tables are taken as they lie in
    the lake, because nothing changes them; from scratch, and where they are gone, every night since the first runs
    again, each with what it knew.
    """
    nights = chain(home, night)
    if not home.key_file.exists():
        raise Refusal(f"The pseudonym key {home.key_file.name} is missing: restore it from its backup.")
    before = nights[-2] if len(nights) > 1 else None
    is_lost = before is not None and not home.table("cases", before).exists()
    notes = [f"{before} 晚的结果已不在湖中，自首晚起重建 / rebuilt from the first night on"] if is_lost else []
    with scratch(home, keep) as into, _environment():
        lay_in(home, night, into)
        if is_from_scratch or is_lost:
            run = nights
        else:
            run = nights[-1:]
            if before is not None:
                lay_in_results(home, before, into)
        for one in run:
            if not known.is_kept(home, one):
                notes.append(
                    f"{one} 晚没有留存规则与标准，用的是今天的 / that night kept no rules: those of today stand in"
                )
            with catalogue.read_from(known.lay_out(home, one, into)):
                run_night(into, one)
        yield into, tuple(notes)


def chain(home: Home, night: date) -> list[date]:
    """The nights that a night leans on, oldest first, itself the last."""
    found = [night]
    while before := known.manifest(home, found[0]).get("inputs", {}).get("night_before"):
        found.insert(0, date.fromisoformat(before))
    return found


def _hashes(manifest: dict[str, Any], left_out: set[str]) -> dict[str, str]:
    return {file["path"]: file["sha256"] for file in manifest["files"] if file["path"] not in left_out}


def _changed_code(changed: list[str]) -> str:
    told = "、".join(
        {"code": "表 tables", "linkage": "比对 linkage", "contracts": "合同 contracts"}[n] for n in changed
    )
    return f"程序与当晚不同（{told}），字节可能因此不同 / the program is not the one of that night: bytes may differ"


@contextmanager
def _environment() -> Iterator[None]:
    """A night points environment variables at its home: they are set back afterwards."""
    before = dict(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
