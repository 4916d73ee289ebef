"""docs/cases.md: what may become of a case and of an item of supervision, from the tables that the night reads."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import groupby

from assets.tables import FOLDER

STATES = {
    "": "（新）", "pending": "待确认", "open": "排队", "handed_out": "已下发", "verified": "已帮扶", "snoozed": "休眠",
    "closed": "已结案", "found": "待处理", "planned": "计划整改", "overdue": "计划逾期", "rectified": "已答复待复核",
}  # fmt: skip
EVENTS = {
    "noted": "命中但收入有余（零级）", "hinted": "黄色命中",
    "flagged": "橙红命中、所剩过少、上报或首夜", "confirmed": "再次评估仍命中",
    "worsened": "等级上升或自付大增", "pressed": "所剩过少或不待再评",
    "given": "网格有名额", "helped": "答复 01–08、16、17", "refuted": "答复 09–11", "wrong_data": "答复 12、13",
    "away": "答复 14", "declined": "答复 15", "watched": "答复 18",
    "taken_back": "答复撤回", "hushed": "休眠期内再现", "lapsed": "期满", "ended": "命中结束",
    "withdrawn": "数据更正", "found": "发现", "planned": "答复计划整改", "rectified": "答复立即整改",
    "gone": "情形消失",
}  # fmt: skip
EVENTS_OF_ITEMS = {"refuted": "答复不属实", "lapsed": "过期"}


def cases_page(head: str) -> str:
    lines = ["# 案件 / The life of a case", "", head, "", _INTRODUCTION, ""]
    lines += [
        *_machine("transitions", EVENTS),
        "",
        "## 核查结果 / Outcomes",
        "",
        "| 代码 | 核查结果 | 事件 |",
        "|---|---|---|",
    ]
    lines += [f"| {row['outcome']} | {row['label']} | `{row['event']}` |" for row in _rows("outcomes")]
    lines += [
        "",
        "## 督查事项 / Items of supervision",
        "",
        _ITEMS,
        "",
        *_machine("item_transitions", EVENTS | EVENTS_OF_ITEMS),
    ]
    return "\n".join(lines)


def _machine(name: str, events: dict[str, str]) -> Iterator[str]:
    """The table as a picture, and as itself."""
    moves = _rows(name)
    yield from ("```mermaid", "stateDiagram-v2")
    ways = sorted({(move["state"], move["next_state"]) for move in moves if move["state"] != move["next_state"]})
    for state, following in ways:
        by = [events[m["event"]] for m in moves if (m["state"], m["next_state"]) == (state, following)]
        yield f"    {state or '[*]'} --> {following}: {'，'.join(dict.fromkeys(by))}"
    for state in dict.fromkeys(move["next_state"] for move in moves):
        yield f"    {state}: {STATES[state]} {state}"
    yield from ("```", "", "| 状态 state | 事件 event | 转为 next | 说明 why |", "|---|---|---|---|")
    for state, inside in groupby(moves, key=lambda move: move["state"]):
        for move in inside:
            yield (
                f"| {STATES[state]} `{state}` | {events[move['event']]} `{move['event']}` "
                f"| {STATES[move['next_state']]} `{move['next_state']}` | {move['why']} |"
            )


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / "cases" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


_INTRODUCTION = """一户一案，编号终身不变。每晚，案件在其状态下遇到当晚唯一的事件，按下表转移；表中没有的，状态不变。
事件按以下先后取其一：命中全部结束或撤销、核查答复、等级上升、期满、再次评估。排队的案件随后依次取得本网格当周名额：红色在先，
其余不论等级，扣除自付后所剩越少越先（收入未知的视为无），再按等级、先后。

- **命中何时结束**：各项指标连续两个月低于阈值的九成；命中当月的数据更正后不再成立的，当晚撤销；
  数据暂缓或未知的，既不新增也不结束。
- **等级**：取最高命中，两个以上维度同时命中加一级；标明“受剩余收入所限”的规则（[rules.md](rules.md)）受剩余收入约束：
  扣除自付后人均收入（近一年与近三个月取低者）低于低保标准的 `residual_red` 方可红色，
  低于 `residual_orange` 方可橙色，低于 `residual_yellow` 方可黄色，其上为零级；要高出该线九分之一才降级；
  近三个月收入未知的不受约束；所依据的数据暂缓的，沿用前一晚。
  法定线、突发事件、断收断缴、应保未保、上报不受约束。一年内退出或未获批救助的再加一级。
- **零级**：仅作记录，不新派入户，列入 未下发清单；已下发的照常核查，已帮扶、休眠的到期才转为记录。
- **待确认**：黄色须经再次评估（下个月，或所需数据有新文件；零级的时间计入）；橙色、红色不等；
  扣除自付后低于低保标准的 `residual_pressing` 的，或命中标明“不待二次评估”的规则的，也不等。
  首夜为基线，全部进入视野，期限自下月起算。
- **名额**：`grids.csv` 的 `visits_a_week`，未写的按 `capacity_week`；不知网格的家庭不占名额。
  未下发的都在 未下发清单 中，写明原因。
- **期限**：红、橙、黄各按 `deadline_red`、`deadline_orange`、`deadline_yellow` 个工作日；等级上升则提前，
  外出未见则重新计算；逾期的报县级 超期督办清单。
- **休眠**：自核查之日起 `snooze_days` 天；等级上升，
  或自付医疗费比核查时增长 `snooze_oop_growth`（低于 `snooze_oop_floor`
  的按此数计）即提前唤醒；
  数据一来一去不打断休眠。比较的是核查前一晚的情形。
- **已帮扶**：认定 `recognition_months` 个月后，情形仍在的重新下发。

One case a household, for ever. Each night a case in its state meets the one event of that night and moves as
the table says; what is not in
the table leaves it where it is. The night reads these very tables (`assets/cases/*.csv`); a random test holds
them against a plain reading
in Python."""

_ITEMS = """应保未保（A）与多发（B）各为一类事项，分列两份清单，从不合并。答复经 `civil_affairs_rectifications`
或填好的督查清单返回；
答复已整改的，数据须在 `recheck_days` 天内反映，否则重新列出。"""
