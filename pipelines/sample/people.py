"""Who lives in the county: households with a place, persons with an invented name and number, memberships."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from expectations.identity import check_character
from pipelines.sample.families import CHILD_OF_HEAD, DAUGHTER, FAMILIES, PARENT, SON, SPOUSE, Family, Living, Member
from pipelines.sample.months import HISTORY, month_of
from pipelines.sample.plan import Planned, planned_events

AREA6 = "370402"
INVENTED_COUNTY = "990402"  # no county has this code: the numbers can be nobody's
FEWEST_HOUSEHOLDS = 150  # below it the plan would leave too few ordinary families

# Town code, name, whether it is a town of villages. The names are made up.
TOWNS = (
    ("001", "清河街道", False), ("002", "南桥街道", False), ("003", "文昌街道", False), ("004", "柳林镇", True),
    ("005", "石屋镇", True), ("006", "白塔镇", True), ("007", "孟庄镇", True), ("008", "永安镇", True),
)  # fmt: skip
FORMER_CODE_OF_TOWN = {"008": "018"}  # the code that it had before it was merged
HOUSEHOLDS_A_VILLAGE = 60  # about as many as two or three grids hold of the families that civil affairs knows
UNLISTED_EVERY = 9  # one of so many couples of two wages is unknown to civil affairs

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志文辉云莲真环雪荣爱妹香月"
RARE_GIVEN = "𠮷㐂"  # four bytes each in GB18030, and the first beyond the basic plane
RARE_NAME_EVERY = 97  # persons
COMMON_NAME, COMMON_NAME_EVERY = "王伟", 53  # one name, many numbers
NEVER = 12 * 10_000
"""A month that does not come."""


@dataclass(slots=True)
class Person:
    household: int
    relation: str
    sex: str
    born: date
    living: Living
    pay: int
    name: str
    id_no: str
    is_quiet: bool = False
    """Has no other bills than the plan's."""
    numbered_from: int = 0
    """The month from which the identity number is known; before it, members alone hold the person."""


@dataclass(slots=True)
class Membership:
    person: int
    household: int
    relation: str
    from_month: int
    to_month: int | None = None
    is_coliving: bool = True
    is_supporter: bool = False
    becomes: tuple[int, str] | None = None
    """The month from which the relation to the head is another one, because the head is."""


@dataclass(slots=True)
class Household:
    number: str
    family: Family
    planned: Planned | None
    area12: str
    grid_code: str
    address: str
    phone: str
    first: int = 0
    """The first of its persons, the head; the others follow."""
    is_later: bool = False
    """A number that civil affairs gave to people of another household."""
    aid_type: str = ""
    """The assistance it holds, whatever its kind of family."""
    is_listed: bool = True
    """Whether civil affairs knows it."""


@dataclass
class County:
    as_of: date
    seed: int
    households: list[Household] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)

    @property
    def t(self) -> int:
        """The month of the list. History ends with the month before."""
        return month_of(self.as_of)

    @property
    def start(self) -> int:
        return self.t - HISTORY

    def of(self, planned: Planned, position: int = 0) -> int:
        """The person at this position of the planned household."""
        return self.households[planned.household].first + position

    def people_of(self, household: Household) -> range:
        """Its persons, whatever has become of them."""
        return range(household.first, household.first + len(household.family.members))

    def town_of(self, person: Person) -> str:
        return self.households[person.household].area12[6:9]

    def households_lived_in(self) -> Iterator[tuple[int, Household]]:
        """The families as they settled; numbers that came later are on paper alone."""
        return ((p, h) for p, h in enumerate(self.households) if not h.is_later)

    def draws(self, topic: int) -> np.random.Generator:
        """Chance of one topic, so that a change of one topic leaves the others as they were."""
        return np.random.default_rng([self.seed, topic])


def settle(households: int, seed: int, as_of: date) -> County:
    """The county on the first day of its history. Raises ValueError where it would be too small for the plan."""
    if households < FEWEST_HOUSEHOLDS:
        raise ValueError(f"A made-up county needs at least {FEWEST_HOUSEHOLDS} households, not {households}")
    county = County(as_of, seed)
    draws = county.draws(1)
    places = draws.permutation(households).tolist()
    planned = [replace(p, household=places[p.household]) for p in planned_events(households, county.t)]
    by_place = {p.household: p for p in planned}
    kinds = {p.household: FAMILIES[p.event.family] for p in planned}
    kinds |= dict(zip(places[len(planned) :], _ordinary(households - len(planned)), strict=True))
    populate(county, [kinds[place] for place in range(households)], by_place, draws)
    return county


def populate(
    county: County, families: Sequence[Family], planned: Mapping[int, Planned], draws: np.random.Generator
) -> None:
    """House these families in towns and villages, and give every member a name and a number."""
    for place, family in enumerate(families):
        county.households.append(_housed(place, family, planned.get(place), len(families)))
    _people(county, draws)


