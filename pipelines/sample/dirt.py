"""What goes wrong on the way: dirt planted in the files, and where it lies."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from expectations.contract import NAME, PERSON, column
from expectations.identity import check_character
from expectations.kinds import INTEGER
from pipelines.sample.delivering import Delivery
from pipelines.sample.families import Living
from pipelines.sample.manners import Manner
from pipelines.sample.months import month_text
from pipelines.sample.people import County

ROWS_A_STAIN = 2000
"""One dirty row of a kind in so many, and at least one: too few to hold a file."""

FULL_WIDTH = {ord("0") + i: 0xFF10 + i for i in range(10)}


class Stain(NamedTuple):
    """One piece of dirt. Line 1 is the header; line and column are blank where the whole file is meant."""

    file: str
    line: int | None
    column: str
    kind: str


@dataclass(frozen=True)
class Spot:
    """A kind of dirt and the file that gets it, by extract and months before `as_of`."""

    kind: str
    extract: str
    ago: int
    column: str


_CONTRIBUTIONS, _PENSIONS, _SETTLEMENTS = "employment_contributions", "employment_pensions", "health_settlements"

SPOTS = (
    Spot("destroyed_id", _CONTRIBUTIONS, 5, "id_no"),
    Spot("wrong_check_character", _SETTLEMENTS, 4, "id_no"),
    Spot("id_of_15_digits", _PENSIONS, 3, "id_no"),
    Spot("full_width_digits", "civil_affairs_members", 1, "id_no"),
    Spot("lower_case_x", "civil_affairs_members", 5, "id_no"),
    Spot("other_name", _CONTRIBUTIONS, 6, "name"),
    Spot("other_number", _CONTRIBUTIONS, 8, "id_no"),
    Spot("blank_required", _CONTRIBUTIONS, 7, "base"),
    Spot("unknown_code", _SETTLEMENTS, 3, "insurance"),
    Spot("money_in_ten_thousands", "civil_affairs_income", 12, "amount"),
    Spot("negative_money", _PENSIONS, 8, "amount"),
    Spot("date_day_first", _SETTLEMENTS, 6, "settled_at"),
    Spot("unbalanced_settlement", _SETTLEMENTS, 2, "personal_total"),
    Spot("area_of_six_digits", "public_security_registry", 4, "area12"),
    Spot("day_to_come", "disability_cards", 3, "issued_on"),
    Spot("two_digit_year", "health_insurance", 5, "year"),
    Spot("blank_name", "housing_fund", 4, "name"),
    Spot("ragged_row", _CONTRIBUTIONS, 9, ""),
    Spot("blank_line", _PENSIONS, 10, ""),
    Spot("duplicate_row", _SETTLEMENTS, 7, ""),
)

DUPLICATE_DELIVERY = (_CONTRIBUTIONS, 13)
CORRECTED_DELIVERY = (_PENSIONS, 6)
WITHOUT_REQUIRED_COLUMN = ("employment_unemployment", 3, "registered_on")
LATE_DELIVERY = ("housing_fund", 1)
SHORT_DELIVERY = ("health_insurance", 1)
LEFT_OUT_TOWN = "007"  # whose people the short delivery lacks
WITHOUT_CONTRACT = "civil_affairs_meals"

CORRECTED_ROWS = 3
NOT_YET_RAISED = 0.9  # what the first delivery says of a pension, as a part of the right amount
ANOTHER_INVENTED_COUNTY = "990403"


class Sent(NamedTuple):
    """What a body sends of one period: tonight, and on a later night, by days after `as_of`."""

    tonight: list[Delivery]
    later: Mapping[int, Delivery]
    stains: list[Stain]


_SPOIL: dict[str, Callable[[str], str]] = {
    "destroyed_id": lambda number: f"{float(number[:17]) * 10:.1E}",
    "wrong_check_character": lambda number: number[:17] + ("1" if number[17] == "0" else "0"),
    "id_of_15_digits": lambda number: number[:6] + number[8:17],
    "full_width_digits": lambda number: number.translate(FULL_WIDTH),
    "lower_case_x": str.lower,
    "other_name": lambda name: name[:1] + "小" + name[-1:],
    "other_number": lambda number: _valid(ANOTHER_INVENTED_COUNTY + number[6:17]),
    "blank_required": lambda cell: "",
    "blank_name": lambda name: "",
    "area_of_six_digits": lambda area12: area12[:6],
    "day_to_come": lambda day: f"{int(day[:4]) + 30}{day[4:]}",
    "two_digit_year": lambda year: year[2:4],
    "unknown_code": lambda code: "399",
    "money_in_ten_thousands": lambda amount: "1.2万",
    "negative_money": lambda amount: f"-{amount}",
    "date_day_first": lambda day: f"{day[8:]}/{day[5:7]}/{day[:4]}",
    "unbalanced_settlement": lambda amount: f"{float(amount) + 12.34:.2f}",
}

_FITS: dict[str, Callable[[str], bool]] = {
    "destroyed_id": lambda number: number[17] != "X",
    "id_of_15_digits": lambda number: number[6:8] == "19",
    "lower_case_x": lambda number: number.endswith("X"),
}  # fmt: skip


def _valid(first17: str) -> str:
    return first17 + check_character(first17)


def soiled(delivery: Delivery, ago: int, clean_ids: Collection[str], draws: np.random.Generator) -> list[Stain]:
    """Plant the dirt of this file. Rows of `clean_ids`, the plan's persons, stay clean: their truth must be seen."""
    stained: list[tuple[int, int, Spot]] = []
    for spot in SPOTS:
        if (spot.extract, spot.ago) == (delivery.extract, ago):
            stained += [(i, _stain(delivery, i, spot), spot) for i in _chosen(delivery, spot, clean_ids, draws)]
    return [Stain(delivery.path, delivery.line_of(i) + below, spot.column, spot.kind) for i, below, spot in stained]


