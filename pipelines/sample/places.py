"""Towns and villages of the made-up county as rows of areas.csv: no real place is named for made-up families."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.sample.people import AREA6, TOWNS, County

HEADER = ("code", "name", "parent", "level", "valid_from", "valid_to", "successor")


def places(county: County) -> Iterator[tuple[str, ...]]:
    for town, name, is_rural in TOWNS:
        code = f"{AREA6}{town}000"
        yield code, f"{name}（示例）", f"{AREA6}000000", "town", "", "", ""
        inside = sorted({h.area12 for h in county.households if h.area12.startswith(f"{AREA6}{town}")})
        for area12 in inside:
            yield (
                area12,
                f"{name}第{int(area12[9:])}{'村' if is_rural else '社区'}（示例）",
                code,
                "village",
                "",
                "",
                "",
            )
