"""What goes wrong on the way: dirt planted in the files, and where it lies."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from pipelines.sample.delivering import Delivery, Manner
from pipelines.sample.families import Living
from pipelines.sample.months import month_text
from pipelines.sample.people import AREA6, County

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
    Spot("lower_case_x", "civil_affairs_members", 12, "id_no"),
    Spot("other_name", _CONTRIBUTIONS, 6, "name"),
    Spot("blank_required", _CONTRIBUTIONS, 7, "base"),
    Spot("unknown_code", _SETTLEMENTS, 3, "insurance"),
    Spot("money_in_ten_thousands", "civil_affairs_income", 12, "amount"),
    Spot("negative_money", _PENSIONS, 8, "amount"),
    Spot("date_day_first", _SETTLEMENTS, 6, "settled_at"),
    Spot("unbalanced_settlement", _SETTLEMENTS, 2, "personal_total"),
    Spot("ragged_row", _CONTRIBUTIONS, 9, ""),
    Spot("blank_line", _PENSIONS, 10, ""),
    Spot("duplicate_row", _SETTLEMENTS, 7, ""),
)

DUPLICATE_DELIVERY = (_CONTRIBUTIONS, 13)
CORRECTED_DELIVERY = (_PENSIONS, 6)
WITHOUT_REQUIRED_COLUMN = ("employment_unemployment", 3, "registered_on")
WITHOUT_CONTRACT = "civil_affairs_meals"

CORRECTED_ROWS = 3
NOT_YET_RAISED = 0.9  # what the first delivery says of a pension, as a part of the right amount

_SPOIL: dict[str, Callable[[str], str]] = {
    "destroyed_id": lambda number: f"{float(number[:17]) * 10:.1E}",
    "wrong_check_character": lambda number: number[:17] + ("1" if number[17] == "0" else "0"),
    "id_of_15_digits": lambda number: number[:6] + number[8:17],
    "full_width_digits": lambda number: number.translate(FULL_WIDTH),
    "lower_case_x": str.lower,
    "other_name": lambda name: name[:1] + "小" + name[-1:],
    "blank_required": lambda cell: "",
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


def soiled(delivery: Delivery, ago: int, clean_ids: Collection[str], draws: np.random.Generator) -> list[Stain]:
    """Plant the dirt of this file. Rows of `clean_ids`, the plan's persons, stay clean: their truth must be seen."""
    stained: list[tuple[list[str], str, str]] = []
    for spot in SPOTS:
        if (spot.extract, spot.ago) == (delivery.extract, ago):
            for row in _chosen(delivery, spot, clean_ids, draws):
                stained.append((_stained(delivery, row, spot), spot.column, spot.kind))
    lines = {id(row): line for line, row in enumerate(delivery.rows, start=1)}
    return [Stain(delivery.path, lines[id(row)], column, kind) for row, column, kind in stained]


def _chosen(delivery: Delivery, spot: Spot, clean_ids: Collection[str], draws: np.random.Generator) -> list[list[str]]:
    fits = _FITS.get(spot.kind, bool)
    number, place = delivery.position("id_no"), delivery.position(spot.column or "id_no")
    candidates = [row for row in delivery.rows[1:] if row[number] not in clean_ids and fits(row[place])]
    many = max(1, len(delivery.rows) // ROWS_A_STAIN)
    return [candidates[i] for i in sorted(draws.choice(len(candidates), many, replace=False).tolist())]


def _stained(delivery: Delivery, row: list[str], spot: Spot) -> list[str]:
    """Spoil a row, or put one beside it; gives the row that is wrong now."""
    after = next(i for i, other in enumerate(delivery.rows) if other is row) + 1
    if spot.kind == "blank_line":
        delivery.rows.insert(after, [])
        return delivery.rows[after]
    if spot.kind == "duplicate_row":
        delivery.rows.insert(after, list(row))
        return delivery.rows[after]
    if spot.kind == "ragged_row":
        row.pop()
        return row
    place = delivery.position(spot.column)
    row[place] = _SPOIL[spot.kind](row[place])
    return row


def redelivered(delivery: Delivery, ago: int) -> tuple[list[Delivery], list[Stain]]:
    """All that the body sends of this period: what it must send again, or sends twice. The best comes last."""
    again = replace(delivery.copy(), seq=2)
    match (delivery.extract, ago):
        case pair if pair == DUPLICATE_DELIVERY:
            return [delivery, again], [Stain(again.path, None, "", "duplicate_delivery")]
        case pair if pair == CORRECTED_DELIVERY:
            place = delivery.position("amount")
            wrong = range(2, 2 + CORRECTED_ROWS)
            for line in wrong:
                row = delivery.rows[line - 1]
                row[place] = f"{float(row[place]) * NOT_YET_RAISED:.2f}"
            return [delivery, again], [Stain(again.path, line, "amount", "corrected_delivery") for line in wrong]
        case pair if pair == WITHOUT_REQUIRED_COLUMN[:2]:
            column = WITHOUT_REQUIRED_COLUMN[2]
            place = delivery.position(column)
            lacking = replace(
                delivery,
                columns=[c for c in delivery.columns if c.name != column],
                rows=[row[:place] + row[place + 1 :] for row in delivery.rows],
            )
            return [lacking, again], [Stain(lacking.path, None, column, "missing_required_column")]
    return [delivery], []


def without_contract(county: County) -> tuple[Delivery, Stain]:
    """A list of the canteens for old people, which nobody asked for."""
    guests = [person for person in county.persons if person.living == Living.PENSION][:20]
    rows = [[guest.id_no, guest.name, str(5 + i % 20)] for i, guest in enumerate(guests)]
    header = ["身份证号", "姓名", "用餐次数"]
    meals = Delivery(WITHOUT_CONTRACT, AREA6, month_text(county.t - 1), Manner(), [], [header, *rows])
    return meals, Stain(meals.path, None, "", "file_without_contract")
