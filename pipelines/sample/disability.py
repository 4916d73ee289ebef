"""Disability cards and the subsidies paid on them: 残联's file."""

from __future__ import annotations

from pipelines.sample.families import Living
from pipelines.sample.life import Card, Life
from pipelines.sample.months import day_in, last_day
from pipelines.sample.people import County
from pipelines.sample.tables import Table, add, blank, day_cell, money_cell

CARD_EVERY = 37  # households: one of them has a member with a light disability of long ago
KINDS_OF_SEVERE, KINDS_OF_LIGHT = ("4", "1", "5", "6", "7"), ("4", "2", "3")
LIVING_SUBSIDY, CARE_SUBSIDY, REHABILITATION = 200, 180, 60  # yuan a month


def old_cards(county: County) -> dict[int, list[Card]]:
    """Who cannot work has a card of grade 1 or 2 and both subsidies; some families have a light one."""
    cards = {}
    for number, person in enumerate(county.persons):
        if person.living == Living.UNABLE:
            kind, grade = KINDS_OF_SEVERE[number % len(KINDS_OF_SEVERE)], str(1 + number % 2)
            issued_on = day_in(county.start - 20 - number % 40, 11)
            rehabilitation = REHABILITATION if number % 3 == 0 else 0
            cards[number] = [
                Card(number, kind, grade, issued_on, is_subsidised=True, rehabilitation=rehabilitation)
            ]  # fmt: skip
    for place, household in enumerate(county.households):
        has_card = any(number in cards for number in county.people_of(household))
        if place % CARD_EVERY == 5 and not household.planned and not has_card:
            kind, grade = KINDS_OF_LIGHT[place % len(KINDS_OF_LIGHT)], str(3 + place % 2)
            cards[household.first] = [Card(household.first, kind, grade, day_in(county.start - 3 - place % 60, 18))]
    return cards


def cards(life: Life, month: int) -> Table:
    """The register as it stood on the last day of the month."""
    end = last_day(month)
    table = blank(
        "id_no name card_no kind grade issued_on cancelled_on living_subsidy care_subsidy rehabilitation_cost"
    )  # fmt: skip
    for number in sorted(life.cards):
        person = life.county.persons[number]
        for card in life.cards[number]:
            issued_on = card.renewed_on if card.renewed_on and card.renewed_on <= end else card.issued_on
            is_cancelled = card.cancelled_on is not None and card.cancelled_on <= end
            if issued_on <= end:
                add(table, [
                    person.id_no, person.name, f"{person.id_no}{card.kind}{card.grade}", card.kind, card.grade,
                    issued_on.isoformat(), day_cell(card.cancelled_on) if is_cancelled else "",
                    f"{LIVING_SUBSIDY * card.is_subsidised}.00", f"{CARE_SUBSIDY * card.is_subsidised}.00",
                    money_cell(card.rehabilitation),
                ])  # fmt: skip
    return table
