"""A list as a workbook that people like to use: text cells, a head that stays, filters, choices, and what it all means.

The cells are those of the CSV beside it to the letter, the apostrophe before a would-be formula included: a workbook
is often saved as CSV, and there a cell is no text any more.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range

from assets.lists.text_sheet import TextSheet
from expectations.kinds import DATE, INTEGER, MONEY, TEXT
from expectations.listing import EXPLAINED, ListContract, Shown

MOST_ROWS = 1_048_575
MOST_SIGNS = 16_000  # a cell holds 32,767 units of UTF-16, and a rare character takes two
NARROWEST, WIDEST, PAGE = 6, 36, 300
"""In digits: of a column, and what can still be read across a page."""
LINE, MOST_LINES = 17, 24
LEVELS = {
    "3": "#F4B6B0", "红": "#F4B6B0", "2": "#FBD5A5", "橙": "#FBD5A5", "1": "#FFF2B3", "黄": "#FFF2B3",
}  # fmt: skip
_HEAD, _HEAD_BLANK, _LINE = "#D6E4F0", "#FFE699", "#BFBFBF"
_WRITTEN = {DATE: "yyyy-mm-dd", MONEY: "0.00", INTEGER: "0"}
_BLANK = {DATE: 12, MONEY: 12, TEXT: 18}
_A3, _A4 = 8, 9
_YEAR = timedelta(days=366)
_MAY_STILL = {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True}


def as_workbook(contract: ListContract, area: str, as_of: date, rows: Sequence[Sequence[str]], spill: Path) -> bytes:
    """The list of one area. The same rows give the same bytes; rows wait in `spill`, not in memory."""
    content = io.BytesIO()
    options = {"constant_memory": True, "tmpdir": str(spill)}
    title = f"{contract.title}　{area}"
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": contract.title, "created": datetime(as_of.year, as_of.month, as_of.day)})
        sheet = book.add_worksheet(contract.title, TextSheet)
        explained = book.add_worksheet(EXPLAINED, TextSheet)
        width = _fill(book, sheet, contract, rows)
        _offer(sheet, contract, as_of, len(rows))
        _set_up(sheet, contract, len(rows))
        _print(sheet, contract, title, as_of, width)
        _explain(book, explained, contract, f"{title}　{as_of.isoformat()}")
    return content.getvalue()


def _fill(book: Any, sheet: Any, contract: ListContract, rows: Sequence[Sequence[str]]) -> int:
    """Head and rows; returns how wide they are."""
    head = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": _LINE, "num_format": "@"}
    heads = {blank: book.add_format(head | {"bg_color": _HEAD_BLANK if blank else _HEAD}) for blank in (False, True)}
    lines = [1] * len(rows)
    styles, widths = [], []
    width_of = cache(_width)
    look = cache(lambda *properties: book.add_format(dict(properties)))  # the library is slow where two look alike
    for place, column in enumerate(contract.columns):
        needed = [width_of(row[place]) for row in rows]
        longest = max(needed, default=0) + 2
        widths.append(_column_width(column, longest))
        if is_wrapped := longest > widths[-1]:
            lines = [max(one, _lines(width, widths[place])) for one, width in zip(lines, needed, strict=True)]
        styles.append(_styles(look, column, is_wrapped))
        sheet.set_column(place, place, widths[place])
    sheet.set_row(0, LINE * max(_lines(_width(c.header), w - 3) for c, w in zip(contract.columns, widths, strict=True)))
    for place, column in enumerate(contract.columns):
        sheet.write_string(0, place, column.header, heads[column.is_blank])
    for line, row in enumerate(rows, start=1):
        if lines[line - 1] > 1:  # not every program works out the height of a wrapped row by itself
            sheet.set_row(line, LINE * lines[line - 1])
        looks = [style.get(text, style[""]) for text, style in zip(row, styles, strict=True)]
        sheet.write_texts(line, [_that_fits(text) for text in row], looks)
    return sum(widths)


def _column_width(column: Shown, longest: int) -> int:
    least = max(_width(column.header) // 2 + 4, NARROWEST)
    if column.is_blank:
        least = max(least, *(_width(choice) + 3 for choice in column.choices or ("",)), _BLANK.get(column.kind, 0))
    return min(max(longest, least), WIDEST)


def _lines(width: int, room: int) -> int:
    """How many lines a text takes, at most as many as a row can be high."""
    return min(-(-width // (room - 1)), MOST_LINES)


def _styles(look: Callable[..., Format], column: Shown, is_wrapped: bool) -> dict[str, Format]:
    """How the cells of a column look, by their text where that is a level."""
    plain = {
        "num_format": _WRITTEN.get(column.kind, "@"), "text_wrap": is_wrapped or column.is_blank, "valign": "top",
        "border": 1, "border_color": _LINE, "locked": not column.is_blank,
    }  # fmt: skip
    coloured = LEVELS if column.is_level else {}
    return {"": look(*plain.items())} | {
        text: look(*plain.items(), ("bg_color", colour)) for text, colour in coloured.items()
    }


def _width(text: str) -> int:
    """How wide a text is: a Chinese character is as wide as two digits, just as it is two bytes in GB18030."""
    return len(text.encode("gb18030", errors="replace"))


def _that_fits(text: str) -> str:
    return text if len(text) <= MOST_SIGNS else text[:MOST_SIGNS] + "…"


def _offer(sheet: Any, contract: ListContract, as_of: date, rows: int) -> None:
    """What the blanks offer and what they refuse, in every row of the list."""
    for place, column in enumerate(contract.columns):
        allowed = _allowed(column, as_of)
        if column.is_blank and allowed and rows:
            told = {"input_title": column.header, "input_message": column.meaning, "error_title": column.header}
            sheet.data_validation(1, place, rows, place, allowed | told)


def _allowed(column: Shown, as_of: date) -> dict[str, Any]:
    if column.choices:
        return {"validate": "list", "source": list(column.choices), "error_message": "请从下拉列表中选择。"}
    if column.kind is DATE:
        return {
            "validate": "date", "criteria": "between", "minimum": as_of - _YEAR, "maximum": as_of + _YEAR,
            "error_message": "请写成 2026-01-22 这样的日期。",
        }  # fmt: skip
    if column.kind in (MONEY, INTEGER):
        return {
            "validate": "decimal" if column.kind is MONEY else "integer", "criteria": ">=", "value": 0,
            "error_message": "请只填数字，不要写单位。",
        }  # fmt: skip
    return {}


def _set_up(sheet: Any, contract: ListContract, rows: int) -> None:
    """What stays in view, what can be filtered, and what is locked."""
    last = len(contract.columns) - 1
    sheet.freeze_panes(1, _stays(contract))
    sheet.autofilter(0, 0, rows, last)
    if rows:
        sheet.ignore_errors({"number_stored_as_text": xl_range(1, 0, rows, last)})
    if contract.is_filled_in:
        sheet.protect("", _MAY_STILL)


def _stays(contract: ListContract) -> int:
    """How many columns tell which row is which."""
    keys = [column.key for column in contract.columns]
    return keys.index(contract.unique) + 1 if contract.unique else 0


def _print(sheet: Any, contract: ListContract, title: str, as_of: date, width: int) -> None:
    """Landscape, as many pages side by side as can still be read, with the head on each."""
    pages = -(-width // PAGE)
    sheet.set_landscape()
    sheet.set_paper(_A3 if pages > 1 else _A4)
    sheet.fit_to_pages(pages, 0)
    sheet.repeat_rows(0)
    if stays := _stays(contract):
        sheet.repeat_columns(0, stays - 1)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_header(f"&L{title}&R{as_of.isoformat()}")
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _explain(book: Any, sheet: Any, contract: ListContract, title: str) -> None:
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "bg_color": _HEAD})
    widths = (24, 56, 48)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, title, bold)
    for line, text in enumerate(contract.how_to, start=1):
        sheet.set_row(line, LINE * _lines(_width(text), sum(widths)))
        sheet.merge_range(line, 0, line, len(widths) - 1, text, wrapped)
    start = len(contract.how_to) + 2
    for place, text in enumerate(("列", "含义", "填写")):
        sheet.write_string(start, place, text, head)
    for line, column in enumerate(contract.columns, start=start + 1):
        texts = (column.header, column.meaning, column.may_hold if column.is_blank else "")
        sheet.set_row(line, LINE * max(_lines(_width(t), w) for t, w in zip(texts, widths, strict=True)))
        sheet.write_texts(line, texts, [wrapped] * len(texts))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
