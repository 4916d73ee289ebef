"""The plan of events: what happens to which kind of family, when and why. The truth table is written from it alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipelines.sample.months import day_in

YES, STRAIN, NO = "yes", "strain", "no"
"""Whether the family comes into need by the event: yes; no, but someone should look; no."""

JANUARY, SEPTEMBER, OCTOBER = 1, 9, 10
FREQUENT, RARE, SCARCE = 4, 2, 1  # households per thousand


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
_FARM = "farm and factory"
_THREE = "three generations in town"
_AIDED_TOWN = "aided family in town"
_AIDED_VILLAGE = "aided family in a village"

_WORK_AND_PAY = (
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
    Event("earner_died", _ONE_WAGE, RARE, (2, 4), YES, "accident",
          "The head and only earner dies; the wife is head now"),
    Event("pension_stop", "one pension for two", FREQUENT, (2, 3, 4), YES, "yearly proof of life was missed",
          "The only pension is suspended; the pensioner is alive"),
)  # fmt: skip

_ILLNESS = (
    Event("big_hospital_bill", _FARM, FREQUENT, (3, 4), YES, "cancer",
          "Two stays in hospital leave the family 90,000 yuan to pay"),
    Event("bill_just_over", _TWO_WAGES, RARE, (2,), STRAIN, "heart operation",
          "One stay leaves 26,300 yuan, just over the line of 26,000; no other bill in two years"),
    Event("bill_just_under", _TWO_WAGES, RARE, (2,), NO, "heart operation",
          "One stay leaves 25,700 yuan, just under the line of 26,000; no other bill in two years"),
    Event("aided_bill_over", _AIDED_TOWN, RARE, (2,), YES, "kidney disease",
          "A family on assistance is left 10,300 yuan, just over the line of 10,000"),
    Event("aided_bill_under", _AIDED_TOWN, RARE, (2,), YES, "kidney disease",
          "A family on assistance is left 9,700 yuan, just under the line of 10,000, and hard all the same"),
    Event("bill_refunded", _TWO_WAGES, RARE, (3,), NO, "settled under the wrong insurance",
          "A bill of 30,000 yuan is taken back the month after and settled anew at 2,100"),
    Event("bill_refunded_later", _TWO_WAGES, SCARCE, (2,), NO, "settled under the wrong insurance",
          "A bill of 31,000 yuan is taken back only after the list"),
    Event("stay_just_over", _TWO_WAGES, SCARCE, (2,), STRAIN, "operation",
          "One stay leaves 10,200 yuan, just over 10,000"),
    Event("stay_just_under", _TWO_WAGES, SCARCE, (2,), NO, "operation",
          "One stay leaves 9,800 yuan, just under 10,000"),
    Event("monitored_bill_over", _FARM, SCARCE, (2,), STRAIN, "stroke",
          "A monitored family is left 11,900 yuan, just over half of a year's rural disposable income a head"),
    Event("monitored_bill_under", _FARM, SCARCE, (2,), NO, "stroke",
          "A monitored family is left 11,200 yuan, just under half of a year's rural disposable income a head"),
    Event("major_illness", _FARM, SCARCE, (2,), STRAIN, "lung cancer", "Diagnosed, and not treated in hospital yet"),
    Event("chronic_illness", _FARM, SCARCE, (2,), NO, "high blood pressure", "A chronic illness is registered"),
    Event("illness_long_known", _FARM, SCARCE, (9,), NO, "breast cancer",
          "A major illness was diagnosed and cured in the year; nothing new in the last three months"),
    Event("not_insured", _AIDED_VILLAGE, SCARCE, (), STRAIN, "premium not paid, and nobody paid it for her",
          "A member of an aided family is not insured any more", every=JANUARY),
    Event("not_insured_by_choice", _TWO_WAGES, SCARCE, (), NO, "premium not paid",
          "A child of a family that can pay is not insured", every=JANUARY),
    Event("chronic_costs", "old farmers", RARE, (10,), YES, "dialysis",
          "About 1,000 yuan of treatment stay with two old people every month"),
    Event("refused_then_ill", _FARM, RARE, (2,), YES, "stroke",
          "Refused assistance five months before; now a stay in hospital leaves 21,000 yuan"),
)  # fmt: skip

_SCHOOL_AND_HOME = (
    Event("schooling_cost", "two students", RARE, (), YES, "two children at private colleges",
          "Fees of 40,000 yuan a year against about 4,300 yuan a month", every=SEPTEMBER),
    Event("student_without_aid", _AIDED_TOWN, SCARCE, (), STRAIN, "left out by the school",
          "A pupil of an aided family gets no aid this term; all others of listed families do", every=SEPTEMBER),
    Event("dropped_out", "pupil of twelve", SCARCE, (), YES, "sent to work at a relative's",
          "A child of twelve has left school", every=SEPTEMBER),
    Event("moved_school", "pupil of twelve", SCARCE, (), NO, "moved to a school in another county",
          "A child of twelve is on the books as moved away", every=SEPTEMBER),
    Event("left_after_junior", "pupil of seventeen", SCARCE, (), NO, "went to work",
          "Dropped out at seventeen, when school is no duty any more", every=SEPTEMBER),
    Event("dangerous_dwelling", _AIDED_VILLAGE, SCARCE, (5,), YES, "old clay walls",
          "An aided family lives in a house of danger grade D"),
    Event("dwelling_to_repair", _AIDED_VILLAGE, SCARCE, (5,), NO, "a leaking roof",
          "An aided family's house has grade B, which is no danger"),
    Event("dangerous_and_empty", _TWO_WAGES, SCARCE, (5,), NO, "an old house in the village",
          "A well-off family owns a house of grade D and lives elsewhere"),
    Event("fire_loss", _FARM, SCARCE, (2,), YES, "fire", "A fire takes 86,000 yuan, and the house is badly damaged"),
    Event("flood_loss", "old farmers", SCARCE, (1,), YES, "flood", "The house of two old people collapses"),
    Event("small_loss", _FARM, SCARCE, (2,), NO, "storm", "A storm takes 1,800 yuan; the house is slightly damaged"),
    Event("never_applied", "poor and unaided", FREQUENT, (24,), YES, "a wife who cannot work, little land",
          "Poor for years by verified income, and never on assistance"),
    Event("edge_unaided", "little land", SCARCE, (24,), STRAIN, "a wife who cannot work",
          "Income a head just above the standard, verified, and never on any list"),
    Event("modest_farm", "modest farm", SCARCE, (24,), NO, "a wife who cannot work",
          "Income a head above one and a half times the standard, verified; on no list and none is due"),
    Event("no_income_at_all", "nothing to live on", SCARCE, (24,), YES, "neither can work",
          "Verified: 0 yuan a month. A zero that is known"),
    Event("income_unknown", "nobody knows", SCARCE, (24,), NO, "works off the books",
          "No office says anything of their income. Unknown is not zero"),
)  # fmt: skip

_AID = (
    Event("aid_goes_on", _ONE_WAGE, RARE, (14,), NO, "works again",
          "Still on assistance though the head has been paid a full wage for over a year"),
    Event("aid_and_small_wage", _ONE_WAGE, SCARCE, (14,), STRAIN, "works again",
          "Still on assistance with a wage that leaves the family under one and a half times the standard"),
    Event("aid_after_death", _AIDED_VILLAGE, SCARCE, (5,), NO, "death not reported to civil affairs",
          "The assistance of a dead member is still paid"),
    Event("aid_ended_with_death", _AIDED_VILLAGE, SCARCE, (5,), NO, "death reported",
          "The assistance of a dead member ended in the month of death"),
    Event("aid_twice", _AIDED_VILLAGE, SCARCE, (14,), NO, "entered twice",
          "One person gets assistance in two households"),
    Event("subsidies_missing", _AIDED_VILLAGE, SCARCE, (14,), STRAIN, "never asked",
          "Severely disabled for over a year without the two subsidies"),
)  # fmt: skip

_PEOPLE = (
    Event("severe_disability", _FARM, SCARCE, (2,), STRAIN, "stroke",
          "The wife, who farmed, is severely disabled by a new card"),
    Event("disability_raised", "old farmers", SCARCE, (2,), STRAIN, "growing blind", "Raised from grade 4 to grade 2"),
    Event("mental_disability", _TWO_WAGES, SCARCE, (2,), STRAIN, "schizophrenia",
          "New card of grade 3, mental, which counts like a severe one"),
    Event("disability_grade_3", _FARM, SCARCE, (2,), NO, "lost two fingers", "New card of grade 3, of the limbs"),
    Event("disability_renewed", "old farmers", SCARCE, (2,), NO, "card ran out after ten years",
          "The severe disability of many years has a new card; nothing has changed"),
    Event("elder_and_disabled", "elder and disabled son", SCARCE, (24,), STRAIN, "nobody else to care",
          "An old mother alone with a grown son who is severely disabled"),
    Event("orphaned", _THREE, SCARCE, (2,), YES, "traffic accident",
          "Both parents die; the child lives with the grandmother"),
    Event("unattended_child", _THREE, SCARCE, (3,), YES, "father in prison, mother gone",
          "The father has been in prison for a year, the mother is missing now"),
    Event("father_in_prison", _THREE, SCARCE, (5,), STRAIN, "prison", "The father is in prison; the mother works on"),
    Event("elder_died", _THREE, RARE, (5, 8), NO, "old age",
          "The pension of the grandmother ends with her death; the wages go on"),
    Event("retired", "near retirement", RARE, (5, 7), NO, "reached sixty", "The wage ends and a pension begins"),
    Event("household_split", "grown son and his wife", RARE, (6,), NO, "set up their own home",
          "The son and his wife are a household of their own now"),
    Event("households_merged", "grown son and his wife", SCARCE, (6,), NO, "came home to the farm",
          "The son's household is one with that of his parents now"),
    Event("renumbered", _TWO_WAGES, SCARCE, (4,), NO, "new numbers at civil affairs",
          "The same family under another household number"),
    Event("moved_in", "old parent alone", RARE, (6,), NO, "moved in with her son",
          "Her own household ends; she is a member of her son's"),
    Event("in_two_households", "old parent alone", RARE, (20,), NO, "never struck off",
          "One person stands in two households at once"),
    Event("birth", "young couple", RARE, (9,), NO, "birth", "A child is born and has its number"),
    Event("birth_without_number", "young couple", RARE, (2,), NO, "birth", "A child is born and has no number yet"),
    Event("number_came_later", "young couple", SCARCE, (8,), NO, "birth",
          "A child is born without a number and gets it four months later"),
    Event("member_of_18", "pupil of eighteen", RARE, (7,), NO, "came of age",
          "A pupil turned eighteen and still is a member"),
    Event("seasonal_wages", "seasonal wage", FREQUENT, (), NO, "season",
          "No work and no contributions in January and February, every year", every=JANUARY),
    Event("farm_lumps", "two harvests", FREQUENT, (), NO, "season",
          "Nearly all income comes in June and October, every year", every=OCTOBER),
    Event("late_payment", _TWO_WAGES, RARE, (2,), NO, "payment arrived late",
          "One month's contribution stands in the file of the month after"),
)  # fmt: skip

PLAN = (*_WORK_AND_PAY, *_ILLNESS, *_SCHOOL_AND_HOME, *_AID, *_PEOPLE)


def households_of(event: Event, households: int) -> int:
    return max(1, round(event.per_thousand * households / 1000))


def planned_events(households: int, t: int) -> list[Planned]:
    """The plan for a county of this size, on households numbered from 0: their places are drawn later."""
    planned: list[Planned] = []
    for event in PLAN:
        for turn in range(households_of(event, households)):
            planned.append(Planned(len(planned), event, event.month(turn, t), 3 + len(planned) * 7 % 20))
    return planned
