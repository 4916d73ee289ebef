"""docs/rules.md: every rule for the people who act on it, Chinese first, with the thresholds in force."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby

import sqlglot
from sqlglot import exp

from assets.rules.catalogue import Rule, figures, rules
from assets.tables import FOLDER as ASSETS
from expectations.contract import contracts

REFERENCE = ASSETS.parent / "data" / "reference"

DIMENSIONS = {
    "income": "收入 Income", "medical": "医疗 Medical", "rigid": "刚性支出 Rigid expenditure", "family": "家庭 Family",
    "education": "教育 Education", "housing": "住房 Housing", "event": "突发事件 Events",
    "gap": "应保未保 Gaps of aid", "report": "上报 Reports", "supervision": "督查 Supervision",
}  # fmt: skip
LEVELS = {"0": "0 仅记录", "1": "1 黄", "2": "2 橙", "3": "3 红"}
UNITS = {"ratio": "", "yuan": " 元", "months": " 个月", "days": " 天", "count": ""}
SIGNS: dict[type[exp.Expr], str] = {
    exp.GTE: "≥", exp.GT: ">", exp.LTE: "≤", exp.LT: "<", exp.Add: "+", exp.Sub: "−", exp.Mul: "×", exp.Div: "÷",
    exp.And: "且", exp.Or: "或",
}  # fmt: skip


def rules_page(head: str) -> str:
    """The whole page. Raises KeyError for a figure that has no Chinese name or a parameter that has no row."""
    lines = ["# 预警规则 / Rules", "", head, "", _INTRODUCTION, "", *_standards(), ""]
    catalogue = sorted(rules().values(), key=lambda rule: list(DIMENSIONS).index(rule.dimension))
    lines += ["| 规则 | 名称 | 维度 | 等级 |", "|---|---|---|---|"]
    for rule in catalogue:
        dimension = DIMENSIONS[rule.dimension].split()[0]
        lines.append(f"| [`{rule.code}`](#{rule.code.lower()}) | {rule.title} | {dimension} | {_levels(rule)} |")
    for dimension, members in groupby(catalogue, key=lambda rule: rule.dimension):
        lines += ["", f"## {DIMENSIONS[dimension]}"]
        for rule in members:
            lines += _rule(rule)
    return "\n".join(lines)


_INTRODUCTION = """每条规则写明：何时预警、现行阈值及依据、需要哪些数据。金额口径为元。
未知的收入不当作零，未知时规则不作判断。
表中阈值为随项目提供的值，各地可在数据目录的 `reference/parameters.csv` 和 `standards.csv` 中改写。
等级 3 红、2 橙、1 黄；0 仅记录，不入户。
所需数据从未收到时规则停用；迟到或不完整时规则暂缓：不新增、不解除，清单上注明。

