"""What intake promises of any file whatever: every line lands in one record, and nothing depends on how it is read.

`LOWINCOME_FUZZ` says how many files each promise about lines is held against (400); of those about a whole extract, which
cost a hundred times as much, it is one in a hundred.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from inboxes import ask, csv_text, drop, file_name, good_row, in_this_process, take_in

from assets.engine import kept_engine
from assets.home import Home
from assets.intake import delimited
from expectations.contract import Contract, contracts
from expectations.kinds import ID_NO, TEXT

WIDTH = 3
WANTED = {0: "a", 1: "b", 2: "c"}
MARKS = {"utf-8": b"", "utf-8-sig": b"\xef\xbb\xbf", "gb18030": b"", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
CODECS = {"utf-8-sig": "utf-8"}
AWKWARD = "a1 张不上𠮷ഊਅഀ\u2028\x0b\x85\ufeff'\"|,\t"

FUZZ = int(os.environ.get("LOWINCOME_FUZZ", "400"))
quick = settings(
    max_examples=FUZZ,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


# A second reading, slow and plain --------------------------------------------------------------------------------


def lines_of(body: bytes, codec: str) -> list[bytes]:
    """The physical lines with their ends: at LF, or at CR where a file has no LF at all."""
    size = 2 if codec.startswith("utf-16") else 1
    units = [body[i : i + size] for i in range(0, len(body), size)]
    end = "\n".encode(codec) if "\n".encode(codec) in units else "\r".encode(codec)
    lines, line = [], []
    for unit in units:
        line.append(unit)
        if unit == end:
            lines.append(b"".join(line))
            line = []
    return lines + ([b"".join(line)] if line else [])


def row_by_csv(text: str, separator: str) -> list[str] | None:
    """The one row that Python's reader finds in some text, None where it finds none, several or an error."""
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\r\n", "\n"), newline="\n"), delimiter=separator, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


# What is handed in -----------------------------------------------------------------------------------------------


@dataclass
class File:
    encoding: str
    separator: str
    line_end: str
    body: bytes

    @property
    def codec(self) -> str:
        return CODECS.get(self.encoding, self.encoding)

    def records(self, path: Path) -> list[tuple[int, int, tuple[str | None, ...], str | None]]:
        """(line_no, line_end, cells, fault) of every record, in order."""
        mark = MARKS[self.encoding]
        path.write_bytes(mark + self.body)
        found = []
        for piece in delimited.pieces(path, self.codec, len(mark), self.separator, WIDTH, WANTED):
            faults = piece.fault or [None] * len(piece.line_no)
            cells = zip(*(piece.cells[name].to_pylist() for name in WANTED.values()), strict=True)
            found += [
                (int(first), int(last), row, fault)
                for first, last, row, fault in zip(piece.line_no, piece.line_end, cells, faults, strict=True)
            ]
        return sorted(found)


cells = st.text(st.sampled_from(AWKWARD), max_size=5) | st.sampled_from(["", "张三", 'say "hi"', "x\ny", "x\r\ny"])
rows = st.lists(cells, min_size=WIDTH - 1, max_size=WIDTH - 1).map(lambda row: [*row, "1"]) | st.just(
    ["", "1\n2\n3\n4", ""]
)


def written(row: list[str], separator: str, line_end: str, is_quoted: bool) -> str:
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=separator, lineterminator=line_end, quoting=quoting).writerow(row)
    return out.getvalue()


@st.composite
def files(draw: st.DrawFn, is_clean: bool) -> tuple[File, list[list[str] | None]]:
    """A file and the rows that were written into it; None stands for a blank or spoiled line."""
    encoding, separator = draw(st.sampled_from(sorted(MARKS))), draw(st.sampled_from(delimited.SEPARATORS))
    line_end = draw(st.sampled_from(["\n", "\r\n"]))
    file = File(encoding, separator, line_end, b"")
    kinds = ["row", "row", "quoted", "blank"] + ([] if is_clean else ["bytes", "text", "cut"])
    parts, meant = [separator.join(["甲", "乙", "丙"]) + line_end], []
    chunks = [parts[0].encode(file.codec)]
    for kind in draw(st.lists(st.sampled_from(kinds), max_size=12)):
        if kind == "bytes":
            chunks.append(draw(st.binary(max_size=9)))
            meant.append(None)
            continue
        row = draw(rows)
        text = written(row, separator, line_end, kind == "quoted")
        if kind == "blank":
            text, row = line_end, None
        if kind == "text":
            text, row = draw(st.text(st.sampled_from(AWKWARD + "\r\n\0"), max_size=12)), None
        if kind == "cut":
            text, row = text[: draw(st.integers(0, len(text)))], None
        chunks.append(text.encode(file.codec))
        meant.append(row)
    file.body = b"".join(chunks)
    if draw(st.booleans()):
        file.body = file.body.removesuffix(line_end.encode(file.codec))
    return file, meant


