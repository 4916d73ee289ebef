"""Delimited text → records, with nothing sniffed and nothing lost: every line ends up in exactly one record."""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

SEPARATORS = (",", "\t", "|")
CHUNK = 4 << 20
MOST_LINES_OF_A_QUOTE = 3
_TEXT = pa.string()
MOST_BAD_LINES = 0.01


@dataclass
class Piece:
    """Some records of a file. `cells` holds all of them as text; `fault` names what kept a record from being split."""

    cells: pa.Table
    line_no: np.ndarray
    line_end: np.ndarray
    fault: list[str | None] | None
    raw: list[str | None] | None


def encoding_of(path: Path) -> tuple[str, int]:
    """The encoding and the length of the byte order mark: mark, then strict UTF-8, then GB18030.

    A Chinese header that is UTF-8 settles it, for GB18030 text is never UTF-8 by chance, but a few stray bytes in rows
    of figures may well be GB18030. Else, where no reading is clean, the one with fewest broken lines, UTF-8 first.
    """
    seen = encoding_at_first_sight(path)
    if seen and seen[0] != "gb18030":
        return seen
    if not any(_broken_lines(chunk, "utf-8") for chunk in _chunks(path, 0, b"\n")):
        return "utf-8", 0
    broken = {"gb18030": sum(_broken_lines(chunk, "gb18030") for chunk in _chunks(path, 0, b"\n"))}
    if not broken["gb18030"]:
        return "gb18030", 0
    broken = {"utf-8": sum(_broken_lines(chunk, "utf-8") for chunk in _chunks(path, 0, b"\n"))} | broken
    return min(broken, key=lambda name: broken[name]), 0


def encoding_at_first_sight(path: Path) -> tuple[str, int] | None:
    """What mark or header say. A header in GB18030 is `encoding_of` the file if all other lines can be read so too."""
    with path.open("rb") as file:
        head = file.read(4)
    for mark, name in ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            return name, len(mark)
    if len(head) == 4 and (head[1] == 0 or head[0] == 0):
        return ("utf-16-le" if head[1] == 0 else "utf-16-be"), 0
    with path.open("rb") as file:
        header = file.readline()
    if header.isascii():
        return None
    return next(((name, 0) for name in ("utf-8", "gb18030") if _decoded(header, name) is not None), None)


def _is_utf8(chunk: bytes) -> bool:
    """Strict UTF-8, by Arrow's check: many times faster than making a string of it."""
    ends = pa.array([0, len(chunk)], pa.int64()).buffers()[1]
    try:
        pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(chunk)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _broken_lines(chunk: bytes, encoding: str) -> int:
    if encoding == "utf-8" and _is_utf8(chunk):
        return 0
    try:
        chunk.decode(encoding)
    except UnicodeDecodeError:
        return sum(_decoded(line, encoding) is None for line in chunk.split(b"\n"))
    return 0


def _decoded(line: bytes, encoding: str) -> str | None:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return None


def _chunks(path: Path, skip: int, newline: bytes) -> Iterator[bytes]:
    """The file in pieces that end with a line (newline never is a trail byte of UTF-8 or GB18030)."""
    with path.open("rb") as file:
        file.seek(skip)
        while chunk := file.read(CHUNK):
            while not (chunk.endswith(newline) and len(chunk) % len(newline) == 0):
                rest = file.readline() if newline == b"\n" else file.read(len(newline))
                if not rest:
                    break
                chunk += rest
            yield chunk


def header_line(path: Path, encoding: str, skip: int) -> str:
    """The first line, without its end; what cannot be decoded stands as a mark of replacement."""
    chunk, newline = next(_chunks_of_text(path, encoding, skip), (b"", b"\n"))
    text, _ = _text(_split(chunk, newline)[0], encoding, newline)
    return text.split(b"\n", 1)[0].rstrip(b"\r").decode()


def lines_in(path: Path, encoding: str, skip: int) -> int:
    return sum(_text(chunk, encoding, end)[0].count(b"\n") for chunk, end in _chunks_of_text(path, encoding, skip))


