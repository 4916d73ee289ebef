"""Identity numbers by GB 11643, in plain Python: the second reading that the SQL macros are held against."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check_character(first17: str) -> str:
    """The 18th character: the weighted sum of 17 digits, mod 11 (GB 11643, mod 11-2 of ISO 7064)."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def written(text: str) -> str:
    """Folded to half width, without spaces, upper case; 15 digits become 18 with the century 19."""
    number = unicodedata.normalize("NFKC", text).replace(" ", "").upper()
    if re.fullmatch(r"[0-9]{15}", number):
        first17 = number[:6] + "19" + number[6:]
        return first17 + check_character(first17)
    return number


def fault(text: str, period_end: date) -> str | None:
    """The reason code of a number that cannot be used, None for a good one."""
    number = written(text)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        if re.fullmatch(r"[0-9](\.[0-9]+)?E\+?[0-9]+|[0-9]+\.0+|[0-9]{12,18}0{3}\.?", number):
            return "ID-DESTROYED"
        return "ID-LENGTH" if len(number) != 18 else "ID-CHARACTER"
    if number[17] != check_character(number[:17]):
        return "ID-DESTROYED" if number.endswith("000") else "ID-CHECK"
    try:
        born = date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    except ValueError:
        return "ID-BIRTH"
    return None if date(1890, 1, 1) <= born <= period_end else "ID-BIRTH"
