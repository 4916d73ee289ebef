"""The kinds of family that live in the county: who belongs to them and what each member lives on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

HEAD, SPOUSE, SON, DAUGHTER, GRANDCHILD, PARENT = "02", "10", "20", "30", "40", "50"
CHILD_OF_HEAD = ""
"""Son or daughter, as the draw of the sex falls."""


class Living(IntEnum):
    """What a person lives on, and so which department hears of it."""

    WORKER = 1  # wage from an employer who pays contributions every month
    SEASONAL = 2  # the same, but away from home at the Spring Festival and unpaid then
    RETIRING = 3  # wage until the planned month, pension after it
    SELF_EMPLOYED = 4  # pays own contributions, on the lowest base that the law allows
    MIGRANT = 5  # works away without contributions; the wage is declared
    FARMER = 6  # business income, a yearly sum spread over the months
    HARVEST = 7  # business income as it comes: little, and two harvests
    PENSION = 8  # pension of former employees
    OLD_AGE = 9  # small pension of residents, help from children, rent of land
    UNABLE = 10  # cannot work; small verified transfers
    AT_HOME = 11  # no income of their own
    CHILD = 12
    STUDENT = 13
    PUPIL = 14  # still at senior school when they come of age
    NEWBORN = 15  # born on the planned day


OBSERVED_WAGE = (Living.WORKER, Living.SEASONAL, Living.RETIRING, Living.SELF_EMPLOYED)
IN_SCHOOL = (Living.CHILD, Living.STUDENT, Living.PUPIL)


@dataclass(frozen=True)
class Member:
    relation: str
    sex: str
    """m, f, or blank: as it falls."""
    ages: tuple[int, int]
    """Youngest and oldest, in full years on `as_of`."""
    living: Living
    pay: int = 0
    """Middle of what they get, in yuan a month: wage, pension, farm income or verified transfers."""


@dataclass(frozen=True)
class Family:
    name: str
    per_thousand: int
    """How many of a thousand unplanned households are of this kind; 0 where only the plan makes them."""
    is_rural: bool
    members: tuple[Member, ...]
    aid_type: str = ""
    aid: int = 0
    """What civil affairs pays the household, in yuan a month."""


def _child(youngest: int, oldest: int) -> Member:
    return Member(CHILD_OF_HEAD, "", (youngest, oldest), Living.CHILD)


# Wages: 4,600-5,600 yuan is what factories, shops and offices of a county town pay; single wages that feed a family
# are a little higher. Pensions: about 3,000 for former employees, about 220 for residents. Farm income: about 1,300 a
# month from a family's land and animals. All ordinary families lie well above the standard of assistance.
_FAMILIES = (
    Family("two wages and a child", 230, False, (
        Member(HEAD, "m", (30, 45), Living.WORKER, 5200),
        Member(SPOUSE, "f", (29, 44), Living.WORKER, 4600),
        _child(4, 16),
    )),
    Family("two wages", 90, False, (
        Member(HEAD, "m", (46, 56), Living.WORKER, 5400),
        Member(SPOUSE, "f", (44, 49), Living.WORKER, 4600),
    )),
    Family("two pensions", 110, False, (
        Member(HEAD, "m", (64, 82), Living.PENSION, 3200),
        Member(SPOUSE, "f", (62, 80), Living.PENSION, 2800),
    )),
    Family("one wage alone", 40, False, (Member(HEAD, "", (25, 45), Living.WORKER, 5000),)),
    Family("one wage and a child", 20, False, (
        Member(HEAD, "m", (30, 45), Living.WORKER, 6200),
        Member(SPOUSE, "f", (29, 44), Living.AT_HOME),
        _child(4, 16),
    )),
    Family("shopkeepers", 60, False, (
        Member(HEAD, "m", (32, 50), Living.SELF_EMPLOYED),
        Member(SPOUSE, "f", (30, 46), Living.WORKER, 4600),
        _child(4, 16),
    )),
    Family("three generations in town", 60, False, (
        Member(HEAD, "m", (36, 48), Living.WORKER, 5600),
        Member(SPOUSE, "f", (34, 46), Living.WORKER, 4800),
        _child(6, 16),
        Member(PARENT, "f", (63, 78), Living.PENSION, 2800),
    )),
    Family("farm and work away", 120, True, (
        Member(HEAD, "m", (32, 50), Living.MIGRANT, 5600),
        Member(SPOUSE, "f", (31, 48), Living.FARMER, 1500),
        _child(8, 16),
        _child(4, 12),
    )),
    Family("farm and factory", 140, True, (
        Member(HEAD, "m", (32, 50), Living.WORKER, 4800),
        Member(SPOUSE, "f", (31, 48), Living.FARMER, 1300),
        _child(5, 16),
    )),
    Family("three generations on a farm", 40, True, (
        Member(HEAD, "m", (36, 50), Living.WORKER, 5600),
        Member(SPOUSE, "f", (35, 48), Living.FARMER, 1800),
        _child(8, 16),
        Member(PARENT, "m", (66, 80), Living.OLD_AGE, 900),
    )),
    Family("old farmers", 50, True, (
        Member(HEAD, "m", (67, 84), Living.OLD_AGE, 1300),
        Member(SPOUSE, "f", (65, 82), Living.OLD_AGE, 1100),
    )),
    Family("aided family in town", 12, False, (
        Member(HEAD, "f", (40, 52), Living.UNABLE, 420),
        _child(8, 16),
    ), "110", 1300),
    Family("aided family in a village", 14, True, (
        Member(HEAD, "m", (50, 59), Living.FARMER, 600),
        Member(SPOUSE, "f", (48, 57), Living.UNABLE, 150),
    ), "120", 800),
    Family("aided elder alone", 8, True, (Member(HEAD, "", (68, 86), Living.UNABLE, 60),), "132", 1072),
    Family("family at the edge", 6, False, (
        Member(HEAD, "f", (34, 46), Living.WORKER, 2300),
        _child(7, 15),
    ), "600"),
    Family("seasonal wage", 0, True, (
        Member(HEAD, "m", (32, 50), Living.SEASONAL, 6400),
        Member(SPOUSE, "f", (31, 48), Living.FARMER, 1400),
        _child(6, 15),
    )),
    Family("two harvests", 0, True, (
        Member(HEAD, "m", (46, 58), Living.HARVEST, 500),
        Member(SPOUSE, "f", (45, 56), Living.AT_HOME),
    )),
    Family("one pension for two", 0, False, (
        Member(HEAD, "m", (66, 80), Living.PENSION, 3600),
        Member(SPOUSE, "f", (62, 78), Living.AT_HOME),
    )),
    Family("near retirement", 0, False, (
        Member(HEAD, "m", (60, 60), Living.RETIRING, 5200),
        Member(SPOUSE, "f", (58, 60), Living.PENSION, 2800),
    )),
    Family("young couple", 0, False, (
        Member(HEAD, "m", (26, 32), Living.WORKER, 5600),
        Member(SPOUSE, "f", (25, 31), Living.WORKER, 4600),
        Member(CHILD_OF_HEAD, "", (0, 0), Living.NEWBORN),
    )),
    Family("grown son and his wife", 0, True, (
        Member(HEAD, "m", (53, 58), Living.WORKER, 4800),
        Member(SPOUSE, "f", (51, 57), Living.FARMER, 1300),
        Member(SON, "m", (26, 30), Living.WORKER, 5200),
        Member("97", "f", (25, 29), Living.WORKER, 4600),
    )),
    Family("two students", 0, True, (
        Member(HEAD, "m", (46, 52), Living.WORKER, 3600),
        Member(SPOUSE, "f", (45, 50), Living.FARMER, 700),
        Member(DAUGHTER, "f", (21, 21), Living.STUDENT),
        Member(SON, "m", (19, 19), Living.STUDENT),
    )),
    Family("pupil of eighteen", 0, False, (
        Member(HEAD, "m", (42, 50), Living.WORKER, 5200),
        Member(SPOUSE, "f", (41, 49), Living.WORKER, 4600),
        Member(SON, "m", (18, 18), Living.PUPIL),
    )),
    Family("pupil of twelve", 0, True, (
        Member(HEAD, "m", (36, 46), Living.WORKER, 4800),
        Member(SPOUSE, "f", (35, 45), Living.FARMER, 1300),
        _child(12, 12),
    )),
    Family("pupil of seventeen", 0, True, (
        Member(HEAD, "m", (40, 50), Living.WORKER, 4800),
        Member(SPOUSE, "f", (39, 48), Living.FARMER, 1300),
        _child(17, 17),
    )),
    Family("old parent alone", 0, True, (Member(HEAD, "f", (68, 82), Living.OLD_AGE, 1400),)),
    Family("elder and disabled son", 0, True, (
        Member(HEAD, "f", (68, 80), Living.OLD_AGE, 3000),
        Member(SON, "m", (40, 50), Living.UNABLE, 900),
    )),
    Family("poor and unaided", 0, True, (
        Member(HEAD, "m", (46, 57), Living.FARMER, 700),
        Member(SPOUSE, "f", (45, 56), Living.UNABLE, 120),
        _child(9, 15),
    )),
    Family("little land", 0, True, (
        Member(HEAD, "m", (46, 57), Living.FARMER, 2900),
        Member(SPOUSE, "f", (45, 56), Living.UNABLE, 120),
        _child(9, 15),
    )),
    Family("modest farm", 0, True, (
        Member(HEAD, "m", (46, 57), Living.FARMER, 4900),
        Member(SPOUSE, "f", (45, 56), Living.UNABLE, 120),
        _child(9, 15),
    )),
    Family("nothing to live on", 0, True, (
        Member(HEAD, "m", (50, 58), Living.UNABLE),
        Member(SPOUSE, "f", (48, 57), Living.UNABLE),
    )),
    Family("nobody knows", 0, False, (
        Member(HEAD, "m", (30, 45), Living.AT_HOME),
        Member(SPOUSE, "f", (30, 44), Living.AT_HOME),
        _child(4, 14),
    )),
)  # fmt: skip

MUST_PROVE = ("poor and unaided", "little land", "modest farm", "nothing to live on")
"""Families that are on no list and whose income civil affairs has verified all the same."""

FAMILIES = {family.name: family for family in _FAMILIES}
