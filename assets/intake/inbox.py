"""What lies in the inbox: regular files that have settled, each taken in once, in a fixed order."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from assets.home import Home
from assets.intake import ledger, names
from assets.intake.ledger import DUPLICATE, TAKEN, Receipt
from assets.intake.reading import Reading, limit_memory, read
from expectations.contract import contracts
from expectations.reasons import REASONS

MANIFEST = ".manifest.json"
SECONDS_TO_READ = 900
SECONDS_TO_SETTLE = 1.0
RECENT_SECONDS = 60
SHRUNK_BELOW = 0.8


@contextmanager
def reader() -> Iterator[Callable[[Path, str, str, Path], Callable[[], Reading]]]:
    """Reads files in child processes with a memory and a time limit; a reading is started now and asked for later."""
    import pebble

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["assets.intake.reading"])
    with pebble.ProcessPool(max_workers=2, max_tasks=50, initializer=limit_memory, context=context) as pool:

        def start(path: Path, suffix: str, extract: str, target: Path) -> Callable[[], Reading]:
            future = pool.schedule(read, args=(path, suffix, extract, target), timeout=SECONDS_TO_READ)

            def result() -> Reading:
                try:
                    reading: Reading = future.result()
                    return reading
                except FutureTimeout:
                    return Reading(code="FILE-TIMEOUT")
                except pebble.ProcessExpired:
                    return Reading(code="FILE-TOO-LARGE")

            return result

        yield start
        pool.close()


def settled(home: Home) -> list[Path]:
    """The inbox's files that nobody is writing any more, in the order in which they are taken in.

    A file touched within the last minute is looked at twice, unless its manifest is there.
    """

    def look() -> dict[Path, tuple[int, float]]:
        found = {}
        for path in home.inbox.rglob("*"):
            if path.is_file() and not path.is_symlink() and not path.name.startswith((".", "~$")):
                found[path] = (path.stat().st_size, path.stat().st_mtime)
        return found

    first = look()
    recent = [p for p, (_, at) in first.items() if time.time() - at < RECENT_SECONDS and not _manifest(p).exists()]
    if recent:
        time.sleep(SECONDS_TO_SETTLE)
        second = look()
        first = {path: seen for path, seen in first.items() if second.get(path) == seen}
    return sorted((p for p in first if not p.name.endswith(MANIFEST)), key=_order)


def _order(path: Path) -> tuple[str, int, str, str]:
    name = names.parse(path.name)
    return (
        (name.period_from.isoformat(), name.seq, path.name, path.parent.name)
        if name
        else ("", 0, path.name, path.parent.name)
    )


def _manifest(path: Path) -> Path:
    return path.with_name(path.name + MANIFEST)


@dataclass
class _Arrival:
    path: Path
    receipt: Receipt
    reading: Callable[[], Reading] | None


def staged_file(home: Home, delivery_no: int) -> Path:
    return home.staging / f"{delivery_no:08d}.arrow"


def take_in(home: Home, night: date, progress: Callable[[int, int], None] = lambda done, of: None) -> list[Receipt]:
    """Archive and read every settled file, and write one receipt for each; the night's new receipts.

    A file leaves the inbox only after its receipt is on disk, so a crash at any moment loses nothing
    and takes nothing in twice.
    """
    known = ledger.receipts(home, date.max)
    paths = settled(home)
    taken: list[Receipt] = []
    with reader() as start:
        arrivals = [_arrive(home, path, night, len(known) + i + 1, start) for i, path in enumerate(paths)]
        for arrival in arrivals:
            receipt = _judged(arrival, known + taken)
            ledger.enter(home, receipt)
            _manifest(arrival.path).unlink(missing_ok=True)
            arrival.path.unlink()
            taken.append(receipt)
            progress(len(taken), len(arrivals))
    return taken


def _arrive(home: Home, path: Path, night: date, number: int, start: Callable[..., Callable[[], Reading]]) -> _Arrival:
    sha256, size = ledger.archive(home, path)
    receipt = Receipt(number, night.isoformat(), path.parent.name, path.name, sha256, size, TAKEN)
    name = names.parse(path.name)
    if name is None:
        return _Arrival(path, replace(receipt, state="refused", code="FILE-NAME"), None)
    receipt = replace(
        receipt, extract=name.extract, area6=name.area6, period=name.period, period_from=name.period_from.isoformat(),
        period_to=name.period_to.isoformat(), seq=name.seq, suffix=name.suffix,
    )  # fmt: skip
    if name.extract not in contracts():
        return _Arrival(path, replace(receipt, state="refused", code="FILE-CONTRACT"), None)
    reading = start(home.archive / sha256, name.suffix, name.extract, staged_file(home, number))
    return _Arrival(path, receipt, reading)


def _judged(arrival: _Arrival, known: list[Receipt]) -> Receipt:
    receipt = arrival.receipt
    if arrival.reading is None:
        return receipt
    reading = arrival.reading()
    receipt = replace(
        receipt, encoding=reading.encoding, separator=reading.separator, records=reading.records,
        extra_columns=tuple(reading.extra), code=reading.code, detail=reading.detail,
    )  # fmt: skip
    if reading.code:
        return replace(receipt, state=REASONS[reading.code].whole_file)
    same = [
        r
        for r in known
        if r.state == TAKEN and (r.extract, r.area6, r.period) == (receipt.extract, receipt.area6, receipt.period)
    ]
    is_snapshot = contracts()[receipt.extract].is_snapshot
    if any(r.sha256 == receipt.sha256 for r in (same[-1:] if is_snapshot else same)):
        return replace(receipt, state=DUPLICATE)
    if fault := _manifest_fault(_manifest(arrival.path), receipt):
        return replace(receipt, state="held", code="FILE-MANIFEST", detail=fault)
    if is_snapshot and same and receipt.records < SHRUNK_BELOW * same[-1].records:
        return replace(receipt, state="held", code="FILE-SHRUNK", detail=f"{same[-1].records} → {receipt.records}")
    return receipt


def _manifest_fault(path: Path, receipt: Receipt) -> str:
    if not path.exists():
        return ""
    try:
        told: dict[str, Any] = json.loads(path.read_bytes())
    except ValueError:
        return "manifest.json"
    if "sha256" in told and str(told["sha256"]).lower() != receipt.sha256:
        return "sha256"
    if "rows" in told and told["rows"] != receipt.records:
        return f"rows {told['rows']} ≠ {receipt.records}"
    return ""
