"""Workbooks with a password (ECMA-376 agile encryption): locked on the way out, opened on the way in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class WrongPassword(Exception):
    """A workbook that none of our passwords opens."""


def locked(content: bytes, password: str) -> bytes:
    """The workbook behind a password. Its salt is drawn anew, so no two results are alike."""
    from msoffcrypto.format.ooxml import OOXMLFile

    sealed = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, sealed)
    return sealed.getvalue()


def is_locked(path: Path) -> bool:
    """Whether a file is a wrapper of its own, as a workbook with a password is, and a plain one is not."""
    with path.open("rb") as file:
        return file.read(len(_OLE)) == _OLE


def opened(path: Path, passwords: Sequence[str]) -> io.BytesIO:
    """The workbook inside. Raises `WrongPassword`; what is damaged raises as it will."""
    from msoffcrypto.exceptions import InvalidKeyError
    from msoffcrypto.format.ooxml import OOXMLFile

    with path.open("rb") as file:
        sealed = OOXMLFile(file)
        for password in passwords:
            try:
                sealed.load_key(password=password, verify_password=True)
            except InvalidKeyError:
                continue
            content = io.BytesIO()
            sealed.decrypt(content, verify_integrity=True)
            return content
    raise WrongPassword
