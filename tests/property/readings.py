"""Every rule once more, read from its published sentence in plain Python: what the compiled rules are held against.

Nothing here comes from the entries of the catalogue. Amounts are exact fractions of fen. An unknown number is NaN, which
is never above, below or equal to anything; an unknown flag is None, neither true nor false.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import nan
from typing import Any

Figures = Mapping[str, Any]
Reading = Callable[[Figures, Figures], int | None]


@dataclass(frozen=True)
class Read:
    """What one household's level is by one rule; `needs` all, `needs_any` one of the extracts that have ever come."""

    level: Reading
    needs: tuple[str, ...]
    needs_any: tuple[str, ...]

    def judged(self, h: Figures, p: Figures) -> int | None:
        came = h["delivered"]
        if not set(self.needs) <= set(came) or (self.needs_any and not set(self.needs_any) & set(came)):
            return None
        level = self.level(h, p)
        return level if level is None or h["is_provisional"] is not True else min(level, 2)


READINGS: dict[str, Read] = {}

INCOME = ("employment_contributions", "employment_pensions", "civil_affairs_income")
WAGES = ("employment_contributions", "civil_affairs_income")
DEATHS = ("health_records", "public_security_registry")


def reading(code: str, *needs: str, any_of: tuple[str, ...] = ()) -> Callable[[Reading], Reading]:
    def kept(level: Reading) -> Reading:
        READINGS[code] = Read(level, needs, any_of)
        return level

    return kept


def greater(one: Any, other: Any) -> Any:
    """The greater of two; unknown where either is."""
    return nan if one != one or other != other else max(one, other)


def line(h: Figures) -> Any:
    """The standard for the whole family: n times DB."""
    return h["members"] * h["standard"]


def year_line(h: Figures) -> Any:
    return h["members"] * h["standard_year"]


def is_on_none(h: Figures, *aids: str) -> bool:
    return all(h[aid] is False for aid in aids)


# Income ----------------------------------------------------------------------------------------------------------


@reading("INC-DROP", any_of=INCOME)
def inc_drop(h: Figures, p: Figures) -> int | None:
    before, fall = h["income_before"], h["income_before"] - h["income_now"]
    if not (before > 0 and h["members_changed"] is False and fall >= p["inc_drop_floor"] * h["standard"]):
        return None
    if not fall >= p["inc_drop_note"] * before:
        return None
    return 2 if fall >= p["inc_drop_alert"] * before else 1


@reading("INC-BELOW", any_of=INCOME)
def inc_below(h: Figures, p: Figures) -> int | None:
    if not h["income_now"] < line(h) <= h["income_before"]:
        return None
    return 0 if h["has_dibao"] or h["has_tekun"] else 3


@reading("INC-EDGE", any_of=INCOME)
def inc_edge(h: Figures, p: Figures) -> int | None:
    edge = p["edge_multiple"] * line(h)
    if not h["income_now"] < edge <= h["income_before"] or inc_below(h, p) is not None:
        return None
    return 0 if h["has_dibao"] or h["has_tekun"] else 2


@reading("EARN-LOST", any_of=WAGES)
def earn_lost(h: Figures, p: Figures) -> int | None:
    is_seen = h["is_income_known"] or (h["is_earner_in_feed"] and h["is_wage_feed_complete"])
    if not (h["had_earner"] and h["has_earner"] is False and is_seen):
        return None
    return 2 if h["has_stop_record"] or h["is_income_known"] else 1


@reading("SI-LAPSE", "employment_contributions")
def si_lapse(h: Figures, p: Figures) -> int | None:
    if not h["lapsed_members"] > 0:
        return None
    return 2 if h["is_lapse_sure"] else 1


@reading("UNEMP-REG", "employment_unemployment")
def unemp_reg(h: Figures, p: Figures) -> int | None:
    return 1 if h["has_new_unemployed"] else None


@reading("UI-END", "employment_unemployment")
def ui_end(h: Figures, p: Figures) -> int | None:
    return 1 if h["has_benefit_ending"] else None


@reading("INC-LOW", any_of=INCOME)
def inc_low(h: Figures, p: Figures) -> int | None:
    is_low = h["income_now"] < p["inc_low_multiple"] * h["members"] * h["standard"]
    return 1 if is_low and is_on_none(h, "has_dibao", "has_tekun") else None


@reading("PENSION-STOP", "employment_pensions")
def pension_stop(h: Figures, p: Figures) -> int | None:
    return 1 if h["has_pension_stopped"] else None


@reading("ESI", "health_settlements", any_of=INCOME)
def esi(h: Figures, p: Figures) -> int | None:
    before, cost = h["income_before"], h["oop_before"]
    if not (before > 0 and before > cost and h["members_changed"] is False):
        return None
    left = h["income_now"] - h["oop_quarter"] / Fraction(3)
    return 1 if left <= p["esi_share"] * (before - cost) else None


