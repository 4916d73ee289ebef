"""A weighed parameter in words: a table of its values, one sentence that proposes or does not, what nobody knows."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from pipelines.tuning.weighing import Answers, Limits, Weighed
from pipelines.what_if import SHOWN, WIDTH

VERDICTS = {
    "as it was": "现行", "too few visits": "核查太少", "nothing changes": "没有变化", "never visited": "无从判断",
    "too few saved": "少走访太少", "proposed": "可以建议", "finds lost": "漏掉属实",
}  # fmt: skip
LOOSER = """放宽的取值新增的家庭没有上过清单，没有人去核查：无从知道，不算属实，也不算白跑；“若照现有成效”只是假定。
Families that only a looser value raises were never listed, so nobody visited them: unknown, neither finds nor waste."""
_COLUMNS = (
    "parameter", "value", "visits", "found", "yield", "low", "high", "saved", "lost", "chance", "elsewhere",
    "unvisited", "expected", "expected_low", "expected_high", "verdict",
)  # fmt: skip


def heads(found: Answers) -> Iterable[str]:
    """What the trial rests on."""
    tried = len(found.nights)
    which = f"{found.nights[0]} 至 {found.nights[-1]}，" if found.nights else ""
    yield (
        f"有核查结果的清单 {found.nights_with_visits} 晚，重算其中 {tried} 晚（{which}按当晚命中计，不计案件经历）"
        f" / {tried} of {found.nights_with_visits} nights whose lists were answered, by the hits of each night"
    )
    if found.nights_lost:
        yield f"{found.nights_lost} 晚的结果已不在湖中，略过 / nights that are no longer in the lake are left out"


def proposal(weighed: Weighed) -> Mapping[str, Any] | None:
    """The value to propose: fewest finds lost, then most visits saved, then nearest to what it is now."""
    fit = [row for row in weighed.by_value if row["verdict"] == "proposed"]
    return min(fit, key=lambda row: (row["lost"], -row["saved"], abs(row["value"] - weighed.trial.now)), default=None)


def sentence(weighed: Weighed, limits: Limits) -> str:
    """One sentence: a proposal with its numbers, or why there is none."""
    now, chosen = weighed.by_value[0], proposal(weighed)
    name = weighed.trial.parameter
    if chosen is None:
        return _no_proposal(name, weighed, limits)
    lost, new = chosen["lost"], chosen["unvisited"]
    zh = f"漏掉属实 {lost} 次" if lost else "属实的一次不漏"
    en = f"{lost} finds lost" if lost else "no find lost"
    zh = f"{zh}（随意少走访这么多次，也不多漏的机会是 {chosen['chance']:.0%}）"
    en = f"{en} (left out blindly, as few would be lost with a chance of {chosen['chance']:.0%})"
    if new:
        zh, en = f"{zh}，另新增从未核查的 {new} 户", f"{en}, {new} families never visited come in"
    was, would = number(weighed.trial.now), number(chosen["value"])
    return (
        f"建议：{name} 由 {was} 改为 {would}，{now['visits']} 次核查少走访 {chosen['saved']} 次，{zh}；"
        f"成效由 {_share(now)} 变为 {_share(chosen)} / "
        f"proposed: {name} from {was} to {would}: {chosen['saved']} of {now['visits']} visits saved, {en}; "
        f"yield {_share(now)} to {_share(chosen)}"
    )


def _no_proposal(name: str, weighed: Weighed, limits: Limits) -> str:
    visits = weighed.by_value[0]["visits"]
    if visits < limits.visits:
        return (
            f"{name}：证据不足，核查 {visits} 次，需 {limits.visits} 次 / "
            f"not enough evidence: {visits} visits, {limits.visits} needed"
        )
    saved = max(row["saved"] for row in weighed.by_value)
    if saved < limits.saved:
        return (
            f"{name}：证据不足，试过的取值最多少走访 {saved} 次，需 {limits.saved} 次 / "
            f"not enough evidence: at most {saved} visits saved, {limits.saved} needed"
        )
    if all(row["verdict"] != "finds lost" for row in weighed.by_value):
        return (
            f"{name}：证据不足，能少走访的取值新增的家庭更多，没有人核查过 / "
            "not enough evidence: values that save visits bring in more families, whom nobody has visited"
        )
    return (
        f"{name}：不建议改，能少走访的取值会漏掉属实的家庭，而少走访的并不明显更差 / "
        "no change proposed: values that save visits lose finds, and what they save is not clearly worth less"
    )


def show(weighed: Weighed, limits: Limits) -> None:
    """The table, the sentence and the confirmed cases that each value would have missed."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    console.print(_values(weighed))
    if len(weighed.trial.rules) > 1 and weighed.by_rule:
        console.print(_rules(weighed))
    console.print(sentence(weighed, limits), soft_wrap=True)
    for value in dict.fromkeys(row["value"] for row in weighed.lost):
        cases = [row["case_id"] for row in weighed.lost if row["value"] == value]
        more = f" … 另有 {len(cases) - SHOWN} 件 / more" if len(cases) > SHOWN else ""
        told = "、".join(cases[:SHOWN])
        console.print(f"取 {number(value)} 漏掉的属实案件 / finds lost: {told}{more}", soft_wrap=True)
    if weighed.unjudged:
        console.print(
            f"另有 {weighed.unjudged} 次核查的家庭当晚没有命中（略低于阈值而延续），不作判断 / "
            "more visits, to families whose hits only lingered that night, are not judged",
            soft_wrap=True,
        )


