"""What the county lived through, as every department will tell its own part of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from pipelines.sample.illness import FIRST_PLANNED_SERIAL, Bill
from pipelines.sample.pay import Panel, Registration
from pipelines.sample.people import County
from pipelines.sample.plan import Planned


@dataclass(frozen=True)
class Refusal:
    """An application for assistance that was refused."""

    household: int
    on: date


@dataclass(frozen=True)
class Card:
    """A disability card; the family's own cost of rehabilitation in yuan a month."""

    person: int
    kind: str
    grade: str
    issued_on: date
    cancelled_on: date | None = None
    renewed_on: date | None = None
    is_subsidised: bool = False
    rehabilitation: int = 0


@dataclass(frozen=True)
class Diagnosis:
    person: int
    record: str
    disease: str
    on: date


@dataclass(frozen=True)
class Monitoring:
    """A rural family that agriculture watches; net income in yuan a head and year."""

    household: int
    kind: str
    identified_on: date
    cause: str
    net_income: int


@dataclass(frozen=True)
class Disaster:
    """Fire, flood, accident; loss and relief in yuan. `harmed`: person and harm."""

    household: int
    kind: str
    on: date
    loss: int = 0
    dwelling: str = "0"
    harmed: tuple[tuple[int, str], ...] = ()
    relief: int = 0


@dataclass(frozen=True)
class Dwelling:
    danger: str
    checked_on: date


@dataclass
class Life:
    """The county and all that its people lived through."""

    county: County
    wages: Panel
    pensions: Panel
    registrations: list[Registration]
    bills: list[Bill] = field(default_factory=list)
    later_bills: list[Bill] = field(default_factory=list)
    """What is settled only after the list."""
    refusals: list[Refusal] = field(default_factory=list)
    deaths: dict[int, date] = field(default_factory=dict)
    in_prison: dict[int, date] = field(default_factory=dict)
    missing: dict[int, date] = field(default_factory=dict)
    cards: dict[int, list[Card]] = field(default_factory=dict)
    diagnoses: list[Diagnosis] = field(default_factory=list)
    monitorings: list[Monitoring] = field(default_factory=list)
    disasters: list[Disaster] = field(default_factory=list)
    dwellings: dict[int, Dwelling] = field(default_factory=dict)
    uninsured_since: dict[int, int] = field(default_factory=dict)
    """Year from which a person pays no premium."""
    out_of_school: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Month from which a pupil is gone, and the state that the school reports."""
    unaided_pupils: set[int] = field(default_factory=set)
    truth: list[tuple[int, Planned]] = field(default_factory=list)
    """Households that an event touches; an event of two households stands here twice."""

    def settle(self, bill: Bill) -> Bill:
        """Enter a bill under the next free number; a refund keeps the number of what it takes back."""
        self.bills.append(self._numbered(bill))
        return self.bills[-1]

    def settle_later(self, bill: Bill) -> None:
        self.later_bills.append(self._numbered(bill))

    def _numbered(self, bill: Bill) -> Bill:
        entered = len(self.bills) + len(self.later_bills)
        return replace(bill, serial=bill.serial or FIRST_PLANNED_SERIAL + 10 * entered)

    def index(self, month: int) -> int:
        """The column of a month in the panels."""
        return month - self.county.start