# Medical ---------------------------------------------------------------------------------------------------------


@reading("MED-CHE40", "health_settlements")
def med_che40(h: Figures, p: Figures) -> int | None:
    to_spare = greater(h["income_year"] - year_line(h), 0)
    is_hit = h["oop_year"] > p["med_che_share"] * to_spare and h["oop_year"] >= p["med_che_floor"]
    return 2 if is_hit else None


@reading("MED-IMPOVERISH", "health_settlements")
def med_impoverish(h: Figures, p: Figures) -> int | None:
    return 3 if h["income_year"] - h["oop_year"] < year_line(h) <= h["income_year"] else None


@reading("MED-ABS", "health_settlements")
def med_abs(h: Figures, p: Figures) -> int | None:
    limit = p["med_abs_listed"] if h["is_listed"] else p["med_abs_others"]
    if not h["oop_year"] >= limit:
        return None
    return 3 if h["oop_year"] >= p["med_abs_high"] * limit else 2


@reading("MED-PCDI", "health_settlements")
def med_pcdi(h: Figures, p: Figures) -> int | None:
    share = p["med_pcdi_monitored"] if h["is_monitored"] else p["med_pcdi_others"]
    return 2 if h["person_oop_calendar"] >= share * h["disposable"] else None


@reading("MED-STAY", "health_settlements")
def med_stay(h: Figures, p: Figures) -> int | None:
    return 1 if h["stay_oop"] >= (p["med_stay_listed"] if h["is_listed"] else p["med_stay_others"]) else None


@reading("MED-SPIKE", "health_settlements")
def med_spike(h: Figures, p: Figures) -> int | None:
    usual = greater(h["oop_earlier_quarter"], p["med_spike_base"])
    is_hit = h["oop_quarter"] >= p["med_spike_ratio"] * usual and h["oop_quarter"] >= p["med_spike_floor"]
    return 1 if is_hit else None


@reading("MED-SHARE", "health_settlements")
def med_share(h: Figures, p: Figures) -> int | None:
    cost, income = h["oop_year"], greater(h["income_year"], 0)
    if not (cost >= p["med_share_note"] * income and cost > p["med_share_floor"]):
        return None
    if cost >= p["med_share_high"] * income:
        return 2
    return 1 if cost >= p["med_share_alert"] * income else 0


@reading("DISEASE-NEW", "health_records")
def disease_new(h: Figures, p: Figures) -> int | None:
    return 1 if h["newly_ill_members"] > 0 else None


@reading("INS-LAPSE", "health_insurance")
def ins_lapse(h: Figures, p: Figures) -> int | None:
    return 1 if h["is_monitored"] and h["uninsured_members"] > 0 else None


# Rigid expenditure -----------------------------------------------------------------------------------------------


def costs_beyond_living(h: Figures) -> Any:
    return h["oop_year"] + h["education_cost"] + h["rehabilitation_cost"] + h["disaster_loss"]


def rigid_year(h: Figures, p: Figures) -> Any:
    """Living counts where the area says so, and then at the standard of the year."""
    return costs_beyond_living(h) + (p["rigid_living"] * year_line(h) if p["rigid_living"] > 0 else 0)


@reading("RIGID", "health_settlements")
def rigid(h: Figures, p: Figures) -> int | None:
    is_heavy = rigid_year(h, p) >= p["rigid_share"] * greater(h["income_year"], 0)
    is_modest = h["income_year"] < h["members"] * h["disposable"]
    is_real = costs_beyond_living(h) >= p["rigid_floor"]
    return 2 if is_heavy and is_modest and is_real and is_on_none(h, "has_dibao", "has_tekun", "has_edge") else None


@reading("RIGID-RES", "health_settlements")
def rigid_res(h: Figures, p: Figures) -> int | None:
    is_short = h["income_year"] - rigid_year(h, p) < p["rigid_multiple"] * year_line(h)
    return 2 if is_short and costs_beyond_living(h) >= p["rigid_floor"] else None


# Family, education, housing, events, reports ----------------------------------------------------------------------


@reading("DIS-NEW", "disability_cards")
def dis_new(h: Figures, p: Figures) -> int | None:
    return 2 if h["newly_disabled_members"] > 0 else None


@reading("DIS-MULTI", "disability_cards")
def dis_multi(h: Figures, p: Figures) -> int | None:
    return 1 if h["disabled_members"] >= p["dis_multi_members"] else None


