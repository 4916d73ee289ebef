"""Months as whole numbers (year x 12 + month - 1), and how months, terms and quarters are written."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

HISTORY = 24
"""Closed months that the county's files tell of, up to the month before `as_of`."""


def month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


@cache
def month_text(month: int) -> str:
    """`YYYYMM`."""
    return f"{month // 12}{month % 12 + 1:02d}"


def day_text(day: date) -> str:
    """`YYYYMMDD`."""
    return f"{day:%Y%m%d}"


def calendar_month(month: int) -> int:
    """1 for January … 12 for December."""
    return month % 12 + 1


def year_of(month: int) -> int:
    return month // 12


def day_in(month: int, day: int) -> date:
    return date(month // 12, calendar_month(month), day)


def last_day(month: int) -> date:
    return day_in(month + 1, 1) - timedelta(days=1)


def years_old(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def last_terms(t: int, count: int) -> list[tuple[str, int, int]]:
    """The last terms reported by month t, oldest first: name, first month, first month of the school year.

    Schools report a term in its second month: spring begins in February, autumn in August.
    """
    terms: list[tuple[str, int, int]] = []
    month = t - 2
    while len(terms) < count:
        if calendar_month(month) == 2:
            terms.append((f"{month // 12}S1", month, month - 5))
        elif calendar_month(month) == 8:
            terms.append((f"{month // 12}S2", month, month + 1))
        month -= 1
    return terms[::-1]


def last_quarters(t: int, count: int) -> list[int]:
    """The last months of the last quarters that ended before month t, oldest first."""
    end = t - 1 - (t % 3)
    return [end - 3 * back for back in range(count - 1, -1, -1)]