def _chunks_of_text(path: Path, encoding: str, skip: int) -> Iterator[tuple[bytes, bytes]]:
    """The file in pieces that end with a line, and what ends a line: LF, in a file without any LF a CR."""
    newline = "\n".encode(encoding)
    for place, chunk in enumerate(_chunks(path, skip, newline)):
        if place == 0 and len(_split(chunk, newline)) == 1:
            newline = "\r".encode(encoding)
        yield chunk, newline


def _text(chunk: bytes, encoding: str, newline: bytes) -> tuple[bytes, set[int]]:
    """Whole lines as UTF-8 that end with LF, and the numbers (from 0) of those that could not be decoded.

    A NUL in a line counts as undecodable.
    """
    try:
        text = chunk if encoding == "utf-8" and _is_utf8(chunk) else chunk.decode(encoding).encode()
        bad = set()
    except UnicodeDecodeError:
        lines = _split(chunk, newline)
        bad = {i for i, line in enumerate(lines) if _decoded(line, encoding) is None}
        text = b"\n".join(line.decode(encoding, errors="replace").encode() for line in lines)
    if newline.strip(b"\0") == b"\r":
        text = text.replace(b"\r", b"\n")
    if b"\0" in text:
        bad |= {i for i, line in enumerate(text.split(b"\n")) if b"\0" in line}
    return (text if text.endswith(b"\n") else text + b"\n"), bad


def _split(chunk: bytes, newline: bytes) -> list[bytes]:
    if len(newline) == 1:
        return chunk.split(newline)
    lines, start, at = [], 0, chunk.find(newline)
    while at >= 0:
        if at % 2 == 0:
            lines.append(chunk[start:at])
            start = at + 2
        at = chunk.find(newline, at + 1)
    return [*lines, chunk[start:]]