# The promises ----------------------------------------------------------------------------------------------------


@quick
@given(made=files(is_clean=True))
def test_well_formed_files_come_back_cell_by_cell(tmp_path: Path, made: tuple[File, list[list[str] | None]]) -> None:
    file, meant = made
    records = file.records(tmp_path / "file")
    assert delimited.encoding_of(tmp_path / "file") == (file.codec, len(MARKS[file.encoding]))
    read = [list(cells) for _, _, cells, fault in records if fault is None]
    assert read == [[cell.replace("\r\n", "\n") for cell in row] for row in meant if row is not None]
    assert {fault for *_, fault in records if fault} <= {"BLANK"}


@quick
@given(made=files(is_clean=False))
def test_every_line_belongs_to_exactly_one_record(tmp_path: Path, made: tuple[File, list[list[str] | None]]) -> None:
    file, _ = made
    lines = lines_of(file.body, file.codec)
    records = file.records(tmp_path / "file")
    archived = lines[:1] + [line for first, last, *_ in records for line in lines[first - 1 : last]]
    assert b"".join(archived) == file.body
    assert [last for _, last, *_ in records] == [first - 1 for first, *_ in records[1:]] + [len(lines)] * bool(records)
    assert all(last - first <= 3 for first, last, *_ in records)


@quick
@given(made=files(is_clean=False))
def test_what_is_taken_is_what_csv_gives_and_what_is_refused_is_not(
    tmp_path: Path, made: tuple[File, list[list[str] | None]]
) -> None:
    file, _ = made
    lines = lines_of(file.body, file.codec)
    for first, last, cells, fault in file.records(tmp_path / "file"):
        try:
            text = b"".join(lines[first - 1 : last]).decode(file.codec)
        except UnicodeDecodeError:
            assert fault == "UNDECODABLE"
            continue
        row = row_by_csv(text, file.separator)
        if fault is None:
            assert list(cells) == row
        elif fault == "BLANK":
            assert not text.strip()
        elif fault == "UNDECODABLE":
            assert "\0" in text
        else:
            assert first == last
            assert row is None or len(row) != WIDTH or text.count('"') % 2


@quick
@given(made=files(is_clean=False), chunk=st.sampled_from([1, 2, 7, 16, 64]))
def test_the_size_of_chunks_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: tuple[File, list[list[str] | None]], chunk: int
) -> None:
    file, _ = made
    at_once = file.records(tmp_path / "file")
    encoding = delimited.encoding_of(tmp_path / "file")
    with monkeypatch.context() as patch:
        patch.setattr(delimited, "CHUNK", chunk)
        assert file.records(tmp_path / "file") == at_once
        assert delimited.encoding_of(tmp_path / "file") == encoding


# In = out --------------------------------------------------------------------------------------------------------

