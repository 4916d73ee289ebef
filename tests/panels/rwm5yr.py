"""The German health panel 1984-1988 (`rwm5yr`) as extracts: who was asked, and what the household had each year.

A wave becomes a quarter of ours. The three months before the night are then the wave that is judged, the twelve
before them all the waves before it, each three times over: their median is the median of the waves.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from assets.home import Home
from expectations.contract import contracts
from expectations.identity import check_character
from tests.inboxes import AREA6, hand_in
from tests.panels.frames import from_csv

TABLE = "COUNT/rwm5yr"
FIRST = 1984
# the nights on which a wave may be judged: two before it are the least that a median asks for
NIGHTS = {date(2024, 10, 15): 1986, date(2025, 1, 15): 1987, date(2025, 4, 15): 1988}
STANDARD = 1000  # marks a head and month

STANDARDS = f"""name,area_prefix,residence,value,unit,valid_from,valid_to,known_at,document
dibao,990402,any,{STANDARD},month,2020-01-01,,2020-01-01,rwm5yr
"""
# a median of two waves at least; a fall is a fall, however small the income
PARAMETERS = """name,area_prefix,residence,value,unit,valid_from,valid_to,known_at,document
income_before_known,990402,any,6,months,2000-01-01,,2000-01-01,rwm5yr
income_now_known,990402,any,3,months,2000-01-01,,2000-01-01,rwm5yr
inc_drop_floor,990402,any,0,ratio,2000-01-01,,2000-01-01,rwm5yr
"""


def panel() -> pd.DataFrame:
    """One row a person and wave; `income` is the household's of a month, in pfennigs (the file has thousands of marks)."""
    asked = from_csv(TABLE)
    return asked.assign(income=(asked["hhninc"] * 100_000).round().astype("int64"))


def months(wave: int) -> tuple[str, str]:
    """The first and the last month of ours that a wave stands for."""
    first = (wave - FIRST) * 3
    return f"{2024 + first // 12}{first % 12 + 1:02}", f"{2024 + first // 12}{first % 12 + 3:02}"


def household_no(person: int) -> str:
    return f"R{person:05}"


def lay_reference(home: Home) -> None:
    (home.reference / "standards.csv").write_text(STANDARDS, encoding="utf-8")
    (home.reference / "parameters.csv").write_text(PARAMETERS, encoding="utf-8")


def deliver(home: Home, asked: pd.DataFrame, night: date, since: int) -> None:
    """What is new by a night: the register of that month, and the income of every wave from `since` on."""
    people = _people(asked)
    hand_in(home, contracts()["civil_affairs_members"], _members(people), months(NIGHTS[night])[1])
    for wave in range(since, NIGHTS[night] + 1):
        rows = _incomes(people, asked[asked["year"] == wave])
        hand_in(home, contracts()["civil_affairs_income"], rows, months(wave)[1])


def _people(asked: pd.DataFrame) -> dict[int, dict[str, str]]:
    """Number and name of everybody asked."""
    born = (asked["year"] - asked["age"]).groupby(asked["id"]).min()
    return {
        person: {"id_no": _id_no(person, year), "name": f"人{person}", "household_no": household_no(person)}
        for person, year in sorted(born.to_dict().items())
    }


def _id_no(person: int, born: int) -> str:
    first17 = f"{AREA6}{born}{1 + person // 900:02}01{100 + person % 900}"
    return first17 + check_character(first17)


def _members(people: dict[int, dict[str, str]]) -> list[dict[str, str]]:
    """The panel does not say who lives with whom: each stands for a household of one, from before the first wave."""
    area = {
        "relation": "02",
        "is_coliving": "是",
        "area12": f"{AREA6}001001",
        "hukou_type": "1",
        "from_month": "202001",
    }
    return [person | area for person in people.values()]


def _incomes(people: dict[int, dict[str, str]], asked: pd.DataFrame) -> list[dict[str, str]]:
    return [
        people[person]
        | {
            "item": "A",
            "amount": f"{pfennigs // 100}.{pfennigs % 100:02}",
            "from_month": months(wave)[0],
            "to_month": months(wave)[1],
            "source": "2",
        }
        for person, wave, pfennigs in asked[["id", "year", "income"]].itertuples(index=False)
    ]
