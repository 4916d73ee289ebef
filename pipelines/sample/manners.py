"""How each body writes its files: formats, encodings, headers and spellings as met in the field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

HEADER_ZH, HEADER_ENGLISH, HEADER_ALIAS = "zh", "english", "alias"
CODES, LABELS = "codes", "labels"

DAYS: dict[str, Callable[[str], str]] = {
    "2026-03-05": str,
    "20260305": lambda day: day.replace("-", ""),
    "2026/3/5": lambda day: f"{day[:4]}/{int(day[5:7])}/{int(day[8:])}",
    "2026年3月5日": lambda day: f"{day[:4]}年{int(day[5:7])}月{int(day[8:])}日",
    "2026.3.5": lambda day: f"{day[:4]}.{int(day[5:7])}.{int(day[8:])}",
    "2026-03-05 10:20:30": lambda day: f"{day} 10:20:30",
}
MONTHS: dict[str, Callable[[str], str]] = {
    "202603": str,
    "2026-03": lambda month: f"{month[:4]}-{month[4:]}",
    "2026/3": lambda month: f"{month[:4]}/{int(month[4:])}",
    "2026.3": lambda month: f"{month[:4]}.{int(month[4:])}",
    "2026年3月": lambda month: f"{month[:4]}年{int(month[4:])}月",
}
YEARS: dict[str, Callable[[str], str]] = {"2026": str, "2026年": lambda year: f"{year}年"}


@dataclass(frozen=True)
class Manner:
    """How a body writes one file."""

    suffix: str = "csv"
    encoding: str = "utf-8-sig"
    separator: str = ","
    line_end: str = "\r\n"
    header: str = HEADER_ZH
    codes: str = CODES
    days: str = "2026-03-05"
    months: str = "202603"
    years: str = "2026"
    yes_no: tuple[str, str] = ("否", "是")


_USUAL = {
    "civil_affairs_members": Manner(codes=LABELS),
    "civil_affairs_assistance": Manner(codes=LABELS, days="2026/3/5"),
    "civil_affairs_income": Manner(codes=LABELS),
    "civil_affairs_followups": Manner(encoding="gb18030", codes=LABELS, days="2026年3月5日"),
    "civil_affairs_rectifications": Manner(codes=LABELS, days="2026/3/5"),
    "civil_affairs_reports": Manner(encoding="utf-8", codes=LABELS, days="2026.3.5"),
    "education_students": Manner(codes=LABELS),
    "education_aid": Manner(encoding="gb18030", codes=LABELS),
    "employment_contributions": Manner(line_end="\n"),
    "employment_pensions": Manner(encoding="gb18030", codes=LABELS, months="2026-03"),
    "employment_unemployment": Manner(days="20260305"),
    "health_settlements": Manner(line_end="\n", yes_no=("0", "1")),
    "health_insurance": Manner(encoding="utf-8", years="2026年"),
    "health_records": Manner(line_end="\n", days="2026-03-05 10:20:30"),
    "public_security_registry": Manner(separator="|", days="20260305", yes_no=("0", "1")),
    "disability_cards": Manner(codes=LABELS, days="2026.3.5"),
    "agriculture_monitoring": Manner(encoding="utf-16-le", separator="\t", codes=LABELS, days="2026/3/5"),
    "emergency_events": Manner(codes=LABELS, days="2026年3月5日"),
    "housing_dwellings": Manner(suffix="xlsx", codes=LABELS),
    "housing_fund": Manner(encoding="utf-8", line_end="\n", months="2026/3"),
}

# What differs from the usual, by months before `as_of` (of students and aid: by terms; of dwellings: by quarters).
_UNUSUAL = {
    ("civil_affairs_members", 10): Manner(encoding="gb18030", codes=LABELS, months="2026年3月"),
    ("civil_affairs_members", 4): Manner(suffix="parquet", months="2026-03"),
    ("civil_affairs_members", 1): Manner(encoding="utf-8", codes=CODES, line_end="\n"),
    ("civil_affairs_assistance", 10): Manner(suffix="xlsx", codes=LABELS),
    ("civil_affairs_assistance", 9): Manner(separator="|", days="2026年3月5日"),
    ("civil_affairs_income", 12): Manner(encoding="utf-16-le", separator="\t", codes=CODES, months="2026-03"),
    ("employment_contributions", 18): Manner(encoding="gb18030", separator="|", yes_no=("N", "Y")),
    ("employment_contributions", 15): Manner(suffix="parquet"),
    ("employment_contributions", 14): Manner(encoding="utf-8", header=HEADER_ENGLISH, yes_no=("no", "yes")),
    ("employment_contributions", 10): Manner(codes=LABELS, months="2026年3月"),
    ("employment_pensions", 16): Manner(separator="\t"),
    ("employment_pensions", 2): Manner(header=HEADER_ALIAS),
    ("employment_unemployment", 2): Manner(separator="|", days="2026/3/5"),
    ("employment_unemployment", 1): Manner(suffix="xlsx", codes=LABELS),
    ("health_settlements", 17): Manner(header=HEADER_ALIAS, days="2026-03-05 10:20:30", yes_no=("0", "1")),
    ("health_settlements", 11): Manner(separator="|", days="20260305"),
    ("health_settlements", 5): Manner(encoding="gb18030", codes=LABELS, days="2026年3月5日"),
    ("health_insurance", 6): Manner(header=HEADER_ALIAS),
    ("health_insurance", 3): Manner(suffix="parquet"),
    ("health_records", 9): Manner(header=HEADER_ALIAS, codes=LABELS, days="2026.3.5"),
    ("public_security_registry", 8): Manner(header=HEADER_ENGLISH),
    ("disability_cards", 7): Manner(suffix="xlsx", codes=LABELS),
    ("agriculture_monitoring", 2): Manner(header=HEADER_ENGLISH, days="2026-03-05"),
    ("housing_fund", 12): Manner(header=HEADER_ALIAS, months="2026.3"),
    ("housing_dwellings", 2): Manner(header=HEADER_ENGLISH, yes_no=("N", "Y")),
    ("education_students", 4): Manner(encoding="gb18030"),
    ("education_students", 3): Manner(encoding="utf-8", header=HEADER_ENGLISH),
    ("education_students", 1): Manner(suffix="xlsx", codes=LABELS),
}  # fmt: skip


def manner_of(extract: str, ago: int) -> Manner:
    return _UNUSUAL.get((extract, ago), _USUAL.get(extract, Manner()))