def _chosen(delivery: Delivery, spot: Spot, clean_ids: Collection[str], draws: np.random.Generator) -> list[int]:
    fits = _FITS.get(spot.kind, bool)
    numbers = delivery.cells[delivery.position("id_no")]
    cells = delivery.cells[delivery.position(spot.column or "id_no")]
    candidates = [
        i
        for i, (number, cell) in enumerate(zip(numbers, cells, strict=True))
        if number not in clean_ids and fits(cell) and i not in delivery.instead
    ]
    many = max(1, delivery.length // ROWS_A_STAIN)
    return [candidates[i] for i in sorted(draws.choice(len(candidates), many, replace=False).tolist())]


def _stain(delivery: Delivery, i: int, spot: Spot) -> int:
    """Spoil a row, or put one below it; gives how many lines below the row's own the wrong one stands."""
    row = delivery.row(i)
    match spot.kind:
        case "blank_line":
            delivery.instead[i] = [row, []]
            return 1
        case "duplicate_row":
            delivery.instead[i] = [row, row]
            return 1
        case "ragged_row":
            delivery.instead[i] = [row[:-1]]
        case _:
            place = delivery.position(spot.column)
            row[place] = _SPOIL[spot.kind](row[place])
            delivery.instead[i] = [row]
    return 0


def sent(delivery: Delivery, ago: int, county: County) -> Sent:
    """All that the body sends of this period, some of it twice, too late or not whole. The best comes last."""
    again = delivery.again()
    match (delivery.extract, ago):
        case pair if pair == DUPLICATE_DELIVERY:
            return Sent([delivery, again], {}, [Stain(again.path, None, "", "duplicate_delivery")])
        case pair if pair == CORRECTED_DELIVERY:
            amounts = delivery.cells[delivery.position("amount")]
            wrong = [f"{float(amount) * NOT_YET_RAISED:.2f}" for amount in amounts[:CORRECTED_ROWS]]
            stains = [Stain(again.path, 2 + i, "amount", "corrected_delivery") for i in range(CORRECTED_ROWS)]
            return Sent([delivery.with_cells("amount", [*wrong, *amounts[CORRECTED_ROWS:]]), again], {}, stains)
        case pair if pair == WITHOUT_REQUIRED_COLUMN[:2]:
            lacking = delivery.without(WITHOUT_REQUIRED_COLUMN[2])
            stain = Stain(lacking.path, None, WITHOUT_REQUIRED_COLUMN[2], "missing_required_column")
            return Sent([lacking, again], {}, [stain])
        case pair if pair == LATE_DELIVERY:
            return Sent([], {1: delivery}, [Stain(delivery.path, None, "", "late_delivery")])
        case pair if pair == SHORT_DELIVERY:
            left_out = {p.id_no for p in county.persons if county.town_of(p) == LEFT_OUT_TOWN}
            numbers = delivery.cells[delivery.position("id_no")]
            short = delivery.only([i for i, number in enumerate(numbers) if number not in left_out])
            return Sent([short], {2: again}, [Stain(short.path, None, "", "short_delivery")])
    return Sent([delivery], {}, [])


def without_contract(county: County) -> tuple[Delivery, Stain]:
    """A list of the canteens for old people, which nobody asked for."""
    guests = [person for person in county.persons if person.living == Living.PENSION][:20]
    cells = [[p.id_no for p in guests], [p.name for p in guests], [str(5 + i % 20) for i in range(len(guests))]]
    columns = [PERSON, NAME, column("meals", "用餐次数", INTEGER, "Meals")]
    meals = Delivery(
        WITHOUT_CONTRACT, month_text(county.t - 1), Manner(), columns, [one.header for one in columns], cells
    )  # fmt: skip
    return meals, Stain(meals.path, None, "", "file_without_contract")