Each rule: when it fires, the thresholds in force and their source, the extracts it needs, what ends it. Unknown never
fires. A rule is off where an extract that it needs has never come, held where one is late."""


def _standards() -> Iterator[str]:
    yield "公式中的“低保标准”“人均可支配收入”为当地当月有效的标准，随项目提供的有："
    yield ""
    yield "| 标准 standard | 地区 area | 城乡 | 数值 value | 执行 valid | 文件 document |"
    yield "|---|---|---|---|---|---|"
    for row in _rows("standards.csv"):
        residence = {"urban": "城镇", "rural": "农村", "any": "不分"}[row["residence"]]
        amount = f"{row['value']} 元/{'月' if row['unit'] == 'month' else '年'}"
        valid = f"{row['valid_from']} 至 {row['valid_to'] or '今'}"
        area = row["area_prefix"] or "全国"
        yield f"| `{row['name']}` | {area} | {residence} | {amount} | {valid} | {row['document']} |"


def _rule(rule: Rule) -> Iterator[str]:
    names = _parameters_of(rule)
    yield from ("", f'<a id="{rule.code.lower()}"></a>', "", f"### {rule.code} {rule.title}", "", rule.title_en, "")
    yield f"- **何时预警 when**：{formula(rule.when, rule.terms)}"
    bound = "；受剩余收入所限 / [bounded](cases.md)" if rule.is_bounded else ""
    pressing = "；不待二次评估 / [does not wait](cases.md)" if rule.is_pressing else ""
    yield f"- **等级 level**：{_level(rule)}{bound}{pressing}"
    yield f"- **告知 reason**：{_sentence(rule.reason)}"
    for name in names:
        for row in parameters()[name]:
            until = f"至 {row['valid_to']}" if row["valid_to"] else "起"
            told = f"`{name}`{_place(row)} = {_value(row)}，自 {row['valid_from']} {until}"
            yield f"- **阈值 threshold** {told}；{row['document']}"
    yield f"- **依据 basis**：{rule.basis}"
    if rule.areas:
        yield f"- **适用地区 areas**：{'、'.join(rule.areas)}"
    yield f"- **需要 needs**：{_extracts(rule)}"
    yield f"- **何时解除 ends**：{rule.ends or '各项指标连续两个月低于阈值的九成；数据更正后不再成立的当晚撤销'}"


def _place(row: Mapping[str, str]) -> str:
    where = [part for part in (row["area_prefix"], row["residence"]) if part not in ("", "any")]
    return f"（{'，'.join(where)}）" if where else ""


def _value(row: Mapping[str, str]) -> str:
    return row["value"] + UNITS[row["unit"]]


def _sentence(reason: str) -> str:
    """The sentence of a rule with the names of its figures in place of their numbers."""

    def named(match: re.Match[str]) -> str:
        name, form = match[1], match[2] or ""
        if "|" in form:
            return "／".join(filter(None, form.split("|")))
        told = {"value": "计算值", "threshold": "预警线"}.get(name) or figures()[name].zh
        return f"〈{told}〉"

    return re.sub(r"\{(\w+):?([^}]*)\}", named, reason)


def _extracts(rule: Rule) -> str:
    parts = []
    if rule.needs:
        parts.append("、".join(_extract(name) for name in rule.needs))
    if rule.needs_any:
        parts.append("至少其一：" + "、".join(_extract(name) for name in rule.needs_any))
    if rule.uses:
        parts.append("参考：" + "、".join(_extract(name) for name in rule.uses))
    return "；".join(parts)


def _extract(name: str) -> str:
    contract = contracts()[name]
    return f"{contract.title}（{contract.body}）"


def _levels(rule: Rule) -> str:
    """The levels that a rule can give: the numbers that stand as a result in its level."""
    node = _parse(rule.level)
    if isinstance(node, exp.Literal):
        return LEVELS[node.this]
    results = [one.args["true"].this for one in node.args["ifs"]] + [node.args["default"].this]
    return "、".join(LEVELS[level] for level in sorted(results))


def _level(rule: Rule) -> str:
    node = _parse(rule.level)
    if isinstance(node, exp.Literal):
        return LEVELS[node.this]
    told = [f"{_told(one.this, rule.terms)} 为 {LEVELS[one.args['true'].this]}" for one in node.args["ifs"]]
    return "；".join([*told, f"否则 {LEVELS[node.args['default'].this]}"])


def _parameters_of(rule: Rule) -> list[str]:
    found: dict[str, None] = {}
    for text in (rule.when, rule.level, rule.value, rule.threshold, *rule.terms.values()):
        found |= dict.fromkeys(p.name for p in _parse(text).find_all(exp.Placeholder))
    return list(found)


def formula(text: str | exp.Expr, terms: Mapping[str, str]) -> str:
    """A rule's SQL in the words of `figures.csv`, with the shipped value of each parameter."""
    return _told(_parse(text) if isinstance(text, str) else text, terms)


def _told(node: exp.Expr, terms: Mapping[str, str]) -> str:
    sign = SIGNS.get(type(node))
    if sign:
        return f"{_told(node.this, terms)} {sign} {_told(node.expression, terms)}"
    match node:
        case exp.Paren():
            return f"（{_told(node.this, terms)}）"
        case exp.Not():
            return f"非（{_told(node.this.unnest(), terms)}）"
        case exp.Placeholder():
            return f"{_value(parameters()[node.name][0])}〔{node.name}〕"
        case exp.Column():
            return figures()[node.name].zh
        case exp.Literal():
            return str(node.this)
        case exp.Greatest():
            one, other = _told(node.this, terms), _told(node.expressions[0], terms)
            return f"（{one}，为负按 0 计）" if other == "0" else f"（{one} 与 {other} 中较大者）"
        case exp.Case():
            told = [f"{_told(one.this, terms)} 时 {_told(one.args['true'], terms)}" for one in node.args["ifs"]]
            return f"（{'；'.join(told)}；否则 {_told(node.args['default'], terms)}）"
    raise ValueError(f"the rules page cannot read {node.sql()}")


def _parse(text: str) -> exp.Expr:
    parsed: exp.Expr = sqlglot.parse_one(text, dialect="duckdb")
    return parsed


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def parameters() -> Mapping[str, list[dict[str, str]]]:
    rows = _rows("parameters.csv")
    return {name: [row for row in rows if row["name"] == name] for name in dict.fromkeys(row["name"] for row in rows)}
