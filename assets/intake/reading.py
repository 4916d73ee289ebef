"""One delivered file → a file of staged records (Arrow, all text), in a child process with limits."""

from __future__ import annotations

import errno
import math
import os
import resource
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assets.intake import delimited
from assets.intake.records import records, schema_of
from assets.passwords import WrongPassword, is_locked, opened
from expectations.contract import Contract, contracts
from expectations.kinds import DATE, ID_NO, MONEY, MONTH, Kind
from expectations.listing import EXPLAINED, Shown, lists

MEMORY = 4 << 30
LARGEST_FILE = 8 << 30
LARGEST_WORKBOOK = 1 << 30
MOST_ENTRIES = 2_000
MOST_INFLATION = 100
SPREADSHEET_LIMITS = (65_536, 1_048_576)

_OURS = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG, errno.EMFILE, errno.ENFILE, errno.ENOENT,
         errno.EACCES, errno.EPERM}  # fmt: skip


@dataclass
class Reading:
    """What was found in a file. With a `code` the whole file is refused or held and `detail` says why."""

    code: str = ""
    detail: str = ""
    encoding: str = ""
    separator: str = ""
    records: int = 0
    blank: int = 0
    header: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)


class _Refused(Exception):
    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def limit_memory() -> None:
    """Called once in the child: what a file makes it allocate beyond the limit fails there, and there alone."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def read(path: Path, suffix: str, extract: str, target: Path, passwords: Sequence[str] = ()) -> Reading:
    """Read a file into `target`; a workbook may be locked with one of some passwords.

    Never raises for what the file holds: the reading says what is wrong with it. What the operating
    system refuses (a full disk) is no fault of the file and is raised.
    """
    reading = Reading()
    contract = contracts()[extract]
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _Refused("FILE-TOO-LARGE")
        if path.stat().st_size == 0:
            raise _Refused("FILE-EMPTY")
        if suffix == "csv":
            _write_text(path, contract, target, reading)
        elif suffix == "xlsx":
            _write(_from_workbook(_unlocked(path, passwords), contract, reading), contract, target, reading)
        else:
            _write(_from_parquet(path, contract, reading), contract, target, reading)
    except _Refused as refused:
        reading.code, reading.detail = refused.code, refused.detail
    except MemoryError:  # Arrow's own is one too
        reading.code = "FILE-TOO-LARGE"
    except BaseException as error:  # a panic of the workbook reader is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit) or (isinstance(error, OSError) and error.errno in _OURS):
            raise
        reading.code, reading.detail = "FILE-DAMAGED", type(error).__name__
    if not reading.code and reading.records == reading.blank:
        reading.code = "FILE-EMPTY"
    if not reading.code and suffix != "parquet" and {reading.records, reading.records + 1} & set(SPREADSHEET_LIMITS):
        reading.code = "FILE-CUT"
    return reading


def _write(pieces: Iterable[delimited.Piece], contract: Contract, target: Path, reading: Reading) -> None:
    """The records as one Arrow file, which has its name only when it is whole."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    part.parent.mkdir(exist_ok=True)
    try:
        _write_part(pieces, contract, part, reading)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _write_part(pieces: Iterable[delimited.Piece], contract: Contract, part: Path, reading: Reading) -> None:
    undecodable = 0
    with pa.OSFile(str(part), "wb") as sink, pa.ipc.new_file(sink, schema_of(contract)) as writer:
        for piece in pieces:
            table = records(piece, reading.records + 1, contract)
            writer.write_table(table)
            reading.records += table.num_rows
            reading.blank += pc.sum(pc.equal(table["fault"], "BLANK")).as_py() or 0
            undecodable += pc.sum(pc.equal(table["fault"], "UNDECODABLE")).as_py() or 0
    if undecodable > delimited.MOST_BAD_LINES * reading.records:
        reading.code, reading.detail = "FILE-ENCODING", str(undecodable)


