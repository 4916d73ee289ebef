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
import pyarrow.csv as pa_csv

SEPARATORS = (",", "\t", "|")
CHUNK = 32 << 20
MOST_LINES_OF_A_QUOTE = 3
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
    with path.open("rb") as file:
        head = file.read(4)
    for mark, name in ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            return name, len(mark)
    if len(head) == 4 and (head[1] == 0 or head[0] == 0):
        return ("utf-16-le" if head[1] == 0 else "utf-16-be"), 0
    header = next(_chunks(path, 0, b"\n"), b"").split(b"\n", 1)[0]
    if not header.isascii() and _decoded(header, "utf-8") is not None:
        return "utf-8", 0
    broken = {"utf-8": sum(_broken_lines(chunk, "utf-8") for chunk in _chunks(path, 0, b"\n"))}
    if broken["utf-8"]:
        broken["gb18030"] = sum(_broken_lines(chunk, "gb18030") for chunk in _chunks(path, 0, b"\n"))
    return min(broken, key=lambda name: broken[name]), 0


def _is_utf8(chunk: bytes) -> bool:
    """Strict UTF-8, by Arrow's check: six times faster than making a string of it."""
    try:
        pa.array([chunk], pa.large_binary()).cast(pa.large_string())
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


def texts(path: Path, encoding: str, skip: int) -> Iterator[tuple[bytes, set[int]]]:
    """UTF-8 text in pieces of whole lines, each with the numbers (from 0) of its lines that could not be decoded.

    Lines end with LF, in a file without any LF with CR. A NUL in a line counts as undecodable.
    """
    newline = "\n".encode(encoding)
    for place, chunk in enumerate(_chunks(path, skip, newline)):
        if place == 0 and len(_split(chunk, newline)) == 1:
            newline = "\r".encode(encoding)
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
        yield text if text.endswith(b"\n") else text + b"\n", bad


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


def header_of(text: bytes, separator: str) -> list[str]:
    line = text.split(b"\n", 1)[0].rstrip(b"\r").decode()
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:
        return []


def pieces(path: Path, encoding: str, skip: int, separator: str, width: int, wanted: dict[int, str]) -> Iterator[Piece]:
    """The records after the header line. `wanted` maps positions to column names; `width` cells make a record."""
    before = 0
    carried, carried_bad = b"", set[int]()
    chunks = texts(path, encoding, skip)
    upcoming = next(chunks, None)
    while upcoming:
        text, bad = upcoming
        upcoming = next(chunks, None)
        bad = carried_bad | {i + carried.count(b"\n") for i in bad}
        text = carried + text
        if before == 0:
            cut = text.index(b"\n") + 1
            text, bad, before = text[cut:], {i - 1 for i in bad}, 1
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
    if not bad and (table := _regular(text, separator, width, wanted)) is not None:
        numbers = np.arange(before + 1, before + 1 + table.num_rows)
        return Piece(table, numbers, numbers, None, None), table.num_rows, len(text)
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


def _regular(text: bytes, separator: str, width: int, wanted: dict[int, str]) -> pa.Table | None:
    """The records of text in which every line is one, with the right number of cells and no quote; else None."""
    if b'"' in text or text.count(b"\r") != text.count(b"\r\n"):
        return None
    if text.startswith((b"\n", b"\r\n")) or b"\n\n" in text or b"\n\r\n" in text:  # Arrow makes cells of a blank line
        return None
    try:
        table = _arrow(text, separator, width, wanted)
    except pa.ArrowInvalid:
        return None
    return table if table.num_rows == text.count(b"\n") else None


def _arrow(text: bytes, separator: str, width: int, wanted: dict[int, str]) -> pa.Table:
    """Arrow's reader with nothing inferred and nothing quoted; raises `ArrowInvalid` for a wrong number of cells."""
    if text.startswith(BOM_UTF8):  # Arrow drops one at the start of what it is given; here it is part of a cell
        text = BOM_UTF8 + text
    schema = pa.schema([(name, pa.string()) for name in wanted.values()])
    return pa_csv.read_csv(
        pa.BufferReader(text),
        pa_csv.ReadOptions(column_names=[wanted.get(i, f"_{i}") for i in range(width)], block_size=8 << 20),
        pa_csv.ParseOptions(delimiter=separator, quote_char=False, double_quote=False, ignore_empty_lines=False),
        pa_csv.ConvertOptions(
            column_types=schema, include_columns=list(wanted.values()), strings_can_be_null=False, check_utf8=False
        ),
    )


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
