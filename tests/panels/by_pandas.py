"""What the pipeline must come to on a panel, by another route: plain pandas on the survey's own table, no months, no SQL.

A frame has one row a household and wave: id, year, income (of a month, in hundredths). Nothing here knows an extract.
"""

from __future__ import annotations

import pandas as pd


def judged(panel: pd.DataFrame) -> pd.DataFrame:
    """Each wave of which two waves before are known: the income of that wave and the median of all before it."""
    rows = panel.sort_values(["id", "year"])
    up_to_now = rows.groupby("id")["income"].expanding().median().droplevel("id")
    before = up_to_now.groupby(rows["id"]).shift()
    return rows.assign(before=before)[rows.groupby("id").cumcount() >= 2]


def fallen(waves: pd.DataFrame, share: float) -> pd.Series:
    """Who has lost at least a share of what was usual; what was nothing cannot be lost."""
    return (waves["before"] > 0) & (waves["income"] <= (1 - share) * waves["before"])


def under_half(waves: pd.DataFrame) -> pd.Series:
    """As the figure known of the panel counts: who has less than half. Ours counts who has half as well."""
    return 2 * waves["income"] < waves["before"]


def at_half(waves: pd.DataFrame) -> pd.Series:
    return (2 * waves["income"] == waves["before"]) & (waves["before"] > 0)


def silent_between(panel: pd.DataFrame) -> int:
    """How many have a wave without a row between two with one."""
    seen = panel.groupby("id")["year"].agg(["min", "max", "count"])
    return int((seen["max"] - seen["min"] + 1 > seen["count"]).sum())


def income_hits(waves: pd.DataFrame, standard: int) -> set[tuple[int, int, str, int]]:
    """(household, wave, rule, level) for households of one: INC-DROP with a floor of 0, INC-BELOW, INC-EDGE at 1.5."""
    halved = fallen(waves, 0.5)
    below = (waves["income"] < standard) & (waves["before"] >= standard)
    edge = (waves["income"] < 1.5 * standard) & (waves["before"] >= 1.5 * standard) & ~below
    masks = {
        ("INC-DROP", 2): halved,
        ("INC-DROP", 1): fallen(waves, 0.25) & ~halved,
        ("INC-BELOW", 3): below,
        ("INC-EDGE", 2): edge,
    }
    return {
        (household, wave, *hit)
        for hit, mask in masks.items()
        for household, wave in waves.loc[mask, ["id", "year"]].itertuples(index=False)
    }


def medical_hits(years: pd.DataFrame, standard: int, floor: int, line: int) -> set[tuple[int, int, str, int]]:
    """(household, year, rule, level) for households of one, of income and own cost of a year and a standard of a year."""
    income, own = years["income"], years["own"]
    left = (income - standard).clip(lower=0)
    tenth, quarter, two_fifths = (
        (own > 0) & (parts * own >= whole * income) for whole, parts in ((1, 10), (1, 4), (2, 5))
    )
    masks = {
        ("MED-SHARE", 2): two_fifths,
        ("MED-SHARE", 1): quarter & ~two_fifths,
        ("MED-SHARE", 0): tenth & ~quarter,
        ("MED-CHE40", 2): (own * 10 > left * 4) & (own >= floor),
        ("MED-IMPOVERISH", 3): income.between(standard, standard + own, inclusive="left"),
        ("MED-ABS", 3): own >= 2 * line,
        ("MED-ABS", 2): own.between(line, 2 * line, inclusive="left"),
    }
    return {
        (household, year, *hit)
        for hit, mask in masks.items()
        for household, year in years.loc[mask, ["id", "year"]].itertuples(index=False)
    }
