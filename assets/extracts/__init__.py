"""The extracts: every new record gets its verdict once, and what stands tonight is read through one view each.

A night of one extract is a folder: `accepted` rows, the `people` seen in them, `accounts` per delivery and the
judge's `checks`. Rejected records and the vault's part lie in folders of their own.
"""

from assets.extracts.accepting import CheckResult, account, take_in
from assets.extracts.staging import unlock
from assets.extracts.standing import (
    forget_linked,
    open_deliveries,
    open_views,
    stored_columns,
    unidentified_files,
)

__all__ = [
    "CheckResult",
    "account",
    "forget_linked",
    "open_deliveries",
    "open_views",
    "stored_columns",
    "take_in",
    "unidentified_files",
    "unlock",
]
