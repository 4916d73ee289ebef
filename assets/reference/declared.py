"""The reference files, declared once: from here follow how each is read, checked, laid over and explained."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

SHIPPED = Path(__file__).parents[2] / "data" / "reference"


@dataclass(frozen=True)
class Kind:
    """What a cell may hold. `read` gives the value, or None where the text is none; `says` is what it should be."""

    read: Callable[[str], Any]
    stored_as: pa.DataType
    says: str


@dataclass(frozen=True)
class Column:
    name: str
    kind: Kind
    meaning: str
    is_required: bool = True


@dataclass(frozen=True)
class ReferenceFile:
    """One file: `table` is what its rows of both origins stand in, `key` says which shipped rows a home's replace."""

    name: str
    title: str
    table: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def stem(self) -> str:
        return self.name.removesuffix(".csv")


def _of(pattern: str, says: str) -> Kind:
    return Kind(lambda text: text if re.fullmatch(pattern, text) else None, pa.string(), says)


def _one_of(*words: str) -> Kind:
    return Kind(
        lambda text: text if text in words else None, pa.string(), " or ".join((", ".join(words[:-1]), words[-1]))
    )


def _day(text: str) -> date | None:
    """As people and their spreadsheets write a day: 2026-01-01, 2026/1/1, 2026.1.1, 2026年1月1日, 20260101."""
    found = re.fullmatch(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d\d)(\d\d))", text)
    if not found:
        return None
    year, month, day = [int(part) for part in found.groups() if part and part.isdigit()]
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"\d{1,12}(\.\d{1,4})?", text) else None


_YES_NO = {"1": True, "0": False, "true": True, "false": False, "是": True, "否": False}

TEXT = _of(r"(?s).+", "a text")
WORD = _of(r"[a-z][a-z0-9_]*", "in the form inc_drop_note")
PREFIX = _of(
    r"(\d{2}){1,3}|\d{9}|\d{12}", "an area code of 2, 4, 6, 9 or 12 digits (a column that is text, not a number)"
)
CODE12 = _of(r"[1-9]\d{11}", "an area code of 12 digits (a column that is text, not a number)")
GRID = _of(r"[1-9]\d{11}\w+", "the 12 digits of an area and a local serial (a column that is text, not a number)")
DAY = Kind(_day, pa.date32(), "a date (2026-01-01)")
NUMBER = Kind(_number, pa.decimal128(18, 4), "a number (941 or 0.25; without thousands commas or a unit)")
COUNT = Kind(lambda text: int(text) if re.fullmatch(r"\d{1,4}", text) else None, pa.int32(), "a whole number")
YES_NO = Kind(lambda text: _YES_NO.get(text.casefold()), pa.bool_(), "1 or 0")


def _dated(units: Kind, meaning: str) -> tuple[Column, ...]:
    return (
        Column("name", WORD, meaning),
        Column(
            "area_prefix", PREFIX, "适用区划的前几位（2 省、4 市、6 县、9 乡、12 村），空白为全国；最长者优先", False
        ),
        Column(
            "residence", _one_of("urban", "rural", "any"), "urban 城镇、rural 农村、any 不分；同长时前两者优先于 any"
        ),
        Column("value", NUMBER, "数值，金额单位为元"),
        Column("unit", units, "单位"),
        Column("valid_from", DAY, "自哪天起有效（含）"),
        Column("valid_to", DAY, "到哪天为止（含），空白为至今", False),
        Column("known_at", DAY, "何时公布；当晚及以后的清单才采用"),
        Column("document", TEXT, "文号或出处", False),
    )


FILES = (
    ReferenceFile(
        "standards.csv", "标准", "standing_values", ("name", "area_prefix", "residence"),
        _dated(_one_of("month", "year"), "标准名，如 dibao、tekun、pcdi"),
    ),
    ReferenceFile(
        "parameters.csv", "参数", "standing_values", ("name", "area_prefix", "residence"),
        _dated(_one_of("yuan", "ratio", "months", "days", "count"), "规则参数名，如 inc_drop_note"),
    ),
    ReferenceFile(
        "areas.csv", "区划", "standing_areas", ("code",),
        (
            Column("code", CODE12, "12 位区划代码，不足位补 0"),
            Column("name", TEXT, "名称"),
            Column("parent", CODE12, "上级代码，省级空白", False),
            Column("level", _one_of("province", "city", "county", "town", "village"), "省、市、县、乡、村"),
            Column("valid_from", DAY, "自哪天起使用；空白为早于本表", False),
            Column("valid_to", DAY, "最后一天；空白为仍在使用", False),
            Column("successor", CODE12, "撤销后并入或改为哪个代码", False),
        ),
    ),
    ReferenceFile(
        "grids.csv", "网格", "standing_grids", ("grid_code",),
        (
            Column("grid_code", GRID, "12 位区划代码加本地序号"),
            Column("area12", CODE12, "所在村（社区）"),
            Column("name", TEXT, "网格名称", False),
            Column("worker", TEXT, "网格员", False),
            Column("visits_a_week", COUNT, "每周可走访几户", False),
        ),
    ),
    ReferenceFile(
        "calendar.csv", "工作日历", "standing_calendar", ("day",),
        (
            Column("day", DAY, "日期"),
            Column("is_workday", YES_NO, "1 上班（含调休上班的周末），0 休息"),
        ),
    ),
)  # fmt: skip
