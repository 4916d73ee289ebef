"""A supposition read from the command line, and what would come of it in words, as a table or as CSV."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
from rich.console import Console
from rich.table import Table

from assets.home import Home, Refusal
from assets.reference.declared import PREFIX
from assets.rules.catalogue import rules
from assets.supposing import ALWAYS, Supposed, Supposition, names, plan, suppose, suppose_today
from assets.tables import SqlTable, sql_tables
from pipelines.replaying import rebuilt
from pipelines.rules_page import LEVELS
from pipelines.running import progress

UNITS = {
    "month": "元/人·月", "year": "元/人·年", "yuan": "元", "ratio": "（比例，0.25 即 25%）", "months": "个月",
    "days": "天", "count": "（个数）",
}  # fmt: skip
CHANGES = {"enters": "新入", "leaves": "退出", "rises": "升级", "falls": "降级"}
FAMILIES = {
    "dibao": "在享低保", "tekun": "在享特困", "newly eligible": "新符合收入条件", "no longer eligible": "不再符合",
}  # fmt: skip
SHOWN, WIDTH = 20, 120
_GIVEN = re.compile(r"([a-z][a-z0-9_]*)=(\d{1,12}(?:\.\d{1,4})?)(%)?(?:/(month|year))?")
_STANDARDS = ("dibao", "pcdi", "tekun")
_OF_AID = ("dibao", "tekun")
_COLUMNS = (
    "change", "household_no", "case_id", "town_code", "town", "level_before", "level", "main_rule", "main_reason",
    "aid",
)  # fmt: skip


def read(
    home: Home, night: date, told: Sequence[str], area: str, residence: str, since: date | None
) -> list[Supposition]:  # fmt: skip
    """`name=value` as suppositions. Raises `Refusal` for what cannot be read, is not known, or would change nothing."""
    if area and PREFIX.read(area) is None:
        raise Refusal(f"--area {area} is not {PREFIX.says}.")
    if since and since >= night.replace(day=1):
        raise Refusal(f"--from {since:%Y-%m} is after the last closed month of {night}: nothing would change.")
    known = names(home, night)
    return [
        Supposition(*_value(one, known, night), area=area, residence=residence, since=since or ALWAYS) for one in told
    ]


def _value(told: str, known: dict[str, set[str]], night: date) -> tuple[str, Decimal, str]:
    match = _GIVEN.fullmatch(told)
    if not match:
        raise Refusal(f"--set {told} is not name=value, as in inc_drop_note=0.3 or dibao=1000 (yuan a head and month).")
    name, number, percent, per = match.groups()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(sorted(known))}."
        raise Refusal(f"No standard or parameter {name} was known on {night}; {hint}")
    if name not in _that_matter():
        raise Refusal(
            f"{name} does not decide who is at risk (it is read after the hits, or when persons are linked): "
            "what-if looks at the hits of one night."
        )
    units = known[name]
    is_standard = units <= {"month", "year"}
    unit = per or ("month" if "month" in units else min(units))
    if per and not is_standard:
        raise Refusal(f"{name} is no standard a month or year; its unit is {UNITS[min(units)]}.")
    if percent and unit != "ratio":
        raise Refusal(f"{name} is no share; its unit is {UNITS[unit]}.")
    value = Decimal(number) / (100 if percent else 1)
    return name, value, unit


def _that_matter() -> set[str]:
    """The names that rules, and the tables up to what is held, read."""
    tables: list[SqlTable] = [*sql_tables("panel").values(), *sql_tables("profile").values()]
    texts = [table.sql for table in tables]
    for rule in rules().values():
        texts += [rule.when, rule.level, rule.value, rule.threshold, *rule.terms.values()]
    return {*_STANDARDS, *re.findall(r"[a-z][a-z0-9_]+", " ".join(texts))}


def answer(home: Home, night: date, suppositions: Sequence[Supposition], form: str, out: Path | None) -> None:
    """Suppose, and print or write what would come of it."""
    with progress(len(plan({one.name for one in suppositions}))) as follow:
        found = suppose(home, night, suppositions, _Step(follow))
    heads = [_told(one) for one in suppositions]
    is_about_money = any(one.name in _OF_AID for one in suppositions)
    give(found, night, heads, is_about_money, form, out)


def answer_today(home: Home, night: date, form: str, out: Path | None) -> None:
    """What would have been seen that night by the rules and standards of today."""
    if home.table("household_profile", night).exists():
        found = _by_today(home, night, home)
    else:
        with rebuilt(home, night, is_from_scratch=False, keep=None) as (again, _):
            found = _by_today(again, night, home)
    give(found, night, ["今天的规则、标准与参数 / the rules, standards and parameters of today"], True, form, out)


def _by_today(home: Home, night: date, today: Home) -> Supposed:
    with progress(len(plan(None))) as follow:
        return suppose_today(home, night, today, _Step(follow))


class _Step:
    """Follows each step of a supposition on the bar."""

    def __init__(self, follow: Any) -> None:
        self.follow = follow

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        self.follow.started(name)
        yield
        self.follow.ended(name)


def _told(one: Supposition) -> str:
    residence = {"any": "城乡", "urban": "城镇", "rural": "农村"}[one.residence]
    since = "各月" if one.since == ALWAYS else f"自 {one.since:%Y-%m}"
    value = f"{one.value.normalize():f}"
    return f"{one.name} = {value} {UNITS[one.unit]}，{one.area or '全部地区'}，{residence}，{since}"


# What is given ----------------------------------------------------------------------------------------------------


def give(
    found: Supposed, night: date, heads: Sequence[str], is_about_money: bool, form: str, out: Path | None
) -> None:  # fmt: skip
    """A table for people, or CSV: one row a household that would enter, leave, rise or fall."""
    if form == "csv" or out:
        table = found.changes.select(list(_COLUMNS)).to_pandas()
        table["aid"] = table["aid"].map("、".join)
        for name in ("level_before", "level"):
            table[name] = table[name].astype("Int64")
        table.to_csv(out or sys.stdout, index=False)
    if form == "table":
        _show(found, night, heads, is_about_money)


def _show(found: Supposed, night: date, heads: Sequence[str], is_about_money: bool) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    console.print(f"{night} 晚，假设 / suppose:")
    for head in heads:
        console.print(f"  {head}")
    moved = {name: pc.sum(pc.equal(found.changes["change"], name)).as_py() or 0 for name in CHANGES}
    console.print("，".join(f"{zh} {moved[name]} 户" for name, zh in CHANGES.items()) + f" / {_english(moved)}")
    console.print("按当晚命中的规则计，不计案件经历 / by the hits of that night, without the memory of cases")
    console.print(_visits(found.counts))
    if is_about_money:
        console.print(_costs(found.costs))
        console.print(_ASSUMED)
    if found.changes.num_rows:
        console.print(_families(found))
    if found.changes.num_rows > SHOWN:
        console.print(f"… 另有 {found.changes.num_rows - SHOWN} 户 / more: --format csv")
    for row in found.broken:
        console.print(f"注意：命中率闸门会暂缓 / the breaker would hold: {row['area']} {row['reason']}")


_ASSUMED = """低保补差 = 人数 × 低保标准 − 家庭月收入（近三个月已知月的平均），不足 0 计 0；特困 = 人数 × 特困标准。
收入未知的家庭不计金额；未查财产，新符合者为上限；不计分类施保和渐退。
supplement = members × standard − income a month, at least 0; unknown incomes are left out; property is not looked at,
so what is newly eligible is the most that may come."""


def _english(moved: dict[str, int]) -> str:
    enters, leaves, rises, falls = moved.values()
    return f"{enters} enter, {leaves} leave, {rises} rise, {falls} fall"


def _visits(rows: Sequence[dict[str, Any]]) -> Table:
    """Families to visit by town, by level, and by the aid that may fit."""
    shown = Table("走访户数", "现", "假设后", "差", *CHANGES.values(), title="Visits by town, level, aid")
    for row, following in zip(rows, (*rows[1:], None), strict=True):
        name = LEVELS[row["item"]] if row["measure"] == "level" else row["name"]
        numbers = (row["before"], row["after"], f"{row['after'] - row['before']:+d}", *(row[n] for n in CHANGES))
        is_last = following is None or following["measure"] != row["measure"]
        shown.add_row(name, *map(str, numbers), end_section=is_last)
    return shown


def _costs(rows: Sequence[dict[str, Any]]) -> Table:
    shown = Table("每月（元）", "乡镇", "户", "现", "假设后", "差", "收入未知", title="Yuan a month of 低保 and 特困")
    for row in rows:
        yuan = [_yuan(row["before"]), _yuan(row["after"]), _yuan(row["after"] - row["before"])]
        shown.add_row(FAMILIES[row["families_are"]], row["town"], str(row["families"]), *yuan, str(row["unknown"]))
    families, unknown = (sum(row[name] for row in rows) for name in ("families", "unknown"))
    before, after = (sum(row[name] for row in rows) for name in ("before", "after"))
    yuan = [_yuan(before), _yuan(after), _yuan(after - before)]
    shown.add_row("合计", "", str(families), *yuan, str(unknown))
    return shown


def _families(found: Supposed) -> Table:
    shown = Table("变化", "家庭编号", "案件", "乡镇", "等级", "主要规则", "可能适用")
    for row in found.changes.slice(0, SHOWN).to_pylist():
        levels = " → ".join("无" if level is None else str(level) for level in (row["level_before"], row["level"]))
        cells = (
            CHANGES[row["change"]],
            row["household_no"],
            row["case_id"] or "",
            row["town"],
            levels,
            row["main_rule"],
        )
        shown.add_row(*cells, "、".join(row["aid"]))
    return shown


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"
