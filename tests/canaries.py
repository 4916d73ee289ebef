"""Made-up people planted in the files of a made-up county, in rows that are taken and in all manners that are not.

Their numbers, names and phones may be found where persons are kept and nowhere else.
"""

from __future__ import annotations

import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet as pq
import xlsxwriter

from assets.home import Home
from expectations.identity import check_character

_SURNAMES = "司徒鲜于闻人澹台尉迟赫连公冶申屠"


@dataclass(frozen=True)
class Canary:
    """One made-up person."""

    place: int
    is_valid: bool = True

    @property
    def id_no(self) -> str:
        body = f"99040219{60 + self.place}0307{self.place:02d}7"
        check = check_character(body)
        return body + (check if self.is_valid else "1" if check != "1" else "2")

    @property
    def name(self) -> str:
        start = 2 * (self.place % 8)
        return f"{_SURNAMES[start : start + 2]}暗{chr(ord('甪') + self.place)}"

    @property
    def phone(self) -> str:
        return f"199876{self.place:02d}{31 + self.place}0"

    @property
    def traces(self) -> tuple[str, str, str]:
        return self.id_no, self.name, self.phone


TAKEN = Canary(1)
ENDS_WRONG = Canary(2, is_valid=False)
AS_DATE = Canary(3)
AS_MONTH = Canary(4)
AS_MONEY = Canary(5)
AS_CODE = Canary(6)
RAGGED = Canary(7)
OPEN_QUOTE = Canary(8)
UNDECODABLE = Canary(9)
HEADERLESS = Canary(10)
AS_HEADER = Canary(11)
AS_FILE_NAME = Canary(12)
AS_SHEET = Canary(13)
IN_THE_LAKE = Canary(14)
FORMULA = Canary(15)
EVERYBODY = tuple(v for v in list(globals().values()) if isinstance(v, Canary))

HOUSEHOLD = "SZ9000001"
RUNNABLE_HOUSEHOLDS = tuple(f"{sign}SZ{9000010 + place}" for place, sign in enumerate("=+-@＝＋－＠"))


def plant(home: Home) -> None:
    """Put everybody into the files that lie in the inbox, and a few files beside them."""
    civil, health, work = home.inbox / "civil_affairs", home.inbox / "health", home.inbox / "employment"
    members = civil / "civil_affairs_members_370402_202512_01.csv"
    settlements = health / "health_settlements_370402_202512_01.csv"
    contributions = work / "employment_contributions_370402_202512_01.csv"
    header, rest = members.read_text(encoding="utf-8").split("\n", 1)
    members.write_text(f"{header},{AS_HEADER.id_no}\n" + rest.replace("\n", ",\n"), encoding="utf-8")
    _add(members, _member(TAKEN, HOUSEHOLD) + ",", _member(AS_MONTH, "SZ9000002", from_month=AS_MONTH.phone) + ",")
    _add(settlements, _bill(TAKEN, 1), _bill(ENDS_WRONG, 2), _bill(AS_DATE, 3, settled=AS_DATE.id_no),
         _bill(AS_CODE, 4, insurance=f"{AS_CODE.name}{AS_CODE.phone}"))  # fmt: skip
    for place, number in enumerate(RUNNABLE_HOUSEHOLDS):
        born = f"99040219{70 + place}0909018"
        person = born[:17] + check_character(born[:17])
        _add(members, _member(FORMULA, number, id_no=person, name=f"{number[0]}cmd|' /C calc'!A0") + ",")
        _add(settlements, _bill(FORMULA, 10 + place, id_no=person))
    _add(contributions, f"{AS_MONEY.id_no},{AS_MONEY.name},110,202512,102,{AS_MONEY.name}{AS_MONEY.phone},是,",
         f"{RAGGED.id_no},{RAGGED.name},110,{RAGGED.phone}", '99040219800101001X,=2+5,110,202512,102,"=HYPERLINK(""x"")",是,',
         f'{OPEN_QUOTE.id_no},"{OPEN_QUOTE.name},110,202512,{OPEN_QUOTE.phone},100.00,是,')  # fmt: skip
    with contributions.open("ab") as file:
        file.write(",".join((UNDECODABLE.id_no, UNDECODABLE.name, "110,202512,102,")).encode() + b"\xff\xff,\n")
    row = f"{HEADERLESS.id_no},{HEADERLESS.name},{HEADERLESS.phone},20251201\n"
    (work / "employment_unemployment_370402_202512_02.csv").write_text(row * 3, encoding="utf-8")
    (work / f"{AS_FILE_NAME.id_no}.csv").write_text("1", encoding="utf-8")
    with xlsxwriter.Workbook(work / "employment_unemployment_370402_202512_03.xlsx") as book:
        for title in ("数据", AS_SHEET.id_no):
            book.add_worksheet(title).write_string(0, 0, title)


def _add(path: Path, *rows: str) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        file.writelines(f"{row}\n" for row in rows)


def _member(who: Canary, household: str, from_month: str = "202001", id_no: str = "", name: str = "") -> str:
    return (
        f"{id_no or who.id_no},{name or who.name},{household},02,是,否,1,1,370402001001,37040200100101,1,暗巷{who.place}号,"
        f"{who.phone},{from_month},"
    )


def _bill(
    who: Canary, place: int, settled: str = "2025-12-05", insurance: str = "390", id_no: str = ""
) -> str:  # fmt: skip
    return (
        f"{id_no or who.id_no},{who.name},S90{place:04d},V90{place:04d},{insurance},21,2025-12-02,2025-12-05,{settled},"
        f"60000.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,60000.00,0.00,60000.00,C34.900,0,"
    )


# Looking for them ---------------------------------------------------------------------------------------------------


def spellings(text: str) -> set[bytes]:
    """How a text may stand in a file: in the encodings of the field, escaped in JSON, and in an address."""
    return {
        text.encode("utf-8"), text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode("gb18030"),
        json.dumps(text)[1:-1].encode(), json.dumps(text)[1:-1].upper().replace("\\U", "\\u").encode(), quote(text).encode(),
    }  # fmt: skip


def traces_in(content: bytes) -> list[str]:
    """Whose number, name or phone stands in some bytes: person and kind, never the text itself."""
    return [
        f"{kind} of canary {who.place}"
        for who in EVERYBODY
        for kind, text in zip(("number", "name", "phone"), who.traces, strict=True)
        if any(spelling in content for spelling in spellings(text))
    ]


def contents(path: Path) -> Iterator[bytes]:
    """A file's bytes, what a workbook packs, and the values of a database or a table one by one."""
    raw = path.read_bytes()
    yield raw
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(path) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    elif raw.startswith(b"PAR1") and raw.endswith(b"PAR1"):
        for column in pq.read_table(path).columns:
            yield "\n".join(map(str, column.to_pylist())).encode()
    elif raw.startswith(b"SQLite format 3"):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            tables = [row[0] for row in database.execute("select name from sqlite_master where type = 'table'")]
            for table in tables:
                for row in database.execute(f'select * from "{table}"'):
                    for value in row:
                        if isinstance(value, str):
                            yield value.encode()
                        elif isinstance(value, bytes):
                            yield value
                            with suppress(zlib.error):
                                yield zlib.decompress(value)


def found_under(*places: Path) -> dict[str, list[str]]:
    """Every file under some places that holds a trace, its name included."""
    found = {}
    for place in places:
        for path in [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file()):
            traces = {t for content in contents(path) for t in traces_in(content)} | set(traces_in(str(path).encode()))
            if traces:
                found[path.name] = sorted(traces)
    return found
