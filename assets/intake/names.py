"""What a file's name says: `{extract}_{area6}_{period}_{seq}.{csv|xlsx|parquet}`, or that it is a list of ours."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_NAME = re.compile(
    r"(?P<extract>[a-z]+(?:_[a-z]+)*)_(?P<area6>\d{6})_(?P<period>\d{4}S[12]|\d{6}|\d{8})_(?P<seq>(?!00)\d{2})"
    r"\.(?P<suffix>csv|xlsx|parquet)",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class FileName:
    extract: str
    area6: str
    period: str
    period_from: date
    period_to: date
    seq: int
    suffix: str


def parse(name: str) -> FileName | None:
    """The parts of a delivery's file name; None where it does not follow the form."""
    match = _NAME.fullmatch(name)
    if not match:
        return None
    try:
        first, last = period_bounds(match["period"].upper())
    except ValueError:
        return None
    return FileName(
        match["extract"].lower(), match["area6"], match["period"].upper(), first, last, int(match["seq"]),
        match["suffix"].lower(),
    )  # fmt: skip


def came_back(name: str, extract: str, kind: str, night: date) -> FileName | None:
    """A list of ours that comes back filled in under its own name, whatever a spreadsheet or a clerk put around it.

    It speaks of the night that receives it, because visits are of any day up to then. None where it is no such list.
    """
    match = re.search(
        rf"(?<![a-z]){kind}_(?P<area6>\d{{6}})\d*(?!\d).*\.(?P<suffix>csv|txt|xlsx)$",
        unicodedata.normalize("NFKC", name), re.IGNORECASE | re.ASCII | re.DOTALL,
    )  # fmt: skip
    if not match:
        return None
    suffix = match["suffix"].lower().replace("txt", "csv")  # how spreadsheets name UTF-16 with tabs
    return FileName(extract, match["area6"], f"{night:%Y%m%d}", night, night, 1, suffix)


def period_bounds(period: str) -> tuple[date, date]:
    """First and last day: of a month, of a day, of a term (spring 1 February to July, autumn 1 August to January)."""
    if "S" in period:
        year = int(period[:4])
        if period.endswith("1"):
            return date(year, 2, 1), date(year, 7, 31)
        return date(year, 8, 1), date(year + 1, 1, 31)
    if len(period) == 8:
        day = date(int(period[:4]), int(period[4:6]), int(period[6:]))
        return day, day
    first = date(int(period[:4]), int(period[4:]), 1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])
