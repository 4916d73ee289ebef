"""The vocabulary of a contract: what one extract must be, declared once.

From a declaration follow the header mapping, the reject reasons, the Great Expectations
suite, the Dagster column schema and checks, the data dictionary and the made-up data.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, reduce
from types import MappingProxyType

from expectations.kinds import CODE, ID_NO, TEXT, Kind

REJECT = "reject"
WARN = "warn"

STATE = "state"  # snapshot: the register as it stands at the end of its period
FLOW = "flow"  # snapshot: what belongs to that period; a later file corrects it by key
DELTA = "delta"  # rows with op I / U / D; the last word on a key holds


@dataclass(frozen=True, eq=False)
class Column:
    """One column of an extract: `header` in Chinese, money in yuan (fen in the lake)."""

    name: str
    header: str
    kind: Kind
    meaning: str
    aliases: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unit: str = ""
    is_required: bool = False
    is_key: bool = False
    is_private: bool = False
    is_past: bool = False
    may_be_negative: str = "false"
    reader: str | None = None
    """The macro of `reading.sql` that reads it, where it is not that of its kind."""

    @property
    def stored_name(self) -> str:
        """The column's name in the lake, where a number stands as a keyed pseudonym."""
        if self.kind is not ID_NO:
            return self.name
        return "person_key" if self.name == "id_no" else self.name.removesuffix("_id") + "_key"

    def but(self, *traits: Trait) -> Column:
        return reduce(lambda column, trait: trait(column), traits, self)


Trait = Callable[[Column], Column]


def column(name: str, header: str, kind: Kind, meaning: str, *traits: Trait) -> Column:
    return Column(name, header, kind, meaning).but(*traits)


def required(column: Column) -> Column:
    """The column must be in the file and never blank."""
    return replace(column, is_required=True)


def key(column: Column) -> Column:
    """Part of the record key. Blank is a key value of its own."""
    return replace(column, is_key=True)


def private(column: Column) -> Column:
    """Kept in the vault alone."""
    return replace(column, is_private=True)


def not_in_future(column: Column) -> Column:
    """Not after the end of the file's own period."""
    return replace(column, is_past=True)


def typed_by_hand(column: Column) -> Column:
    """A date that somebody types into a spreadsheet of ours, which may make a number of it."""
    return replace(column, reader="read_typed_date")


def may_be_negative(where: str) -> Trait:
    """Money is not negative, save where this condition over the row's stored values holds."""
    return lambda column: replace(column, may_be_negative=where)


def also(*aliases: str) -> Trait:
    return lambda column: replace(column, aliases=aliases)


def unit(text: str) -> Trait:
    return lambda column: replace(column, unit=text)


def codes(**labels: str) -> Trait:
    """Codes and their labels, written `c01="…"`: a cell may hold the code or the label."""
    return lambda column: replace(column, codes=MappingProxyType({k[1:]: v for k, v in labels.items()}))


@dataclass(frozen=True)
class Row:
    """A promise about one row: `measure`, a whole number worked out from stored values, lies in [low, high].

    Money measures are in fen, time measures in days or months. A measure that is null is not judged.
    """

    code: str
    measure: str
    low: int | None
    high: int | None
    says: str
    severity: str = WARN


@dataclass(frozen=True, eq=False)
class Contract:
    extract: str
    folder: str
    body: str
    title: str
    grain: str
    cadence: str
    delivery: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    month_of: str | None = None
    """The column that dates a row for completeness; None where an empty month is normal."""
    speaks_of_period: bool = False
    """True where completeness is expected of every period (monthly registers)."""
    period_months: int = 1
    """Months from one period to the next where that is no month: 3 by quarter, 6 by term."""
    due_day: int | None = None
    """Day of the following month by which a month is complete; None: closed at once."""
    is_of_events: bool = False
    """True where a row is something that happened: who stands in one month need not stand in the next."""
    steady: str | None = None
    """The amount that a person is paid alike from month to month: where most of them jump, a unit has slipped."""
    comes_back_as: tuple[str, ...] = ()
    """The kinds of list that the rows may be filled into: a file under that list's name is one of this extract."""
    filled_by: tuple[str, ...] = ()
    """The columns that people fill in: a row in which all are blank says nothing, a half-filled one is told so."""

    @property
    def keys(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.is_key)

    @property
    def has_person(self) -> bool:
        return any(c.name == "id_no" for c in self.columns)

    @property
    def is_snapshot(self) -> bool:
        return self.delivery != DELTA

    @property
    def is_awaited(self) -> bool:
        """Whether a month without rows says that the feed is late or short."""
        return self.speaks_of_period or self.month_of is not None

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)


OP = column(
    "op", "操作类型", CODE, "I new, U changed, D withdrawn; blank means I",
    codes(cI="新增", cU="修改", cD="删除"), also("操作标识", "操作", "op_type"),
)  # fmt: skip

PERSON = column(
    "id_no", "身份证号", ID_NO, "Identity number; in the lake its keyed pseudonym",
    required,
    also("身份证件号码", "身份证号码", "公民身份号码", "公民身份证号码", "身份证", "证件号码",
         "psn_cert_no", "certno", "id_card", "idcard", "sfzh"),
)  # fmt: skip

NAME = column(
    "name", "姓名", TEXT, "Name; kept in the vault alone", required, private, also("人员姓名", "psn_name", "xm")
)


@cache
def contracts() -> Mapping[str, Contract]:
    """Every contract declared in a module of `expectations/contracts/`, by extract, in order of name."""
    package = importlib.import_module("expectations.contracts")
    found = {}
    for module in pkgutil.iter_modules(package.__path__):
        for value in vars(importlib.import_module(f"{package.__name__}.{module.name}")).values():
            if isinstance(value, Contract):
                found[value.extract] = value
    return MappingProxyType(dict(sorted(found.items())))
