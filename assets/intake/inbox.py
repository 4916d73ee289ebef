"""What lies in the inbox: regular files that have settled, each taken in once, in a fixed order."""

from __future__ import annotations

import json
import multiprocessing
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from assets import releases
from assets.home import Home, write_whole
from assets.intake import ledger, names
from assets.intake.ledger import DUPLICATE, TAKEN, Receipt
from assets.intake.reading import Reading, limit_memory, read
from expectations.contract import contracts
from expectations.listing import lists
from expectations.reasons import REASONS

MANIFEST = ".manifest.json"
LARGEST_MANIFEST = 1 << 20
TAKING = "taking.json"
SECONDS_TO_READ = 900
SECONDS_TO_SETTLE = 1.0
RECENT_SECONDS = 60
SHRUNK_BELOW = 0.8


@contextmanager
def reader() -> Iterator[Callable[[Path, str, str, Path, Sequence[str]], Callable[[], Reading]]]:
    """Reads files in child processes with a memory and a time limit; a reading is started now and asked for later."""
    import pebble

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["assets.intake.reading"])
    with pebble.ProcessPool(max_workers=2, max_tasks=50, initializer=limit_memory, context=context) as pool:

        def start(
            path: Path, suffix: str, extract: str, target: Path, passwords: Sequence[str]
        ) -> Callable[[], Reading]:
            future = pool.schedule(read, args=(path, suffix, extract, target, passwords), timeout=SECONDS_TO_READ)

            def result() -> Reading:
                try:
                    reading: Reading = future.result()
                    return reading
                except FutureTimeout:
                    return Reading(code="FILE-TIMEOUT")
                except pebble.ProcessExpired:
                    return Reading(code="FILE-TOO-LARGE")

            return result

        try:
            yield start
        except BaseException:
            pool.stop()
            raise


def settled(home: Home) -> list[Path]:
    """The inbox's files that nobody is writing any more, in the order in which they are taken in.

    A file touched within the last minute is looked at twice, unless its manifest is there.
    """

    def look() -> dict[Path, tuple[int, float]]:
        found = {}
        for path in home.inbox.rglob("*"):
            with suppress(OSError):  # it may be gone again
                seen = path.lstat()
                if stat.S_ISREG(seen.st_mode) and not path.name.startswith((".", "~$")):
                    found[path] = (seen.st_size, seen.st_mtime)
        return found

    first = look()
    recent = [p for p, (_, at) in first.items() if time.time() - at < RECENT_SECONDS and not _manifest(p)]
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


def _manifest(path: Path) -> Path | None:
    """The manifest beside a file, if there is one."""
    beside = path.with_name(path.name + MANIFEST)
    try:
        return beside if beside.exists() else None
    except OSError:  # the file's name is too long to have one
        return None


@dataclass
class _Arrival:
    path: Path
    seen: os.stat_result
    receipt: Receipt
    reading: Callable[[], Reading] | None


def staged_file(home: Home, receipt: Receipt) -> Path:
    """Where a delivery's records wait for their verdict; the hash keeps two runs' numbers apart."""
    return home.staging / f"{receipt.delivery_no:08d}-{receipt.sha256[:16]}.arrow"


def take_in(home: Home, night: date, progress: Callable[[int, int], None] = lambda done, of: None) -> list[Receipt]:
    """Archive and read every settled file, and write one receipt for each; the night's new receipts.

    A file leaves the inbox only after its receipt is on disk, so a crash at any moment loses nothing
    and takes nothing in twice.
    """
    known = ledger.receipts(home, date.max)
    _finish(home, known)
    paths = settled(home)
    taken: list[Receipt] = []
    passwords = home.workbook_passwords()
    with reader() as reading:

        def start(path: Path, suffix: str, extract: str, target: Path) -> Callable[[], Reading]:
            return reading(path, suffix, extract, target, passwords)

        for receipt in _let_through(home, night, known):
            start(home.archive / receipt.sha256, receipt.suffix, receipt.extract, staged_file(home, receipt))()
            ledger.enter(home, receipt)
            taken.append(receipt)
        numbered = max((receipt.delivery_no for receipt in known + taken), default=0)
        let_through = len(taken)
        arrivals: list[_Arrival] = []
        for path in paths:
            try:
                arrivals.append(_arrive(home, path, night, numbered + len(arrivals) + 1, start))
            except (FileNotFoundError, PermissionError) as error:
                if error.filename != str(path):
                    raise
                # whoever put it there took it back, or lets nobody read it: it stays, and the others are taken in
        places = {a.receipt.delivery_no: a.path.relative_to(home.inbox).as_posix() for a in arrivals}
        write_whole(home.staging / TAKING, json.dumps(places).encode())
        for arrival in arrivals:
            receipt = _judged(arrival, known + taken)
            ledger.enter(home, receipt)
            if _is_the_same(arrival.path, arrival.seen):
                _remove(arrival.path)
            taken.append(receipt)
            progress(len(taken) - let_through, len(arrivals))
    _sweep(home, known + taken)
    (home.staging / TAKING).unlink()
    return taken


def _let_through(home: Home, night: date, known: list[Receipt]) -> list[Receipt]:
    """Held files that a named person has released: each comes in once more as a delivery of tonight.

    The receipt of the held one stays as it is, so that a past night is what it was.
    """
    done = {receipt.released_from for receipt in known}
    wanted = {release.delivery_no for release in releases.releases(home, night)} - done
    waiting = [receipt for receipt in known if receipt.delivery_no in wanted]
    first = max((receipt.delivery_no for receipt in known), default=0) + 1
    return [
        replace(
            receipt, delivery_no=number, received_on=night.isoformat(), state=TAKEN, code="", detail="",
            released_from=receipt.delivery_no,
        )
        for number, receipt in enumerate(waiting, start=first)
    ]  # fmt: skip