def header_of(line: str, separator: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:
        return []


def pieces(path: Path, encoding: str, skip: int, separator: str, width: int, wanted: dict[int, str]) -> Iterator[Piece]:
    """The records after the header line. `wanted` maps positions to column names; `width` cells make a record."""
    before = 0
    carried, carried_bad = b"", set[int]()
    chunks = _chunks_of_text(path, encoding, skip)
    upcoming = next(chunks, None)
    while upcoming:
        chunk, newline = upcoming
        upcoming = next(chunks, None)
        if before == 0:
            chunk, before = chunk[len(_split(chunk, newline)[0]) + len(newline) :], 1
        if not carried and (table := _regular(chunk, encoding, separator, width, wanted)) is not None:
            numbers = np.arange(before + 1, before + 1 + table.num_rows)
            before += table.num_rows
            yield Piece(table, numbers, numbers, None, None)
            continue
        text, bad = _text(chunk, encoding, newline) if chunk else (b"", set())
        bad = carried_bad | {i + carried.count(b"\n") for i in bad}
        text = carried + text
        piece, used, cut = _piece(text, bad, separator, width, wanted, before, is_last=upcoming is None)
        carried, carried_bad = text[cut:], {i - used for i in bad if i >= used}
        before += used
        if used:
            yield piece


@dataclass
class _Lines:
    """The physical lines of a piece of text: offsets, and what is unusual about each."""

    text: bytes
    starts: np.ndarray
    ends: np.ndarray
    cells: np.ndarray
    is_blank: np.ndarray
    has_quote: np.ndarray
    is_undecoded: np.ndarray

    @staticmethod
    def of(text: bytes, bad: set[int], separator: str) -> _Lines:
        buffer = np.frombuffer(text, np.uint8)
        ends = np.flatnonzero(buffer == 10)
        starts = np.concatenate(([0], ends[:-1] + 1))[: len(ends)]
        separators = np.flatnonzero(buffer == ord(separator))
        cells = np.diff(np.searchsorted(separators, np.concatenate((starts, ends[-1:])))) + 1
        is_ended_by_return = (ends > starts) & (buffer[np.maximum(ends - 1, 0)] == 13)
        returns = np.flatnonzero(buffer == 13)
        stray = returns[buffer[np.minimum(returns + 1, len(buffer) - 1)] != 10]
        has_quote = np.zeros(len(ends), bool)
        has_quote[np.searchsorted(ends, np.concatenate((np.flatnonzero(buffer == 34), stray)))] = True
        is_undecoded = np.zeros(len(ends), bool)
        is_undecoded[[i for i in bad if 0 <= i < len(ends)]] = True
        trimmed = ends - is_ended_by_return
        return _Lines(text, starts, trimmed, cells, trimmed == starts, has_quote, is_undecoded)

    def __len__(self) -> int:
        return len(self.ends)

    def line(self, i: int) -> str:
        return self.text[self.starts[i] : self.ends[i]].decode()


@dataclass
class _Odd:
    """A record that needed a look of its own: its lines, its cells or the fault that kept it from having any."""

    first: int
    last: int
    cells: Sequence[str] | None
    fault: str | None
    raw: str | None


def _piece(
    text: bytes, bad: set[int], separator: str, width: int, wanted: dict[int, str], before: int, is_last: bool
) -> tuple[Piece, int, int]:
    """The records of some text, how many lines they took, and where the rest begins (an open quote at the end)."""
    lines = _Lines.of(text, bad, separator)
    is_plain = (lines.cells == width) & ~lines.is_blank & ~lines.has_quote & ~lines.is_undecoded
    odd, used = _odd_ones(lines, is_plain, separator, width, is_last)
    is_plain[used:] = False
    table, plain = _plain(lines, is_plain, separator, width, wanted)
    cells = {name: pa.array([o.cells[i] if o.cells else None for o in odd], pa.string()) for i, name in wanted.items()}
    nothing: list[str | None] = [None] * len(plain)
    piece = Piece(
        pa.concat_tables([table, pa.table(cells)]),
        np.concatenate((plain, np.array([o.first for o in odd], np.int64))) + before + 1,
        np.concatenate((plain, np.array([o.last for o in odd], np.int64))) + before + 1,
        [*nothing, *(o.fault for o in odd)] if odd else None,
        [*nothing, *(o.raw for o in odd)] if odd else None,
    )
    return piece, used, int(lines.starts[used]) if used < len(lines) else len(text)


def _regular(chunk: bytes, encoding: str, separator: str, width: int, wanted: dict[int, str]) -> pa.Table | None:
    """The records of a chunk in which every line is one, with the right number of cells and no quote; else None.

    In GB18030 no LF, CR, quote, comma or tab is part of another sign: it is split as it stands, and then decoded.
    """
    if encoding not in ("utf-8", "gb18030") or (encoding == "gb18030" and separator == "|"):
        return None
    if b'"' in chunk or b"\0" in chunk or (b"\r" in chunk and chunk.count(b"\r") != chunk.count(b"\r\n")):
        return None
    if encoding == "utf-8" and not _is_utf8(chunk):
        return None
    try:
        if encoding == "utf-8":
            table = _arrow(chunk, separator, width, wanted)
        else:
            names = {i: wanted.get(i, f"_{i}") for i in range(width)}
            cells = _arrow(chunk, separator, width, names, pa.binary())
            table = pa.table({name: _column(cells[name], encoding) for name in names.values()}).select(wanted.values())
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return None
    lines = chunk.count(b"\n") + (not chunk.endswith(b"\n"))
    return table if table.num_rows == lines else None  # Arrow leaves out blank lines


def _column(cells: pa.ChunkedArray, encoding: str) -> pa.ChunkedArray:
    """Cells of bytes as text; raises `UnicodeDecodeError` where one cannot be decoded."""
    return pa.chunked_array([_text_of(chunk, encoding) for chunk in cells.chunks], pa.string())


def _text_of(cells: pa.BinaryArray, encoding: str) -> pa.StringArray:
    if signs_of(cells).max(initial=0) < 128:
        return cells.view(pa.string())
    lines = pc.binary_join(pa.ListArray.from_arrays([0, len(cells)], cells), b"\n")[0].as_py()
    return pc.split_pattern(pa.array([lines.decode(encoding)]), "\n").flatten()


def signs_of(cells: pa.StringArray | pa.BinaryArray) -> np.ndarray:
    """The bytes of all cells, one after the other."""
    offsets, text = cells.buffers()[1:]
    if text is None or not len(cells):
        return np.empty(0, np.uint8)
    first, last = np.frombuffer(offsets, np.int32)[[cells.offset, cells.offset + len(cells)]]
    return np.frombuffer(text, np.uint8)[first:last]


def _arrow(text: bytes, separator: str, width: int, wanted: dict[int, str], kind: pa.DataType = _TEXT) -> pa.Table:
    """Arrow's reader with nothing inferred and nothing quoted; raises `ArrowInvalid` for a wrong number of cells."""
    if text.startswith(BOM_UTF8):  # Arrow drops one at the start of what it is given; here it is part of a cell
        text = BOM_UTF8 + text
    return pa_csv.read_csv(
        pa.BufferReader(text),
        pa_csv.ReadOptions(column_names=[wanted.get(i, f"_{i}") for i in range(width)], block_size=8 << 20),
        pa_csv.ParseOptions(delimiter=separator, quote_char=False, double_quote=False),
        pa_csv.ConvertOptions(
            column_types=dict.fromkeys(wanted.values(), kind), include_columns=list(wanted.values()),
            strings_can_be_null=False, check_utf8=False,
        ),
    )  # fmt: skip


def _plain(
    lines: _Lines, is_plain: np.ndarray, separator: str, width: int, wanted: dict[int, str]
) -> tuple[pa.Table, np.ndarray]:
    """The lines with the right number of cells and no quote: Arrow's reader takes them as they stand."""
    chosen = np.flatnonzero(is_plain)
    if not len(chosen):
        return pa.schema([(name, pa.string()) for name in wanted.values()]).empty_table(), chosen
    text = (
        lines.text if is_plain.all() else b"".join(lines.text[lines.starts[i] : lines.ends[i]] + b"\n" for i in chosen)
    )
    table = _arrow(text, separator, width, wanted)
    if table.num_rows != len(chosen):
        raise RuntimeError(f"{len(chosen)} lines gave {table.num_rows} records")
    return table, chosen


def _odd_ones(lines: _Lines, is_plain: np.ndarray, separator: str, width: int, is_last: bool) -> tuple[list[_Odd], int]:
    """The lines that are not plain, one by one, and the number of lines that this piece of text settles.

    An open quote may swallow up to three more lines; if it does not close by then, its first line alone is refused.
    Lines inside a quote are taken out of `is_plain`.
    """
    found: list[_Odd] = []
    inside = -1
    for i in np.flatnonzero(~is_plain).tolist():
        if i <= inside:
            continue
        line = lines.line(i)
        if lines.is_blank[i] or not line.strip():
            found.append(_Odd(i, i, None, "BLANK", line))
        elif lines.is_undecoded[i]:
            found.append(_Odd(i, i, None, "UNDECODABLE", line))
        elif not lines.has_quote[i]:
            found.append(_Odd(i, i, None, "RAGGED", line))
        else:
            record, last = line, i
            while record.count('"') % 2 and last - i < MOST_LINES_OF_A_QUOTE and last + 1 < len(lines):
                last += 1
                record += "\n" + lines.line(last)
            is_open = record.count('"') % 2 == 1
            if is_open and last + 1 == len(lines) and last - i < MOST_LINES_OF_A_QUOTE and not is_last:
                return found, i
            cells = None if is_open else _cells(record, separator)
            if cells is None or len(cells) != width:
                found.append(_Odd(i, i, None, "OPEN-QUOTE" if is_open else "RAGGED", line))
                continue
            if lines.is_undecoded[i : last + 1].any():
                found.append(_Odd(i, last, None, "UNDECODABLE", record))
            else:
                found.append(_Odd(i, last, cells, None, None))
            is_plain[i : last + 1] = False
            inside = last
    return found, len(lines)


def _cells(record: str, separator: str) -> list[str] | None:
    try:
        rows = list(csv.reader(io.StringIO(record, newline="\n"), delimiter=separator, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None
