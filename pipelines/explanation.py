"""An explanation in words, Chinese first: one sentence, the rules that fired, those that nearly did, the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from sqlglot import exp

from assets.rules.catalogue import figures
from expectations.contract import contracts
from pipelines.explaining import Explained, Judged, Part, Row, State, lines_of
from pipelines.rules_page import LEVELS, SIGNS, formula

STATES = {
    "pending": "待下一次评估确认", "open": "排队待发", "handed_out": "已下发", "verified": "已核实在帮扶",
    "snoozed": "休眠", "closed": "已结案",
}  # fmt: skip
STANDINGS = {
    "near": "仍在线附近",
    "held": "数据暂缓，不能解除",
    "unknown": "数字未知，不能解除",
    "missed": "首次未命中，待下次评估",
}
_ONE_BY_ONE = {State.FIRED: "命中 / fired", State.NEARLY: "接近 / near"}
_TOGETHER = {
    State.HELD: "暂缓（数据未到或异常）/ held", State.UNKNOWN: "无法判断（数字未知）/ unknown",
    State.CHANGED: "不作比较（成员变动）/ members changed", State.OFF: "停用（从未收到数据）/ off",
    State.ELSEWHERE: "不适用于本地 / for other areas",
}  # fmt: skip


def tell(found: Explained, is_whole: bool) -> Iterator[str]:
    """The lines of one screen; the whole has every rule with each of its conditions."""
    home = found.household
    residence = {"urban": "城镇", "rural": "农村"}[home["residence"]]
    yield f"{home['household_no']}  {found.night} 晚  {home['place']}  {residence}  {home['members']} 人"
    yield sentence(found)
    if case := _case(found):
        yield case
    for row in found.standing:
        yield f"此前命中，尚未解除 / still stands: {row['rule']} {STANDINGS[row['standing']]}（{row['reason']}）"
    for state, title in _ONE_BY_ONE.items():
        chosen = sorted(found.of(state), key=lambda one: one.distance)
        yield ""
        yield f"{title}: {len(chosen) or '无'}"
        for one in chosen:
            yield from _rule(found, one)
    yield ""
    for state, title in _TOGETHER.items():
        if chosen := found.of(state):
            yield f"{title}: {len(chosen)}"
            yield from _grouped(found, chosen, is_whole)
    unmet = found.of(State.UNMET)
    yield f"未命中 / not met: {len(unmet)}{'' if is_whole else '（--all 逐条列出 / one by one）'}"
    if is_whole:
        for one in unmet:
            yield from _rule(found, one)
    yield ""
    yield from _origins(found, is_whole)


def sentence(found: Explained) -> str:
    """Why the family was, or was not, on the list of that night."""
    case, listed = found.case, "在风险清单上" if found.is_listed else "不在风险清单上"
    if found.is_listed and case:
        return f"{listed}：{LEVELS[str(case['level'])]}，{case['main_rule']}：{case['main_reason']}"
    if case and case["state"] not in ("closed", "handed_out"):
        why = case.get("why") or ""
        state = STATES.get(case["state"], case["state"]) if case["level"] or case["state"] != "pending" else "仅记录"
        return f"{listed}：案件 {case['case_id']} {state}{f'（{why}）' if why else ''}"
    fired = [one.rule.code for one in found.of(State.FIRED)]
    held = [one for one in found.of(State.HELD) if one.hit]
    if held and not fired:
        return f"{listed}：命中 {held[0].rule.code}，但数据暂缓，不能据以预警：{held[0].why}"
    missed = _nearest(found)
    if fired:
        told = (
            "督查规则"
            if all(one.rule.dimension == "supervision" for one in found.of(State.FIRED))
            else "仅作记录的规则"
        )
        return f"{listed}：只命中{told} {'、'.join(fired)}{f'；{missed}' if missed else ''}"
    if missed:
        return f"{listed}：没有规则命中；{missed}"
    if unknown := found.of(State.UNKNOWN):
        return f"{listed}：没有规则命中；{len(unknown)} 条规则无法判断，{unknown[0].why}"
    return f"{listed}：没有规则命中，也没有接近的"


def _nearest(found: Explained) -> str:
    nearest = min(found.of(State.NEARLY), key=lambda one: one.distance, default=None)
    if nearest is None:
        return ""
    missed = next(part for part in nearest.parts if part.holds is False)
    return f"最接近的是 {nearest.rule.code} {nearest.rule.title}（{_sides(missed)} 不成立）"


def _case(found: Explained) -> str:
    case = found.case
    if not case:
        return ""
    state = str(STATES.get(case["state"], case["state"]))
    parts = [f"案件 / case {case['case_id']}", state, LEVELS[str(case["level"])], f"自 {case['opened_on']} 立案"]
    if case["residual_level"] is not None and case["level"] < case["hit_level"]:
        parts.append(f"受剩余收入所限，至多 {LEVELS[str(case['residual_level'])]}")
    for name, title in (("deadline", "期限"), ("visited_on", "上次走访"), ("outcome", "核查结果"),
                        ("snoozed_until", "暂缓至"), ("closed_on", "结案")):  # fmt: skip
        if case.get(name):
            parts.append(f"{title} {case[name]}")
    return "  ".join(parts)


def _rule(found: Explained, one: Judged) -> Iterator[str]:
    level = f"  {LEVELS[str(one.hit['level'])]}" if one.hit else ""
    yield f"  {one.rule.code} {one.rule.title}{level}{_value(one)}{f'  {one.why}' if one.why else ''}"
    if one.hit:
        yield f"      {one.hit['reason']}"
    for part in one.parts:
        mark = {True: "是", False: "否", None: "未知"}[part.holds]
        yield f"      {mark:<3}{_formula(found, part)}    {_sides(part, found.flags, one)}"
    yield f"      数据 / feeds: {'、'.join(_feeds(one))}"


def _value(one: Judged) -> str:
    if one.value is None or one.threshold is None:
        return ""
    return f"  {amount(one.value, one.rule.unit)}（线 {amount(one.threshold, one.rule.unit)}）"


def _formula(found: Explained, part: Part) -> str:
    """The condition in the words of the catalogue, with the values that counted for this family in place of names."""

    def given(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Placeholder):
            return node
        row = found.parameters.get(node.name)
        told = "未知" if row is None else amount(float(row["value"]), "元" if row["unit"] == "yuan" else "")
        return exp.Literal(this=f"{told}〔{node.name}〕", is_string=False)

    return formula(part.condition.node.transform(given), part.condition.rule.terms)


def _sides(part: Part, flags: frozenset[str] = frozenset(), one: Judged | None = None) -> str:
    """The numbers on either side; of a condition that compares nothing, the figures that it names."""
    condition = part.condition
    if part.holds is None and part.unknown:
        return "未知：" + "、".join(figures()[name].zh for name in part.unknown)
    if condition.sides:
        sign = SIGNS[type(condition.node)]
        left, right = (
            "未知" if side is None else amount(side, condition.unit) for side in (part.left, part.right)
        )  # fmt: skip
        return f"{left} {sign} {right}"
    if one is None:
        return ""
    named = [name for name in condition.figures if name in one.figures]
    if len(named) == 1:
        return _figure(named[0], one.figures[named[0]], flags)
    return "，".join(f"{figures()[name].zh} {_figure(name, one.figures[name], flags)}" for name in named)


def _figure(name: str, value: float | None, flags: frozenset[str]) -> str:
    if value is None:
        return "未知"
    if name in flags:
        return "是" if value else "否"
    return amount(value, figures()[name].unit)


def amount(value: float, unit: str) -> str:
    """A number for people: fen as yuan, a share in per cent, a count as it is."""
    if unit == "元":
        return f"{value / 100:.2f} 元"
    if unit == "%":
        return f"{value * 100:.1f}%"
    return f"{value:.0f}" if value == int(value) else f"{value:.3g}"


def _feeds(one: Judged) -> list[str]:
    return [str(contracts()[name].title) for name in one.rule.leans_on if name in contracts()]


def _grouped(found: Explained, chosen: Sequence[Judged], is_whole: bool) -> Iterator[str]:
    """Rules of one state, those with the same reason together."""
    if is_whole:
        for one in chosen:
            yield from _rule(found, one)
        return
    if chosen[0].state is State.OFF:
        titles = dict.fromkeys(title for one in chosen for title in one.why.removeprefix("从未收到：").split("、"))
        yield f"  从未收到：{'、'.join(titles)}"
        return
    for why, members in groupby(sorted(chosen, key=lambda one: one.why), key=lambda one: one.why):
        yield f"  {'、'.join(one.rule.code for one in members)}：{why}"


def _origins(found: Explained, is_whole: bool) -> Iterator[str]:
    """Which files and lines the figures come from; in short those of the rules that fired or nearly did."""
    looked_at = {name for one in found.of(State.FIRED, State.NEARLY, State.HELD) for name in one.rule.leans_on}
    rows = [row for row in found.origins if is_whole or row["extract"] in looked_at]
    yield f"数据来源 / origins: {len(rows)} 个文件{'（--all 全部）' if len(rows) < len(found.origins) else ''}"
    shown = rows if is_whole else _newest(rows)
    for row in shown:
        yield f"  {contracts()[row['extract']].title}  {lines_of(row)}"
    if len(shown) < len(rows):
        yield f"  … 另有 {len(rows) - len(shown)} 个较早的文件（--all）"


def _newest(rows: Sequence[Row]) -> list[Row]:
    """The three newest files of each extract."""
    return [row for _, files in groupby(rows, key=lambda row: str(row["extract"])) for row in list(files)[-3:]]