def _finish(home: Home, known: list[Receipt]) -> None:
    """Tidy up after a run that was killed: its half-read files, and files in the inbox whose receipt is on disk."""
    _sweep(home, known)
    taking = home.staging / TAKING
    if not taking.exists():
        return
    places = json.loads(taking.read_bytes())
    for receipt in known:
        path = home.inbox / places.get(str(receipt.delivery_no), ".")
        if path.is_file() and ledger.archive(home, path)[0] == receipt.sha256:
            _remove(path)
    taking.unlink()


def _sweep(home: Home, known: list[Receipt]) -> None:
    """Records in staging are plain text: only those that wait for their verdict may lie there, and no half copies."""
    waiting = {staged_file(home, receipt) for receipt in known if receipt.state == TAKEN}
    for path in (*home.staging.iterdir(), *home.archive.glob(".*")):
        if path.suffix in (".arrow", ".part") and path not in waiting:
            path.unlink()


def _is_the_same(path: Path, seen: os.stat_result) -> bool:
    """Whether a file is still the one that was archived; a newer one under its name waits for the next round."""
    try:
        now = path.stat()
    except FileNotFoundError:
        return False
    return (now.st_ino, now.st_size, now.st_mtime_ns) == (seen.st_ino, seen.st_size, seen.st_mtime_ns)


def _remove(path: Path) -> None:
    if manifest := _manifest(path):
        manifest.unlink()
    path.unlink()


def _told(name: str) -> str:
    """A file name as text: one that is not UTF-8 comes from a system that speaks GB18030."""
    try:
        return name.encode().decode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", errors="replace")


def _arrive(home: Home, path: Path, night: date, number: int, start: Callable[..., Callable[[], Reading]]) -> _Arrival:
    seen = path.stat()
    sha256, size = ledger.archive(home, path)
    receipt = Receipt(number, night.isoformat(), _told(path.parent.name), _told(path.name), sha256, size, TAKEN)
    name, detail = names.parse(path.name), ""
    if name is None and (list_of_ours := _came_back(receipt.file, night)):
        name, detail = list_of_ours
    if name is None:
        return _Arrival(path, seen, replace(receipt, state="refused", code="FILE-NAME"), None)
    receipt = replace(
        receipt, extract=name.extract, area6=name.area6, period=name.period, period_from=name.period_from.isoformat(),
        period_to=name.period_to.isoformat(), seq=name.seq, suffix=name.suffix, detail=detail,
    )  # fmt: skip
    if name.extract not in contracts():
        return _Arrival(path, seen, replace(receipt, state="refused", code="FILE-CONTRACT"), None)
    reading = start(home.archive / sha256, name.suffix, name.extract, staged_file(home, receipt))
    return _Arrival(path, seen, receipt, reading)


def _came_back(file: str, night: date) -> tuple[names.FileName, str] | None:
    """What a list of ours is read as when it comes back under its own name, and the receipt's word on that."""
    for contract in contracts().values():
        for kind in contract.comes_back_as:
            if name := names.came_back(file, contract.extract, kind, night):
                return name, f"{lists()[kind].title}填回，按{contract.title}收下，期为收到之日"
    return None


def _judged(arrival: _Arrival, known: list[Receipt]) -> Receipt:
    receipt = arrival.receipt
    if arrival.reading is None:
        return receipt
    reading = arrival.reading()
    receipt = replace(
        receipt, encoding=reading.encoding, separator=reading.separator, records=reading.records,
        extra_columns=tuple(reading.extra), code=reading.code, detail=reading.detail or receipt.detail,
    )  # fmt: skip
    if reading.code:
        return replace(receipt, state=REASONS[reading.code].whole_file)
    is_dated = names.parse(receipt.file) is not None  # a list under its own name is the same one on any day
    same = [
        r
        for r in known
        if r.state == TAKEN and (r.extract, r.area6) == (receipt.extract, receipt.area6)
        and (r.period == receipt.period or not is_dated)
    ]  # fmt: skip
    is_snapshot = contracts()[receipt.extract].is_snapshot
    if any(r.sha256 == receipt.sha256 for r in (same[-1:] if is_snapshot else same)):
        return replace(receipt, state=DUPLICATE)
    if fault := _manifest_fault(_manifest(arrival.path), receipt, reading):
        return replace(receipt, state="held", code="FILE-MANIFEST", detail=fault)
    if is_snapshot and same and receipt.records < SHRUNK_BELOW * same[-1].records:
        return replace(receipt, state="held", code="FILE-SHRUNK", detail=f"{same[-1].records} → {receipt.records}")
    return receipt


def _manifest_fault(path: Path | None, receipt: Receipt, reading: Reading) -> str:
    """What a manifest says that is not so; blank lines are no rows."""
    if path is None:
        return ""
    try:
        told = json.loads(path.read_bytes()) if path.stat().st_size <= LARGEST_MANIFEST else None
    except (OSError, ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return "manifest.json"
    if "sha256" in told and str(told["sha256"]).lower() != receipt.sha256:
        return "sha256"
    rows = reading.records - reading.blank
    if "rows" in told and told["rows"] != rows:
        return f"rows ≠ {rows}"
    return ""
