"""A worksheet that takes a row of texts at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet
from xlsxwriter.xmlwriter import XMLwriter


class TextSheet(Worksheet):  # type: ignore[misc]
    """For workbooks in constant memory: what `write_string` and `write_blank` write, byte for byte, and far faster.

    It leans on how xlsxwriter ends a row; a test holds both ways against each other.
    """

    previous_row: int

    def write_texts(self, row: int, texts: Sequence[str], styles: Sequence[Format]) -> None:
        """Cells from the first column on, rows from the top down; an empty text is a blank cell of its style."""
        if row > self.previous_row:
            self._write_single_row(row)
        self._check_dimensions(row, 0)
        self._check_dimensions(row, len(texts) - 1)
        self._write_row(row, None, self.row_info.get(row))
        self.fh.write(
            "".join([
                f'<c r="{xl_rowcol_to_cell_fast(row, place)}" s="{style._get_xf_index()}"{_content(text)}'
                for place, (text, style) in enumerate(zip(texts, styles, strict=True))
            ])
        )  # fmt: skip
        self._xml_end_tag("row")
        self.previous_row = row + 1


_ESCAPES = XMLwriter()


@lru_cache(maxsize=1 << 12)
def _content(text: str) -> str:
    """What a cell holds; most texts of a list stand in many rows, one below the other."""
    if not text:
        return "/>"
    told = _ESCAPES._escape_control_characters(text)
    kept = ' xml:space="preserve"' if told[0].isspace() or told[-1].isspace() else ""
    return f' t="inlineStr"><is><t{kept}>{_ESCAPES._escape_data(told)}</t></is></c>'
