"""Rural families that are watched so that they do not fall back into poverty: 农业农村's file."""

from __future__ import annotations

from pipelines.sample.life import Life, Monitoring
from pipelines.sample.months import day_in, last_day
from pipelines.sample.tables import Table, add, blank

OUT_OF_POVERTY = "9"
OUT_OF_POVERTY_EVERY = 17  # rural households
IDENTIFIED = (2016, 12)  # when the families that are out of poverty now were identified


def monitoring(life: Life, month: int) -> Table:
    """The register as it stood on the last day of the month: one row a person."""
    county = life.county
    table = blank("id_no name monitor_no kind identified_on cleared_on risk_cause net_income")
    for one in sorted([*_out_of_poverty(life), *life.monitorings], key=lambda m: m.household):
        if one.identified_on <= last_day(month):
            for number in county.people_of(county.households[one.household]):
                person = county.persons[number]
                if person.numbered_from <= month and number not in life.deaths:
                    add(table, [
                        person.id_no, person.name, f"NY{one.household:07d}", one.kind, one.identified_on.isoformat(),
                        "", one.cause, f"{one.net_income}.00",
                    ])  # fmt: skip
    return table


def _out_of_poverty(life: Life) -> list[Monitoring]:
    identified_on = day_in(IDENTIFIED[0] * 12 + IDENTIFIED[1] - 1, 20)
    return [
        Monitoring(place, OUT_OF_POVERTY, identified_on, "9", 15_000 + place % 40 * 100)
        for place, household in enumerate(life.county.households)
        if household.family.is_rural and not household.planned and place % OUT_OF_POVERTY_EVERY == 3
    ]
