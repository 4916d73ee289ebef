"""The RAND Health Insurance Experiment (`RandHIE`) as extracts: persons by year, their income, and what their plan left.

Years 1 to 5 of a person become 2021 to 2025; the night of each lies in the January after it.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from assets.home import Home
from expectations.contract import contracts
from expectations.identity import check_character
from tests.inboxes import AREA6, hand_in
from tests.panels.frames import from_pickle

TABLE = "sampleSelection/RandHIE"
NIGHTS = {date(2021 + year, 1, 15): year for year in range(1, 6)}
STANDARD = 300  # dollars a head and month
CHE_FLOOR = 100
ABS_LINE = 500
# the kinds of cost, and the day and kind of visit of the one settlement of a year that stands for each
KINDS = {
    "outpdol": ("03-15", "11"),
    "drugdol": ("06-15", "14"),
    "suppdol": ("08-15", "11"),
    "mentdol": ("09-15", "11"),
    "inpdol": ("11-15", "21"),
}

STANDARDS = f"""name,area_prefix,residence,value,unit,valid_from,valid_to,known_at,document
dibao,990402,any,{STANDARD},month,2010-01-01,,2010-01-01,RandHIE
"""
PARAMETERS = f"""name,area_prefix,residence,value,unit,valid_from,valid_to,known_at,document
med_share_floor,990402,any,0,yuan,2000-01-01,,2000-01-01,RandHIE
med_che_floor,990402,any,{CHE_FLOOR},yuan,2000-01-01,,2000-01-01,RandHIE
med_abs_others,990402,any,{ABS_LINE},yuan,2000-01-01,,2000-01-01,RandHIE
"""


def panel() -> pd.DataFrame:
    """One row a person and year: `income` of a month; total and own part of each kind of cost, all in cents."""
    seen = from_pickle(TABLE)
    cents = {kind: (seen[kind].astype("float64") * 100).round().astype("int64") for kind in KINDS}
    own = {f"own_{kind}": (total * seen["coins"] + 50) // 100 for kind, total in cents.items()}
    return seen[["year", "xage"]].assign(
        id=seen["zper"], income=(seen["income"].astype("float64") * 100 / 12).round().astype("int64"), **cents, **own
    )


def household_no(person: int) -> str:
    return f"H{person}"


def lay_reference(home: Home) -> None:
    (home.reference / "standards.csv").write_text(STANDARDS, encoding="utf-8")
    (home.reference / "parameters.csv").write_text(PARAMETERS, encoding="utf-8")


def deliver(home: Home, seen: pd.DataFrame, night: date) -> None:
    """What is new by a night: the register of the December before, and income and settlements of that year."""
    people, year = _people(seen), NIGHTS[night]
    period, rows = f"{2020 + year}12", seen[seen["year"] == year].to_dict("records")
    hand_in(home, contracts()["civil_affairs_members"], _members(people), period)
    hand_in(home, contracts()["civil_affairs_income"], [_income(people[row["id"]], row) for row in rows], period)
    settlements = [one for row in rows for one in _settlements(people[row["id"]], row)]
    hand_in(home, contracts()["health_settlements"], settlements, period)


def _people(seen: pd.DataFrame) -> dict[int, dict[str, str]]:
    """Number and name of everybody, children too: the table does not say whose they are."""
    ages = sorted(seen.groupby("id")["xage"].min().to_dict().items())
    return {
        person: {"id_no": _id_no(place, 2020 - int(age)), "name": f"人{person}", "household_no": household_no(person)}
        for place, (person, age) in enumerate(ages)
    }


def _id_no(place: int, born: int) -> str:
    first17 = f"{AREA6}{born}{1 + place // 900:02}01{100 + place % 900}"
    return first17 + check_character(first17)


def _members(people: dict[int, dict[str, str]]) -> list[dict[str, str]]:
    place = {
        "relation": "02",
        "is_coliving": "是",
        "area12": f"{AREA6}001001",
        "hukou_type": "1",
        "from_month": "202012",
    }
    return [person | place for person in people.values()]


def _income(person: dict[str, str], row: dict[str, int]) -> dict[str, str]:
    year = 2020 + row["year"]
    months = {"from_month": f"{year}01", "to_month": f"{year}12"}
    return person | months | {"item": "A", "amount": _dollars(row["income"]), "source": "2"}


def _settlements(person: dict[str, str], row: dict[str, int]) -> list[dict[str, str]]:
    """The plan pays all but the share of the person, whatever the year's ceiling would have taken over."""
    return [
        {"id_no": person["id_no"], "name": person["name"], "insurance": "390", "is_refund": "否"}
        | {"settlement_id": f"{row['id']}-{row['year']}-{kind}", "visit_type": visit}
        | {"settled_at": f"{2020 + row['year']}-{day}", "total": _dollars(row[kind])}
        | {"fund_total": _dollars(row[kind] - row[f"own_{kind}"]), "personal_total": _dollars(row[f"own_{kind}"])}
        for kind, (day, visit) in KINDS.items()
        if row[kind] > 0
    ]


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
