"""What the plan's events do to wages, pensions and registrations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from pipelines.sample.life import Life
from pipelines.sample.months import day_in
from pipelines.sample.pay import (
    ABSENT,
    CLOSED,
    CONTRACT_ENDED,
    DISMISSED,
    NORMAL,
    PAID,
    SUSPENDED,
    UNPAID,
    Registration,
    floor_base,
)
from pipelines.sample.plan import Planned

Happening: TypeAlias = Callable[[Life, Planned], None]


def _lose_job(life: Life, planned: Planned, cause: str) -> tuple[int, Registration]:
    """The head's job ends, in the second half of a month with that month's wage; gives the wage row and the claim."""
    head = life.county.of(planned)
    row = life.wages.row_of[head]
    works_this_month = planned.day > 15
    life.wages.state[row, life.index(planned.month) + works_this_month :] = ABSENT
    return row, Registration(head, planned.on, cause)


def _job_lost_with_benefit(life: Life, planned: Planned) -> None:
    _, claim = _lose_job(life, planned, CLOSED)
    life.registrations.append(replace(claim, benefit_from=planned.month + 1, benefit_to=planned.month + 12))


def _job_lost_without_benefit(life: Life, planned: Planned) -> None:
    row, claim = _lose_job(life, planned, DISMISSED)
    life.wages.state[row, : life.index(planned.month) - 10] = ABSENT
    life.registrations.append(claim)


def _benefit_ends(life: Life, planned: Planned) -> None:
    _, claim = _lose_job(life, planned, CLOSED)
    life.registrations.append(replace(claim, benefit_from=planned.month + 1, benefit_to=life.county.t))


def _wage_unpaid(life: Life, planned: Planned) -> None:
    life.wages.state[life.wages.row_of[life.county.of(planned)], life.index(planned.month) :] = UNPAID


def _new_job(life: Life, planned: Planned) -> None:
    row, claim = _lose_job(life, planned, CONTRACT_ENDED)
    life.registrations.append(replace(claim, cancelled_on=day_in(planned.month + 1, 28)))
    after = life.index(planned.month) + 1
    life.wages.state[row, after:] = PAID
    life.wages.employer[row, after:] += 1


def _wage_falls_to(percent: int) -> Happening:
    def fall(life: Life, planned: Planned) -> None:
        row, i = life.wages.row_of[life.county.of(planned)], life.index(planned.month)
        life.wages.amount[row, i:] = life.wages.amount[row, i:] * percent // 100

    return fall


def _wage_hidden_by_floor(life: Life, planned: Planned) -> None:
    row, i = life.wages.row_of[life.county.of(planned)], life.index(planned.month)
    life.wages.amount[row, i:] = floor_base(life.county, i)


def _late_payment(life: Life, planned: Planned) -> None:
    life.wages.is_late[life.wages.row_of[life.county.of(planned)], life.index(planned.month)] = True


def _pension_suspended(life: Life, planned: Planned) -> None:
    life.pensions.state[life.pensions.row_of[life.county.of(planned)], life.index(planned.month) :] = SUSPENDED


def _retires(life: Life, planned: Planned) -> None:
    head, after = life.county.of(planned), life.index(planned.month) + 1
    life.wages.state[life.wages.row_of[head], after:] = ABSENT
    life.pensions.state[life.pensions.row_of[head], after:] = NORMAL


HAPPENINGS: Mapping[str, Happening] = {
    "job_loss_registered": _job_lost_with_benefit,
    "job_loss_no_benefit": _job_lost_without_benefit,
    "job_loss_unpaid": _wage_unpaid,
    "benefit_ends": _benefit_ends,
    "new_job_at_once": _new_job,
    "wage_fall_60": _wage_falls_to(40),
    "wage_fall_50": _wage_falls_to(50),
    "wage_fall_26": _wage_falls_to(74),
    "wage_fall_25": _wage_falls_to(75),
    "wage_fall_24": _wage_falls_to(76),
    "wage_fall_hidden": _wage_hidden_by_floor,
    "late_payment": _late_payment,
    "pension_stop": _pension_suspended,
    "retired": _retires,
}