def write(weighed: Sequence[Weighed]) -> None:
    """The same as CSV: one row a parameter and value, as it was without a value."""
    rows = csv.DictWriter(sys.stdout, _COLUMNS, lineterminator="\n")
    rows.writeheader()
    for one in weighed:
        for row in one.by_value:
            rows.writerow({"parameter": one.trial.parameter} | plain(row))


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as files hold it: a value as text, a share with four places."""
    return {
        name: number(cell) if isinstance(cell, Decimal) else round(cell, 4) if isinstance(cell, float) else cell
        for name, cell in row.items()
    }


def number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _values(weighed: Weighed) -> Table:
    trial = weighed.trial
    rules = "、".join(trial.rules) if len(trial.rules) <= 4 else f"{len(trial.rules)} 条规则"
    shown = Table(
        "取值", "核查", "属实", "成效（95%）", "少走访", "漏掉属实", "他规仍见", "新增未核查", "若照现有成效", "判断",
        title=f"{trial.parameter}（{rules}，现为 {number(trial.now)}）\n"
        "Visits, finds, yield, saved, finds lost, seen by other rules, new and never visited, at the yield of now",
    )  # fmt: skip
    for row in weighed.by_value:
        value = "现行" if row["value"] is None else number(row["value"])
        counts = (str(row[name]) for name in ("saved", "lost", "elsewhere", "unvisited"))
        shown.add_row(
            value, str(row["visits"]), str(row["found"]), _share(row), *counts, _expected(row), VERDICTS[row["verdict"]]
        )
    return shown


def _rules(weighed: Weighed) -> Table:
    shown = Table("规则", "取值", "核查", "属实", "成效（95%）", title="By rule")
    for row in weighed.by_rule:
        value = "现行" if row["value"] is None else number(row["value"])
        shown.add_row(row["rule"], value, str(row["visits"]), str(row["found"]), _share(row))
    return shown


def _share(row: Mapping[str, Any]) -> str:
    if row["yield"] is None:
        return "–"
    return f"{row['yield']:.0%} ({row['low']:.0%}–{row['high']:.0%})"


def _expected(row: Mapping[str, Any]) -> str:
    if not row["unvisited"] or row["expected"] is None:
        return ""
    return f"{row['expected']:.1f} ({row['expected_low']:.1f}–{row['expected_high']:.1f})"