def mapped(header: Sequence[str], contract: Contract) -> tuple[dict[int, str], list[str]]:
    """Positions of the contract's columns in a header row, and the headers that neither it nor a list of ours knows.

    Headers are compared after NFKC, without spaces, in any case. Raises `_Refused` when a column is named
    twice or a required one is missing.
    """
    known = {}
    for column in contract.columns:
        for name in (column.header, column.name, *column.aliases):
            known[_plain_header(name)] = column.name
    ours = {_plain_header(shown.header) for shown in _list_of_ours(contract)}
    found: dict[int, str] = {}
    extra = []
    for position, name in enumerate(header):
        column_name = known.get(_plain_header(name))
        if column_name is None:
            extra.extend([name] if name and _plain_header(name) not in ours else [])
        elif column_name in found.values():
            raise _Refused("FILE-HEADER-TWICE", contract.column(column_name).header)
        else:
            found[position] = column_name
    missing = [c.header for c in contract.columns if c.is_required and c.name not in found.values()]
    missing += [c.header for c in contract.columns if c.kind is ID_NO and c.is_key and c.name not in found.values()]
    if missing:
        raise _Refused("FILE-HEADER", "、".join(dict.fromkeys(missing)))
    return found, extra


def _list_of_ours(contract: Contract) -> Sequence[Shown]:
    """The columns of the lists that the rows may be filled into."""
    return [shown for kind in contract.comes_back_as for shown in lists()[kind].columns]