@reading("OLD-DIS", "disability_cards")
def old_dis(h: Figures, p: Figures) -> int | None:
    """Nobody is there who is neither old nor a severely disabled adult, and there is one of each."""
    others = h["members"] - (h["elders"] + h["severely_disabled_adults"] - h["severely_disabled_elders"])
    is_hit = h["members"] > 1 and h["elders"] > 0 and h["severely_disabled_adults"] > 0 and others <= 0
    return 1 if is_hit else None


@reading("DEATH-EARN", any_of=DEATHS)
def death_earn(h: Figures, p: Figures) -> int | None:
    return 2 if h["died_pillars"] > 0 else None


@reading("CHILD-NOCARE", any_of=DEATHS)
def child_nocare(h: Figures, p: Figures) -> int | None:
    if not h["unattended_children"] + h["half_unattended_children"] > 0:
        return None
    return 3 if h["unattended_children"] > 0 else 1


@reading("EDU-COST", "education_students")
def edu_cost(h: Figures, p: Figures) -> int | None:
    cost = h["education_cost"]
    is_dear = cost >= p["edu_cost_share"] * greater(h["income_year"], 0) and cost > p["edu_cost_floor"]
    return 1 if is_dear or h["tertiary_students"] >= p["edu_tertiary_students"] else None


@reading("EDU-NOAID", "education_students", "education_aid")
def edu_noaid(h: Figures, p: Figures) -> int | None:
    is_hard_up = h["is_monitored"] or h["unattended_children"] > 0
    return 1 if (is_hard_up and h["unaided_students"] > 0) or h["unaided_disabled_students"] > 0 else None


@reading("EDU-DROP", "education_students")
def edu_drop(h: Figures, p: Figures) -> int | None:
    if not h["dropped_out"] + h["without_school"] > 0:
        return None
    return 2 if h["dropped_out"] > 0 else 0


@reading("HOUSE-CD", "housing_dwellings")
def house_cd(h: Figures, p: Figures) -> int | None:
    return 1 if h["is_monitored"] and h["has_dangerous_dwelling"] else None


@reading("SHOCK-EVENT", "emergency_events")
def shock_event(h: Figures, p: Figures) -> int | None:
    loss = h["event_loss"]
    is_ruin = loss >= p["shock_share"] * greater(h["income_year"], 0) and loss > p["shock_floor"]
    if not (is_ruin or h["is_dwelling_damaged"] or h["event_deaths"] > 0):
        return None
    return 3 if h["is_dwelling_lost"] or h["event_deaths"] > 0 else 2


@reading("REPORT", "civil_affairs_reports")
def report(h: Figures, p: Figures) -> int | None:
    if not h["reports"] > 0:
        return None
    return 3 if h["urgent_reports"] > 0 else 2


# Who should be enrolled, and who should not ------------------------------------------------------------------------


@reading("GAP-DIBAO", "civil_affairs_assistance", any_of=INCOME)
def gap_dibao(h: Figures, p: Figures) -> int | None:
    return 2 if h["poor_evaluations"] >= p["gap_evaluations"] and is_on_none(h, "has_dibao", "has_tekun") else None


@reading("GAP-EDGE", "civil_affairs_assistance", any_of=INCOME)
def gap_edge(h: Figures, p: Figures) -> int | None:
    is_edge = h["edge_evaluations"] >= p["gap_evaluations"] > h["poor_evaluations"]
    return 1 if is_edge and is_on_none(h, "has_dibao", "has_tekun", "has_edge") else None


@reading("GAP-RIGID", "civil_affairs_assistance", "health_settlements", any_of=INCOME)
def gap_rigid(h: Figures, p: Figures) -> int | None:
    is_rigid = h["rigid_evaluations"] >= p["gap_evaluations"] > h["edge_evaluations"]
    return 1 if is_rigid and is_on_none(h, "has_dibao", "has_tekun", "has_edge", "has_rigid") else None


@reading("GAP-SUBSIDY", "disability_cards")
def gap_subsidy(h: Figures, p: Figures) -> int | None:
    return 1 if h["without_care_subsidy"] > 0 or (h["has_dibao"] and h["without_living_subsidy"] > 0) else None


@reading("ADM-DEATH", "civil_affairs_assistance", any_of=DEATHS)
def adm_death(h: Figures, p: Figures) -> int | None:
    return 2 if h["aid_months_after_death"] > 0 else None


@reading("ADM-TWICE", "civil_affairs_members", "civil_affairs_assistance")
def adm_twice(h: Figures, p: Figures) -> int | None:
    return 1 if h["members_in_two"] > 0 and h["is_listed"] else None


@reading("ADM-OVER", "civil_affairs_assistance", any_of=INCOME)
def adm_over(h: Figures, p: Figures) -> int | None:
    is_over = h["income_year"] >= p["adm_over_multiple"] * year_line(h)
    return 1 if is_over and h["has_dibao"] and h["is_tapering"] is False else None
