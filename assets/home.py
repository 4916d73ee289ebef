"""The home folder: where everything of one installation lies, and how things are written whole or not at all."""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

DEFAULT_ROOT = Path(__file__).parents[1] / "data" / "home"
FOLDERS = (
    "inbox", "archive", "ledger", "lake", "rejects", "vault", "reference", "outbox", "secrets", "alarms", "staging",
    "dagster",
)  # fmt: skip
NOT_IN_A_PATH = set("'\"[]*?{}")


class Refusal(Exception):
    """Something that a person must mend: one sentence that says what, where and how, and holds no values."""


@dataclass(frozen=True)
class Home:
    root: Path

    @staticmethod
    def at(path: str | Path | None = None) -> Home:
        """The home at `path`, else at `LOWINCOME_HOME`, else `data/home`; made where it does not exist yet.

        Raises `Refusal` where the path holds signs that a query would read as a pattern or as its end.
        """
        os.umask(0o077)
        home = Home(Path(path or os.environ.get("LOWINCOME_HOME") or DEFAULT_ROOT).resolve())
        if odd := sorted(set(str(home.root)) & NOT_IN_A_PATH):
            raise Refusal(
                f"The path of the home holds {' '.join(odd)}, which queries read as patterns: choose another."
            )
        for folder in FOLDERS:
            (home.root / folder).mkdir(parents=True, exist_ok=True)
        return home

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def ledger(self) -> Path:
        return self.root / "ledger"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def reference(self) -> Path:
        return self.root / "reference"

    @property
    def alarms(self) -> Path:
        return self.root / "alarms"

    @property
    def staging(self) -> Path:
        return self.root / "staging"

    @property
    def dagster(self) -> Path:
        return self.root / "dagster"

    def table(self, name: str, night: date) -> Path:
        """The folder of one table of one night."""
        return self.root / "lake" / name / night.isoformat()

    def rejects(self, extract: str, night: date) -> Path:
        return self.root / "rejects" / extract / night.isoformat()

    def vault(self, extract: str, night: date) -> Path:
        return self.root / "vault" / extract / night.isoformat()

    @property
    def key_file(self) -> Path:
        """`LOWINCOME_KEY_FILE`, which may lie outside the home, else `secrets/pseudonym.key`."""
        return Path(os.environ.get("LOWINCOME_KEY_FILE") or self.root / "secrets" / "pseudonym.key")

    def pseudonym_key(self) -> bytes:
        """32 secret bytes from the key file; made once, mode 0400.

        Whoever loses the key can no longer tell which new record belongs to which old person.
        """
        path = self.key_file
        if not path.exists():
            if any((self.root / "lake").glob("*/*")):
                raise Refusal(
                    f"The pseudonym key {path.name} is missing though the lake holds data: restore it from its backup."
                )
            write_whole(path, secrets.token_bytes(32))
            path.chmod(0o400)
        key = path.read_bytes()
        if len(key) != 32:
            raise Refusal(f"The pseudonym key {path.name} holds {len(key)} bytes, not 32: restore it from its backup.")
        return key

    def workbook_passwords(self) -> tuple[str, ...]:
        """The lines of `LOWINCOME_PASSWORD_FILE`, else of `secrets/workbook.password`; none where there is no file.

        The first locks every workbook that goes out; each is tried on what comes back.
        """
        path = Path(os.environ.get("LOWINCOME_PASSWORD_FILE") or self.root / "secrets" / "workbook.password")
        if not path.exists():
            return ()
        if path.stat().st_mode & 0o077:
            raise Refusal(f"{path.name} can be read by others: give it mode 0600.")
        passwords = tuple(line for line in path.read_text(encoding="utf-8").splitlines() if line)
        if not passwords:
            raise Refusal(f"{path.name} is empty: write a password into it, or remove it for workbooks without one.")
        return passwords

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Hold the one writer's lock. The operating system lets go of it when the process ends, however it ends."""
        with (self.root / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refusal(
                    f"Another run is writing in this home ({self.root.name}): wait until it has ended, and start again."
                ) from None
            self.wipe_left_behind()
            yield

    def wipe_left_behind(self) -> None:
        """Remove the plain text that a killed query spilled, and the scratch home of a killed look back.

        A process that still runs keeps its own.
        """
        for left in (*self.staging.glob("spill-*"), *self.staging.glob("scratch-*")):
            try:
                os.kill(int(left.name.partition("-")[2]), 0)
            except ProcessLookupError:
                shutil.rmtree(left)
            except PermissionError:
                pass


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that its name never stands for half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync(path.parent)


def write_json(path: Path, content: Any) -> None:
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n")


@contextmanager
def folder_whole(final: Path, part: Path | None = None) -> Iterator[Path]:
    """A new folder that takes the name `final` only when everything in it is written and on disk.

    Meanwhile it is `part`, which has to differ where several may write the same one at once.
    """
    part = part or final.with_name(f".{final.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    yield part
    for path in (*part.rglob("*"), part):
        sync(path)
    if final.exists():
        exchange(part, final)
    else:
        part.replace(final)
    sync(final.parent)
    shutil.rmtree(part, ignore_errors=True)


def exchange(one: Path, other: Path) -> None:
    """Swap two folders in one step (renameat2), so that at no moment a name stands for nothing.

    A file system that cannot do that, such as NFS, gets two renames, with a moment between them.
    """
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None)
    if renameat2 is None or renameat2(here, os.fsencode(one), here, os.fsencode(other), swap):
        aside = other.with_name(f".{other.name}.old")
        shutil.rmtree(aside, ignore_errors=True)
        other.replace(aside)
        one.replace(other)
        aside.replace(one)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
