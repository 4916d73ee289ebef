"""A scratch home: a night is worked out again in it, beside the lake and never in it, and nothing of it stays."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from assets import known, releases
from assets.home import Home, Refusal
from assets.intake import ledger
from expectations.contract import contracts


@contextmanager
def scratch(home: Home, keep: Path | None = None) -> Iterator[Home]:
    """An empty home under the staging folder of another; what a killed one left is wiped by whoever comes next.

    One that is to be kept lies in a new folder elsewhere. It holds what a home holds, but no key.
    """
    if keep is not None:
        if keep.exists() and any(keep.iterdir()):
            raise Refusal(f"{keep} is not empty: name a new folder.")
        yield Home.at(keep)
        return
    home.wipe_left_behind()
    root = home.staging / f"scratch-{os.getpid()}"
    shutil.rmtree(root, ignore_errors=True)
    try:
        yield Home.at(root)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def lay_in(home: Home, night: date, into: Home) -> None:
    """Ledger and archive as a night had them: the receipts and releases up to it, and the files behind them.

    Secrets are seen by path and never copied. Raises `Refusal` where a file that was taken in is gone.
    """
    secrets = into.root / "secrets"
    secrets.rmdir()
    secrets.symlink_to(home.root / "secrets")
    for receipt in ledger.receipts(home, night):
        kept = home.archive / receipt.sha256
        if (into.archive / receipt.sha256).exists():
            pass  # the same file came twice
        elif kept.exists():
            _link(kept, into.archive / receipt.sha256)
        elif receipt.state == ledger.TAKEN:
            raise Refusal(
                f"The archive no longer holds delivery {receipt.delivery_no} of {receipt.received_on} "
                f"({receipt.extract} {receipt.area6} {receipt.period}): {night} cannot be rebuilt without it."
            )
        _link(ledger.entry(home, receipt.delivery_no), ledger.entry(into, receipt.delivery_no))
    for release in releases.releases(home, night):
        _link(releases.entry(home, release.release_no), releases.entry(into, release.release_no))


def lay_in_results(home: Home, night: date, into: Home) -> None:
    """The tables of a night, which the next one leans on, and its manifest; extracts are read from the archive."""
    for folder in sorted((home.root / "lake").glob(f"*/{night.isoformat()}")):
        if folder.parent.name not in contracts():
            shutil.copytree(folder, into.table(folder.parent.name, night), copy_function=_link)
    told = Path(night.isoformat()) / "manifest.json"
    (into.outbox / told).parent.mkdir()
    _link(home.outbox / told, into.outbox / told)


@contextmanager
def shadow(home: Home, night: date) -> Iterator[tuple[Home, Path]]:
    """A scratch home that shows the lake, the ledger and the outbox of another, with what a night knew.

    With it the folder of the rules as that night knew them. A table is worked out anew after `lift`.
    Raises `Refusal` where the night never ran, or its tables are gone.
    """
    known.manifest(home, night)
    if not home.table("household_profile", night).exists():
        raise Refusal(
            f"The tables of {night} are not in the lake of {home.root.name}: "
            f"`lowincome replay --as-of {night} --keep FOLDER` works them out again, then ask with --home FOLDER."
        )
    with scratch(home) as into:
        rules = known.lay_out(home, night, into)
        for name in ("ledger", "outbox", "rejects"):
            (into.root / name).rmdir()
            (into.root / name).symlink_to(home.root / name)
        for folder in sorted((home.root / "lake").iterdir()):
            (into.root / "lake" / folder.name).symlink_to(folder)
        yield into, rules


def lift(home: Home, into: Home, table: str, night: date) -> None:
    """Let one night of a table be written in a shadow: its other nights are seen as before."""
    place = into.root / "lake" / table
    place.unlink(missing_ok=True)
    place.mkdir()
    for folder in (home.root / "lake" / table).glob("[0-9]*"):
        if folder.name != night.isoformat():
            (place / folder.name).symlink_to(folder)


def _link(source: str | Path, target: str | Path) -> None:
    """The same file under a second name; a copy where the file systems differ."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
