"""What may be told of a failure: the text of an exception may hold a value, its kind and our line of code do not."""

from __future__ import annotations

import traceback
from pathlib import Path

_OURS = Path(__file__).parents[1]


def kind_and_place(error: Exception) -> str:
    """`ConversionException at assets/night.py:117`, by the last line of ours that it passed."""
    ours = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(_OURS)]
    where = f"{Path(ours[-1].filename).relative_to(_OURS)}:{ours[-1].lineno}" if ours else "outside our code"
    return f"{type(error).__name__} at {where}"
