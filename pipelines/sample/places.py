"""Towns and villages of the made-up county as rows of areas.csv: no real place is named for made-up families."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pipelines.sample.civil_affairs import FORMER_CODES_UNTIL
from pipelines.sample.months import day_in
from pipelines.sample.people import AREA6, FORMER_CODE_OF_TOWN, TOWNS, County

HEADER = ("code", "name", "parent", "level", "valid_from", "valid_to", "successor")


def places(county: County) -> Iterator[tuple[str, ...]]:
    """The towns and villages as they stand, and the town that was merged away with its successor."""
    merged_on = day_in(county.t - FORMER_CODES_UNTIL + 1, 1)
    for town, name, is_rural in TOWNS:
        code = f"{AREA6}{town}000"
        yield code, f"{name}（示例）", f"{AREA6}000000", "town", "", "", ""
        if town in FORMER_CODE_OF_TOWN:
            ended = (merged_on - timedelta(days=1)).isoformat()
            former = f"{AREA6}{FORMER_CODE_OF_TOWN[town]}000"
            yield former, f"原{name}（示例）", f"{AREA6}000000", "town", "", ended, code
        inside = sorted({h.area12 for h in county.households if h.area12.startswith(f"{AREA6}{town}")})
        for place, area12 in enumerate(inside, start=1):
            kind = "村" if is_rural else "社区"
            yield area12, f"{name}第{place}{kind}（示例）", code, "village", "", "", ""