def _ordinary(count: int) -> list[Family]:
    """So many families that nothing happens to, in fixed shares."""
    kinds = [family for family in FAMILIES.values() if family.per_thousand]
    ends = np.cumsum([family.per_thousand for family in kinds])
    counts = np.diff(np.round(ends * count / ends[-1]).astype(int), prepend=0)
    return [family for family, many in zip(kinds, counts, strict=True) for _ in range(many)]


def _housed(place: int, family: Family, planned: Planned | None, households: int) -> Household:
    towns = [town for town in TOWNS if town[2] == family.is_rural]
    town, town_name, _ = towns[place % len(towns)]
    villages = min(999, 1 + households // (len(TOWNS) * HOUSEHOLDS_A_VILLAGE))
    village = place // len(towns) % villages + 1
    area12 = f"{AREA6}{town}{village:03d}"
    return Household(
        number=f"SZ{place + 1:07d}",
        family=family,
        planned=planned,
        area12=area12,
        grid_code=f"{area12}{1 + place // 7 % 2:02d}",
        address=f"{town_name}{village}{'村' if family.is_rural else '社区'}{place + 1}号",
        phone=f"1990000{place % 10000:04d}",
        aid_type=family.aid_type,
        is_listed=planned is not None or family.name != "two wages" or place % UNLISTED_EVERY != 0,
    )


def _people(county: County, draws: np.random.Generator) -> None:
    sizes = [len(household.family.members) for household in county.households]
    drawn = draws.random((sum(sizes), 7))
    known_since = draws.integers(county.start - 60, county.start - 24, len(sizes)).tolist()
    serials: dict[tuple[date, str], int] = defaultdict(int)
    for place, household in enumerate(county.households):
        household.first = len(county.persons)
        chances = drawn[household.first : household.first + sizes[place]].tolist()
        family_name = SURNAMES[int(chances[0][0] * len(SURNAMES))]
        for member, chance in zip(household.family.members, chances, strict=True):
            number = len(county.persons)
            person = _person(place, member, household.planned, county.as_of, chance)
            own_name = member.relation == SPOUSE or (member.relation == PARENT and person.sex == "f")
            surname = SURNAMES[int(chance[0] * len(SURNAMES))] if own_name else family_name
            is_common = number % COMMON_NAME_EVERY == 11
            person.name = COMMON_NAME if is_common else surname + _given(number, chance)
            person.id_no = _identity_number(person, serials)
            county.persons.append(person)
            since = max(known_since[place], month_of(person.born))
            county.memberships.append(Membership(number, place, person.relation, since))


def _person(place: int, member: Member, planned: Planned | None, as_of: date, chance: list[float]) -> Person:
    sex = member.sex or ("m" if chance[3] < 0.5 else "f")
    relation = member.relation
    if relation == CHILD_OF_HEAD:
        relation = SON if sex == "m" else DAUGHTER
    pay = round(member.pay * (0.85 + 0.3 * chance[6]) / 20) * 20
    born = _born(member, planned, as_of, chance)
    return Person(place, relation, sex, born, member.living, pay, "", "", numbered_from=month_of(born))


def _born(member: Member, planned: Planned | None, as_of: date, chance: list[float]) -> date:
    youngest, oldest = member.ages
    if youngest == oldest and planned:  # the birthday is the event, or belongs to it
        day = planned.on
        return (
            day.replace(year=day.year - youngest)
            if member.living in _BIRTHDAY_IS_PLANNED
            else _aged(as_of, youngest, 0.25 + chance[5] / 2)
        )
    return _aged(as_of, youngest + int(chance[4] * (oldest - youngest + 1)), chance[5])


_BIRTHDAY_IS_PLANNED = (Living.NEWBORN, Living.PUPIL, Living.RETIRING)


def _aged(as_of: date, years: int, part_of_year: float) -> date:
    return as_of.replace(year=as_of.year - years, day=min(as_of.day, 28)) - timedelta(days=int(part_of_year * 364))


def _given(number: int, chance: list[float]) -> str:
    if number % RARE_NAME_EVERY in (40, 80):
        return RARE_GIVEN[number % RARE_NAME_EVERY == 80]
    first, second = (GIVEN[int(c * len(GIVEN))] for c in chance[1:3])
    return first + second if chance[3] < 0.7 else first


def _identity_number(person: Person, serials: dict[tuple[date, str], int]) -> str:
    """A valid number of a county that does not exist; the serial is odd for men, even for women (GB 11643)."""
    rank = serials[person.born, person.sex]
    serials[person.born, person.sex] += 1
    serial = 2 * rank + (1 if person.sex == "m" else 2)
    if serial > 999:
        raise ValueError(f"More persons were born on {person.born} than there are numbers; make a smaller county")
    first17 = f"{INVENTED_COUNTY}{person.born:%Y%m%d}{serial:03d}"
    return first17 + check_character(first17)