def _plain_header(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold().strip("\ufeff")


def _write_text(path: Path, contract: Contract, target: Path, reading: Reading) -> None:
    """A header in GB18030 is believed; where another line is not, all lines are asked and the file is read again."""
    if delimited.encoding_at_first_sight(path) == ("gb18030", 0):
        with suppress(_Refused, _Unclean):
            _write(_clean(_from_text(path, contract, reading, ("gb18030", 0))), contract, target, reading)
            return
        vars(reading).update(vars(Reading()))
    _write(_from_text(path, contract, reading, delimited.encoding_of(path)), contract, target, reading)


class _Unclean(Exception):
    pass


def _clean(pieces: Iterable[delimited.Piece]) -> Iterator[delimited.Piece]:
    for piece in pieces:
        if "UNDECODABLE" in (piece.fault or ()):
            raise _Unclean
        yield piece


def _from_text(path: Path, contract: Contract, reading: Reading, encoded: tuple[str, int]) -> Iterator[delimited.Piece]:
    reading.encoding, skip = encoded
    first = delimited.header_line(path, reading.encoding, skip)
    refusals = []
    for separator in delimited.SEPARATORS:
        header = delimited.header_of(first, separator)
        try:
            wanted, extra = mapped(header, contract)
        except _Refused as refused:
            refusals.append((len(header), refused))
            continue
        reading.separator, reading.header, reading.extra = separator, header, extra
        return delimited.pieces(path, reading.encoding, skip, separator, len(header), wanted)
    reading.records = max(delimited.lines_in(path, reading.encoding, skip) - 1, 0)
    raise max(refusals, key=lambda refusal: refusal[0])[1]


def _unlocked(path: Path, passwords: Sequence[str]) -> Path | BytesIO:
    if not is_locked(path):
        return path
    if path.stat().st_size > LARGEST_WORKBOOK:
        raise _Refused("FILE-TOO-LARGE")
    try:
        return opened(path, passwords)
    except WrongPassword:
        raise _Refused("FILE-PASSWORD") from None


def _from_workbook(source: Path | BytesIO, contract: Contract, reading: Reading) -> Iterator[delimited.Piece]:
    from python_calamine import CalamineError, CalamineWorkbook

    with zipfile.ZipFile(source) as entries:
        sizes = [entry.file_size for entry in entries.infolist()]
        packed = max(sum(entry.compress_size for entry in entries.infolist()), 1)
        if len(sizes) > MOST_ENTRIES or sum(sizes) > LARGEST_WORKBOOK:
            raise _Refused("FILE-TOO-LARGE")
        if sum(sizes) > 50 << 20 and sum(sizes) / packed > MOST_INFLATION:
            raise _Refused("FILE-TOO-LARGE")
    if isinstance(source, BytesIO):
        source.seek(0)
    try:
        book = CalamineWorkbook.from_object(source)
        sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
    except CalamineError as error:
        raise _Refused("FILE-DAMAGED", type(error).__name__) from None
    filled = [(name, sheet) for name, sheet in sheets if sheet.height]
    if not filled:
        raise _Refused("FILE-EMPTY")
    if len(filled) > 1:  # a list of ours comes back with the sheet that explains it
        filled = [(name, sheet) for name, sheet in filled if name != EXPLAINED] or filled
    if len(filled) > 1:
        raise _Refused("FILE-SHEETS", "、".join(name for name, _ in filled))
    rows = filled[0][1].iter_rows()
    for line, row in enumerate(rows, start=1):
        reading.header = [str(cell).strip() for cell in row]
        if any(reading.header):
            wanted, reading.extra = mapped(reading.header, contract)
            return _workbook_pieces(rows, wanted, contract, line)
    raise _Refused("FILE-EMPTY")


def _workbook_pieces(
    rows: Iterator[list[Any]], wanted: dict[int, str], contract: Contract, header_line: int
) -> Iterator[delimited.Piece]:
    kinds = {name: contract.column(name).kind for name in wanted.values()}
    line = header_line
    batch: list[list[Any]] = []
    while True:
        batch = [row for _, row in zip(range(50_000), rows, strict=False)]
        if not batch:
            return
        cells = {
            name: pa.array([_workbook_text(row[i], kinds[name]) for row in batch], pa.string())
            for i, name in wanted.items()
        }
        line_no = np.arange(line + 1, line + 1 + len(batch))
        line += len(batch)
        yield delimited.Piece(pa.table(cells), line_no, line_no, None, None)


def _workbook_text(cell: Any, kind: Kind) -> str:
    """A typed cell as the text it stands for. A number where an identity number should be is past mending."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, int | float):
        if kind is ID_NO:
            return f"{cell:.14E}"
        if kind in (DATE, MONTH) and 10_000 < cell < 80_000:
            return (date(1899, 12, 30) + timedelta(days=int(cell))).isoformat()
        return _number_text(cell, kind)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def _number_text(number: float, kind: Kind) -> str:
    """A binary number as text. Money that is whole fen but for the noise of its last bits is whole fen."""
    if kind is MONEY and math.isfinite(number):
        in_fen = f"{number:.2f}"
        if math.isclose(number, float(in_fen), rel_tol=1e-13, abs_tol=1e-6):
            return in_fen
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e16 else repr(number)


def _from_parquet(path: Path, contract: Contract, reading: Reading) -> Iterator[delimited.Piece]:
    file = pq.ParquetFile(path, page_checksum_verification=True)
    if sum(file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups)) > LARGEST_FILE:
        raise _Refused("FILE-TOO-LARGE")
    if file.metadata.num_rows > path.stat().st_size:  # a record that says anything takes more than a byte
        raise _Refused("FILE-TOO-LARGE")
    reading.header = list(file.schema_arrow.names)
    wanted, reading.extra = mapped(reading.header, contract)
    return _parquet_pieces(file, wanted, contract)


def _parquet_pieces(file: pq.ParquetFile, wanted: dict[int, str], contract: Contract) -> Iterator[delimited.Piece]:
    names = file.schema_arrow.names
    row = 0
    for batch in file.iter_batches(batch_size=200_000, columns=[names[i] for i in wanted]):
        cells = {name: _parquet_text(batch.column(names[i]), contract.column(name).kind) for i, name in wanted.items()}
        line_no = np.arange(row + 1, row + 1 + batch.num_rows)
        row += batch.num_rows
        yield delimited.Piece(pa.table(cells), line_no, line_no, None, None)


def _parquet_text(values: pa.Array, kind: Kind) -> pa.Array:
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    stored = values.type
    if pa.types.is_boolean(stored):
        values = values.cast(pa.int8())
    elif pa.types.is_timestamp(stored):
        values = values.cast(pa.date32(), safe=False)
    elif pa.types.is_decimal(stored):
        return pc.replace_substring_regex(values.cast(pa.string()), "^0E[+-]?[0-9]+$", "0")
    elif pa.types.is_floating(stored):
        return pa.array([None if v is None else _number_text(v, kind) for v in values.to_pylist()], pa.string())
    text = values.cast(pa.string())
    text.validate(full=True)  # Parquet may call anything a string
    return text
