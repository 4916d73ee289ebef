"""The plan of events: what happens to which kind of family, when and why. The truth table is written from it alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipelines.sample.months import day_in

YES, STRAIN, NO = "yes", "strain", "no"
"""Whether the family comes into need by the event: yes; no, but someone should look; no."""

JANUARY, SEPTEMBER, OCTOBER = 1, 9, 10
FREQUENT, RARE = 4, 2  # households per thousand


@dataclass(frozen=True)
class Event:
    kind: str
    family: str
    per_thousand: int
    months_ago: tuple[int, ...]
    """Months before `as_of`, taken in turn by the households that the event falls on; blank for a yearly event."""
    hardship: str
    cause: str
    note: str
    every: int = 0
    """The calendar month of a yearly event, which is dated by its last time."""

    def month(self, turn: int, t: int) -> int:
        if self.every:
            return t - 1 - (t - self.every) % 12
        return t - self.months_ago[turn % len(self.months_ago)]


@dataclass(frozen=True)
class Planned:
    """An event of the plan on one household."""

    household: int
    event: Event
    month: int
    day: int

    @property
    def on(self) -> date:
        return day_in(self.month, self.day)


_ONE_WAGE = "one wage and a child"
_TWO_WAGES = "two wages and a child"

PLAN = (
    Event("job_loss_registered", _ONE_WAGE, FREQUENT, (4, 3, 5), YES, "employer closed",
          "The only wage ends; registered as unemployed, benefit is paid"),
    Event("job_loss_no_benefit", _ONE_WAGE, RARE, (4, 3), YES, "dismissed within a year of starting",
          "The only wage ends; registered, but paid in too briefly for a benefit"),
    Event("job_loss_unpaid", _ONE_WAGE, FREQUENT, (3, 4), YES, "employer stopped paying",
          "Contribution rows go on but say unpaid; there is no wage"),
    Event("benefit_ends", _ONE_WAGE, RARE, (13,), YES, "employer closed",
          "Unemployed for a year; the benefit ends with the month of the list"),
    Event("new_job_at_once", _ONE_WAGE, RARE, (6, 4), NO, "changed employer",
          "Registered as unemployed for some weeks, then paid by another employer"),
    Event("wage_fall_60", _ONE_WAGE, FREQUENT, (3, 4), YES, "hours cut at the factory", "The only wage falls by 60 %"),
    Event("wage_fall_50", _ONE_WAGE, RARE, (3,), YES, "moved to lighter work after an accident",
          "The only wage falls by exactly half"),
    Event("wage_fall_26", _ONE_WAGE, RARE, (3,), STRAIN, "bonus ended", "The only wage falls by 26 %"),
    Event("wage_fall_25", _ONE_WAGE, RARE, (3,), STRAIN, "bonus ended", "The only wage falls by exactly a quarter"),
    Event("wage_fall_24", _ONE_WAGE, RARE, (3,), NO, "bonus ended", "The only wage falls by 24 %"),
    Event("wage_fall_hidden", _ONE_WAGE, RARE, (3,), YES, "hours cut; employer reports the lowest legal base",
          "The wage falls by 60 %, the contribution base only to the legal floor: no file shows it"),
    Event("earner_died", _ONE_WAGE, RARE, (4,), YES, "accident", "The head and only earner dies; the wife is head now"),
    Event("pension_stop", "one pension for two", FREQUENT, (3, 4), YES, "yearly proof of life was missed",
          "The only pension is suspended; the pensioner is alive"),
    Event("big_hospital_bill", "farm and factory", FREQUENT, (3, 4), YES, "cancer",
          "Two stays in hospital leave the family 90,000 yuan to pay"),
    Event("bill_just_over", _TWO_WAGES, RARE, (2,), STRAIN, "heart operation",
          "One stay leaves 26,300 yuan, just over the line of 26,000; no other bill in two years"),
    Event("bill_just_under", _TWO_WAGES, RARE, (2,), NO, "heart operation",
          "One stay leaves 25,700 yuan, just under the line of 26,000; no other bill in two years"),
    Event("aided_bill_over", "aided family in town", RARE, (2,), YES, "kidney disease",
          "A family on assistance is left 10,300 yuan, just over the line of 10,000"),
    Event("aided_bill_under", "aided family in town", RARE, (2,), YES, "kidney disease",
          "A family on assistance is left 9,700 yuan, just under the line of 10,000, and hard all the same"),
    Event("bill_refunded", _TWO_WAGES, RARE, (3,), NO, "settled under the wrong insurance",
          "A bill of 30,000 yuan is taken back the month after and settled anew at 2,100"),
    Event("chronic_costs", "old farmers", RARE, (10,), YES, "dialysis",
          "About 1,000 yuan of treatment stay with two old people every month"),
    Event("refused_then_ill", "farm and factory", RARE, (2,), YES, "stroke",
          "Refused assistance five months before; now a stay in hospital leaves 21,000 yuan"),
    Event("schooling_cost", "two students", RARE, (), YES, "two children at private colleges",
          "Fees of 40,000 yuan a year against about 4,300 yuan a month", every=SEPTEMBER),
    Event("never_applied", "poor and unaided", FREQUENT, (24,), YES, "a wife who cannot work, little land",
          "Poor for years by verified income, and never on assistance"),
    Event("aid_goes_on", _ONE_WAGE, RARE, (14,), NO, "works again",
          "Still on assistance though the head has been paid a full wage for over a year"),
    Event("elder_died", "three generations in town", RARE, (5, 8), NO, "old age",
          "The pension of the grandmother ends with her death; the wages go on"),
    Event("retired", "near retirement", RARE, (5, 7), NO, "reached sixty", "The wage ends and a pension begins"),
    Event("household_split", "grown son and his wife", RARE, (6,), NO, "set up their own home",
          "The son and his wife are a household of their own now"),
    Event("moved_in", "old parent alone", RARE, (6,), NO, "moved in with her son",
          "Her own household ends; she is a member of her son's"),
    Event("in_two_households", "old parent alone", RARE, (20,), NO, "never struck off",
          "One person stands in two households at once"),
    Event("birth", "young couple", RARE, (9,), NO, "birth", "A child is born and has its number"),
    Event("birth_without_number", "young couple", RARE, (2,), NO, "birth", "A child is born and has no number yet"),
    Event("member_of_18", "pupil of eighteen", RARE, (7,), NO, "came of age",
          "A pupil turned eighteen and still is a member"),
    Event("seasonal_wages", "seasonal wage", FREQUENT, (), NO, "season",
          "No work and no contributions in January and February, every year", every=JANUARY),
    Event("farm_lumps", "two harvests", FREQUENT, (), NO, "season",
          "Nearly all income comes in June and October, every year", every=OCTOBER),
    Event("late_payment", _TWO_WAGES, RARE, (2,), NO, "payment arrived late",
          "One month's contribution stands in the file of the month after"),
)  # fmt: skip


def households_of(event: Event, households: int) -> int:
    return max(1, round(event.per_thousand * households / 1000))


def planned_events(households: int, t: int) -> list[Planned]:
    """The plan for a county of this size, on households numbered from 0: their places are drawn later."""
    planned: list[Planned] = []
    for event in PLAN:
        for turn in range(households_of(event, households)):
            planned.append(Planned(len(planned), event, event.month(turn, t), 3 + len(planned) * 7 % 20))
    return planned
