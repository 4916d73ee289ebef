"""A row of texts at once is what the library writes cell by cell, byte for byte."""

import io
import zipfile
from collections.abc import Callable

import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from assets.lists.text_sheet import TextSheet

CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).filter(lambda text: not text.startswith("<r>"))
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=4)


def sheet(rows: list[list[str]], fill: Callable[..., None]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        page = book.add_worksheet("清单", TextSheet)
        styles = [book.add_format({"bold": True}), book.add_format({"italic": True}), book.add_format()]
        page.write_string(0, 0, "head", styles[0])
        page.set_row(2, 34)
        for number, row in enumerate(rows, start=1):
            fill(page, number, row, styles)
        page.write_string(len(rows) + 1, 1, "foot", styles[1])
    return zipfile.ZipFile(content).read("xl/worksheets/sheet1.xml")


def at_once(page, number, row, styles) -> None:
    page.write_texts(number, row, styles)


def cell_by_cell(page, number, row, styles) -> None:
    for place, (text, style) in enumerate(zip(row, styles, strict=True)):
        if text:
            page.write_string(number, place, text, style)
        else:
            page.write_blank(number, place, None, style)


@given(ROWS)
@example([["", " 前", "后\n"], ['a & b < c > "d"', "_x0041_", "\x0b\x1f"], ["𠮷\ufffe", "\u3000", "'=1+1"]])
def test_rows_of_texts_are_written_as_the_library_writes_them(rows):
    assert sheet(rows, at_once) == sheet(rows, cell_by_cell)