slow_each = settings(deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # shrinking takes minutes

OUTCOMES = ("accepted", "rejected", "superseded", "duplicate", "blank", "held", "refused")
KINDS = ["good"] * 6 + [
    "again",
    "other",
    "blank",
    "commas",
    "ragged",
    "open quote",
    "bad cell",
    "quoted",
    "undecodable",
]


def line_of(contract: Contract, row: dict[str, str], **style: Any) -> bytes:
    return csv_text(contract, [row], **style).split("\n", 1)[1].encode()


def dirty_file(contract: Contract, kinds: list[tuple[str, int]]) -> tuple[bytes, dict[str, int]]:
    """A file with one line of each kind, and what must become of its lines."""
    other = next(c.name for c in contract.columns if c.kind is TEXT and not c.is_key)
    unreadable = next(
        c.name for c in sorted(contract.columns, key=lambda c: not c.is_required) if c.kind not in (TEXT, ID_NO)
    )
    said: dict[int, list[str]] = {}
    lines, account = [csv_text(contract, []).encode()], dict.fromkeys(OUTCOMES, 0)
    for place, (kind, key) in enumerate(kinds):
        row = good_row(contract, key)
        if kind == "other":
            row[other] = f"x{place}"
        if kind in ("good", "again", "other", "quoted"):
            said.setdefault(key, []).append(row[other])
            lines.append(line_of(contract, row, quoting=csv.QUOTE_ALL if kind == "quoted" else csv.QUOTE_MINIMAL))
        elif kind in ("blank", "commas"):
            account["blank"] += 1
            lines.append(b" \r\n" if kind == "blank" else b"," * (len(contract.columns) - 1) + b"\n")
        else:
            account["rejected"] += 1
            lines.append({
                "ragged": line_of(contract, row)[:-1] + b",more\n",
                "open quote": b'"' + line_of(contract, row),
                "bad cell": line_of(contract, row | {unreadable: "?"}),
                "undecodable": b"\xff" + line_of(contract, row),
            }[kind])  # fmt: skip
    for spellings in said.values():
        account["accepted"] += 1
        same = spellings[:-1].count(spellings[-1])
        account["duplicate"] += same
        account["superseded"] += len(spellings) - 1 - same
    return b"".join(lines), account


def account_of(contract: Contract, content: bytes) -> tuple[dict[str, Any], int]:
    """What a night says of one file, twice over, and how many rows stand in the lake."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home.at(folder)
        drop(home, file_name(contract), content)
        with kept_engine(home):
            take_in(home)
            row = ask(home, "from deliveries")[0]
            assert take_in(home) == []
            assert ask(home, "from deliveries") == [row]
            stored = row["accepted"] and ask(home, f"select count(*) as n from {contract.extract}_received")[0]["n"]
        return row, stored


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda contract: contract.extract)
@settings(slow_each, max_examples=max(1, FUZZ // 100))
@given(kinds=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 12)), min_size=1, max_size=30))
def test_every_record_is_accounted_for(contract: Contract, kinds: list[tuple[str, int]]) -> None:
    # An open quote whose line is followed by another could close in it: keep them apart, as the last lines of the file.
    kinds = [one for one in kinds if one[0] != "open quote"] + [one for one in kinds if one[0] == "open quote"][:1]
    content, account = dirty_file(contract, kinds)
    with in_this_process():
        row, stored = account_of(contract, content)
    assert row["records"] == len(kinds) == sum(row[outcome] for outcome in OUTCOMES)
    if row["state"] == "taken":
        assert {outcome: row[outcome] for outcome in OUTCOMES} == account
        assert stored == account["accepted"]
    else:
        undecodable = sum(kind == "undecodable" for kind, _ in kinds)
        is_blank = account["blank"] == len(kinds)
        is_spoiled = row["code"] == "FILE-SHIFTED"  # half of its rows cannot be read
        code = "FILE-EMPTY" if is_blank else "FILE-SHIFTED" if is_spoiled else "FILE-ENCODING"
        assert (row["code"], row[row["state"]]) == (code, len(kinds) - (account["blank"] if is_spoiled else 0))
        assert is_blank or (account["rejected"] >= 10 if is_spoiled else undecodable)


@pytest.mark.slow
@pytest.mark.parametrize("contract", contracts().values(), ids=lambda contract: contract.extract)
@settings(slow_each, max_examples=max(1, FUZZ // 200))
@given(data=st.data())
def test_whatever_is_appended_to_a_file_nothing_is_lost(contract: Contract, data: st.DataObject) -> None:
    """Any bytes at all behind good rows: the sums hold, and the good rows before them are taken or wait."""
    good = csv_text(contract, [good_row(contract, i) for i in range(1, 150)]).encode()
    content = good + data.draw(
        st.binary(max_size=40) | st.text(st.sampled_from(AWKWARD + "\r\n"), max_size=40).map(str.encode)
    )
    with in_this_process():
        row, stored = account_of(contract, content)
    assert row["records"] == sum(row[outcome] for outcome in OUTCOMES)
    assert row["state"] in ("taken", "held")
    assert row["state"] == "held" or stored == row["accepted"] == 149
