"""LibreOffice without a screen, as tests use it: files converted, and a workbook filled in as if by hand."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

PROGRAM = shutil.which("soffice")
SECONDS = 300

UTF_8, GB_18030 = 76, 85
AS_WORKBOOK = "xlsx:Calc MS Excel 2007 XML"
_BASIC = "http://openoffice.org/2000/library"
_SCRIPT = (
    '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Tests" script:language="StarBasic">'
)
_LIBRARY = (
    f'<library:library xmlns:library="{_BASIC}" library:name="Standard" library:readonly="false" '
    'library:passwordprotected="false"><library:element library:name="Tests"/></library:library>'
)
_TOOLS = """
Function pair(kind, key, given)
    Dim made
    made = CreateUnoStruct("com.sun.star.beans." & kind)
    made.Name = key
    made.Value = given
    pair = made
End Function

Function told(key, given)
    told = pair("PropertyValue", key, given)
End Function

Sub typed(frame, cell, words)
    helper = CreateUnoService("com.sun.star.frame.DispatchHelper")
    helper.executeDispatch(frame, ".uno:GoToCell", "", 0, Array(told("ToPoint", cell)))
    helper.executeDispatch(frame, ".uno:EnterString", "", 0, Array(told("StringName", words)))
End Sub
"""


def as_csv(encoding: int = UTF_8) -> str:
    """The filter for a CSV of the first sheet, its cells as they are shown."""
    return f"csv:{_csv_filter(encoding)}"


def _csv_filter(encoding: int) -> str:
    return f"Text - txt - csv (StarCalc):44,34,{encoding},1,,0,false,true,false"


def read_as_text(columns: int) -> str:
    """How a careful person opens a CSV: UTF-8, and every column as text."""
    kinds = "/".join(f"{place}/2" for place in range(1, columns + 1))
    return f"Text - txt - csv (StarCalc):44,34,{UTF_8},1,{kinds}"


AS_IT_COMES = f"Text - txt - csv (StarCalc):44,34,{UTF_8},1"
"""How a double click opens it: what looks like a number becomes one."""


class Office:
    """A LibreOffice with a profile of its own in some folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._run("--terminate_after_init")  # a new profile runs no macro the first time

    def _run(self, *arguments: str) -> None:
        profile = f"-env:UserInstallation={(self.folder / 'profile').as_uri()}"
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        subprocess.run(
            [str(PROGRAM), "--headless", "--norestore", profile, *arguments],
            env=environment, capture_output=True, timeout=SECONDS, check=True,
        )  # fmt: skip

    def converted(self, files: Sequence[Path], to: str, read: str = "") -> dict[str, bytes]:
        """Files opened and saved under another format, by the name without suffix."""
        out = self.folder / "converted"
        shutil.rmtree(out, ignore_errors=True)
        self._run(*([f"--infilter={read}"] if read else []), "--convert-to", to, "--outdir", str(out), *map(str, files))
        return {path.stem: path.read_bytes() for path in out.iterdir()}

    def filled_in(
        self, workbook: Path, typed: Mapping[str, str], password: str = "", locked_with: str = ""
    ) -> dict[str, bytes]:
        """A workbook after somebody has typed into cells, as LibreOffice saves it: xlsx, csv, gb18030, locked."""
        saved = {way: self.folder / f"saved.{way}" for way in ("xlsx", "csv", "gb18030", "locked")}
        given = [("Hidden", "True"), *([("Password", _text(password))] if password else [])]
        lock = f'Array(pair("NamedValue", "CryptoType", "Standard"), pair("NamedValue", "OOXPassword", {_text(locked_with)}))'
        excel = ("FilterName", _text(AS_WORKBOOK.split(":")[1]))
        wanted = {"xlsx": [excel], "csv": _options(UTF_8), "gb18030": _options(GB_18030)}
        if locked_with:
            wanted["locked"] = [excel, ("EncryptionData", lock)]
        self._basic([
            f"book = StarDesktop.loadComponentFromURL({_text(workbook.as_uri())}, \"_blank\", 0, {_told(given)})",
            *(f"typed(book.CurrentController.Frame, {_text(cell)}, {_text(words)})" for cell, words in typed.items()),
            *(f"book.storeToURL({_text(saved[way].as_uri())}, {_told(how)})" for way, how in wanted.items()),
            "book.close(True)",
        ])  # fmt: skip
        return {way: saved[way].read_bytes() for way in wanted}

    def _basic(self, lines: Sequence[str]) -> None:
        library = self.folder / "profile" / "user" / "basic" / "Standard"
        body = "\n".join(f"    {line}" for line in lines)
        code = f"{_TOOLS}\nSub Main\n    On Error GoTo Ended\n{body}\nEnded:\n    StarDesktop.terminate()\nEnd Sub\n"
        head = '<?xml version="1.0" encoding="UTF-8"?>\n'
        (library / "Tests.xba").write_text(f"{head}{_SCRIPT}{escape(code)}</script:module>", encoding="utf-8")
        (library / "script.xlb").write_text(f"{head}{_LIBRARY}", encoding="utf-8")
        self._run("macro:///Standard.Tests.Main")


def _text(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def _told(pairs: Sequence[tuple[str, str]]) -> str:
    return "Array(" + ", ".join(f'told("{key}", {given})' for key, given in pairs) + ")"


def _options(encoding: int) -> list[tuple[str, str]]:
    name, options = _csv_filter(encoding).split(":")
    return [("FilterName", _text(name)), ("FilterOptions", _text(options))]
