"""A home in a temporary folder, made-up rows for any contract, and how tests hand files in and take them in."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets import extracts
from assets.engine import engine
from assets.extracts import accepting
from assets.home import Home
from assets.intake import inbox
from assets.intake.ledger import Receipt
from assets.intake.reading import Reading, read
from expectations.case_ids import case_id, item_no
from expectations.contract import Column, Contract, contracts
from expectations.identity import check_character
from expectations.kinds import (
    AREA12,
    CASE_ID,
    CODE,
    DATE,
    ID_NO,
    INTEGER,
    ITEM_NO,
    MONEY,
    MONTH,
    TERM,
    YEAR,
    YES_NO,
    Kind,
)

AREA6 = "990402"  # no county has this code
NIGHT = date(2026, 2, 10)
LONG_AGO = 1_700_000_000  # a file this old has settled

Row = Mapping[str, str]

_GOOD: dict[Kind, str] = {
    AREA12: "990402001001", DATE: "2026-01-05", INTEGER: "1", MONEY: "100.00", MONTH: "202601", TERM: "2026S1",
    YEAR: "2026", YES_NO: "否",
}  # fmt: skip
_BALANCED = {"fund_total": "60.00", "personal_total": "40.00"}


def id_no(i: int, born: str = "19800101") -> str:
    """The i-th made-up identity number of people born on one day."""
    first17 = (
        f"{AREA6}{born}{i % 1000:03d}" if i < 1000 else f"{AREA6}{int(born[:4]) - i // 1000}{born[4:]}{i % 1000:03d}"
    )
    return first17 + check_character(first17)


def good_row(contract: Contract, i: int = 1, **cells: str) -> dict[str, str]:
    """A row with every required cell and no other, whose key is the i-th."""
    return {
        c.name: _good_cell(c, i) if c.is_required or (c.kind is ID_NO and c.is_key) else "" for c in contract.columns
    } | cells


def _good_cell(column: Column, i: int) -> str:
    if column.kind is ID_NO:
        return id_no(i)
    if column.kind is CASE_ID:
        return case_id(i)
    if column.kind is ITEM_NO:
        return item_no(i)
    if column.kind is CODE:
        return next(iter(column.codes))
    return _BALANCED.get(column.name) or _GOOD.get(column.kind) or f"{column.name}{i}"


def csv_text(contract: Contract, rows: Iterable[Row], without: Sequence[str] = (), **style: Any) -> str:
    """Rows as CSV with Chinese headers."""
    columns = [c for c in contract.columns if c.name not in without]
    out = io.StringIO()
    writer = csv.writer(out, **({"lineterminator": "\n"} | style))
    writer.writerow([c.header for c in columns])
    writer.writerows([row.get(c.name, "") for c in columns] for row in rows)
    return out.getvalue()


def file_name(contract: Contract, period: str = "202601", seq: int = 1, suffix: str = "csv") -> str:
    return f"{contract.extract}_{AREA6}_{period}_{seq:02d}.{suffix}"


def drop(home: Home, name: str, content: bytes | str, folder: str = "department") -> Path:
    """Put a file into the inbox as one that settled long ago."""
    path = home.inbox / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def hand_in(
    home: Home, contract: Contract, rows: Iterable[Row], period: str = "202601", seq: int = 1, **style: Any
) -> Path:
    return drop(home, file_name(contract, period, seq), csv_text(contract, rows, **style))


def take_in(home: Home, night: date = NIGHT) -> list[Receipt]:
    """The intake of a night: receipts, and the verdict of every extract."""
    receipts = inbox.take_in(home, night)
    with engine(home) as connection:
        for contract in contracts().values():
            extracts.take_in(home, connection, contract, night)
    return receipts


def ask(home: Home, query: str, night: date = NIGHT) -> list[dict[str, Any]]:
    """A question over `deliveries`, `rejects` or an extract as it stands on a night."""
    with engine(home) as connection:
        extracts.unlock(connection, home.pseudonym_key())
        extracts.open_deliveries(home, connection, list(contracts().values()), night)
        for name in set(contracts()) & {word.removesuffix("_received") for word in re.findall(r"\w+", query)}:
            extracts.open_views(home, connection, contracts()[name], night)
        files = [str(path) for path in sorted((home.root / "rejects").glob("*/*/rejects.parquet"))]
        if files:
            connection.execute(f"create temp view rejects as from read_parquet({files!r}, union_by_name = true)")
        return records(connection, query)


def records(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    result = connection.execute(query)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@contextmanager
def in_this_process() -> Iterator[None]:
    """Files are read here and not in a child process, and nobody judges: the same code, and a fifth of the time."""

    @contextmanager
    def reader() -> Iterator[Callable[..., Callable[[], Reading]]]:
        yield lambda *what: lambda: read(*what)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inbox, "reader", reader)
        patch.setattr(accepting, "judge_staged", lambda connection, rules: [])
        yield
