"""Numbers of cases, in plain Python: the second reading that the SQL macros are held against.

A `G`, ten signs of base32 (Crockford's: no I, L, O, U) and a check sign by Luhn's rule for 32 signs, so that one wrong
sign never passes, and no spreadsheet takes the number for a number.
"""

from __future__ import annotations

import re
import unicodedata

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FIRST = "G"
_BETWEEN = re.compile(r"[\s'’‘`´\"_–—\u200b-\u200f\ufeff-]")


def case_id(number: int) -> str:
    """The case number of the last fifty bits of a whole number."""
    ten = "".join(SIGNS[number >> 5 * place & 31] for place in range(9, -1, -1))
    return FIRST + ten + SIGNS[-_weight(ten + "0") % 32]


def item_no(number: int) -> str:
    """The number of an item of supervision: an `S` before the same signs."""
    return "S" + case_id(number)[1:]


def written(text: str) -> str | None:
    """A number as staff and spreadsheets send it back, written as we do; None where it is no case number.

    Case, width, spaces and apostrophes are folded, O read as 0, I and L as 1, and the first G may be missing. Eleven
    signs that begin with G are not taken: the lost sign may be any.
    """
    signs = _BETWEEN.sub("", unicodedata.normalize("NFKC", text).upper())
    signs = signs.translate(str.maketrans("OIL", "011"))
    if len(signs) == 12 and signs.startswith(FIRST):
        signs = signs[1:]
    elif signs.startswith(FIRST):
        return None
    return FIRST + signs if len(signs) == 11 and set(signs) <= set(SIGNS) and _weight(signs) % 32 == 0 else None


def _weight(signs: str) -> int:
    """Every second sign from the right is doubled, and the two signs of a double added up."""
    doubled = [SIGNS.index(sign) * (1 + place % 2) for place, sign in enumerate(reversed(signs))]
    return sum(n // 32 + n % 32 for n in doubled)
