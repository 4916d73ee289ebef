"""docs/results.md and its figures: what the run over the seeds came to, written by the run itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from assets.home import write_whole
from assets.rules.catalogue import rules
from assets.tables import sql_table
from pipelines.evaluation import figures
from pipelines.evaluation.intervals import Interval, differences, over_seeds
from pipelines.evaluation.measuring import FOLDER, OURS, Rows
from pipelines.evaluation.pooling import Found, of_seeds, pooled
from pipelines.evaluation.seeds import Trial, catalogue_version, county_version
from pipelines.evaluation.telling import declared

PAGE, FIGURES = "results.md", "results"
PACKAGES = ("lowincome", "dagster", "duckdb", "great-expectations", "pandas", "pyarrow")
PAIRED = ("recall", "precision", "families_found", "visits", "visits_per_find")
EQUAL = ("visits", "families_found", "precision", "recall", "visits_per_find")
_VERSIONS = re.compile(r"规则目录 catalogue \| `([0-9a-f]+)` \|\n\| 模拟县 counties \| `([0-9a-f]+)`")


def write_page(out: Path, trial: Trial, found: Found) -> Path:
    """Write the page and its figures into `out`, and return the page's path."""
    for name, drawing in _drawings(found).items():
        write_whole(out / FIGURES / f"{name}.svg", drawing.encode() + b"\n")
    page = out / PAGE
    write_whole(page, ("\n".join(_lines(trial, found)).rstrip() + "\n").encode())
    return page


def made_by(page: Path) -> tuple[str, str]:
    """The versions of the catalogue and of the counties that a page was made by; blank where there is no such page."""
    told = _VERSIONS.search(page.read_text(encoding="utf-8")) if page.exists() else None
    return (told[1], told[2]) if told else ("", "")


def is_stale(page: Path) -> bool:
    return made_by(page) != (catalogue_version(), county_version())


def _lines(trial: Trial, found: Found) -> Iterator[str]:
    summaries, added = of_seeds(found, "summary"), pooled(found)
    measures = [row["measure"] for row in declared("measures")]
    yield from _head(trial)
    yield from _section("总表", "Summary", "summary")
    yield from _by_measure(over_seeds(summaries, ["system"], measures))
    yield from _picture("visits", "每发现一户的入户次数 / visits a family found")
    yield "\n### 与本系统之差 / This system less each other one\n"
    yield "Within each seed, then over the seeds: an interval without 0 is a difference that is not chance.\n"
    yield from _by_measure(differences(summaries, PAIRED))
    yield from _section("同样的入户次数", "The same number of visits", "equal_visits", "chosen")
    own = {seed: [r for r in rows if r["budget"] == "own"] for seed, rows in of_seeds(found, "equal_visits").items()}
    yield from _by_measure(over_seeds(own, ["system"], EQUAL))
    yield "\nThis system less each other one:\n"
    yield from _by_measure(differences(own, EQUAL))
    yield "\n### 与各办法自身次数相同 / As many visits as each other one makes\n"
    yield "What this system finds with just as many visits, up to each night, as the other one makes by itself, or with"
    yield "all on its books where these are fewer:\n"
    yield from _by_measure(over_seeds(_as_many(found), ["system"], EQUAL))
    yield "\nLess what that other one finds:\n"
    yield from _by_measure([row for name in _names() for row in differences(_pair(found, name), EQUAL)])
    yield from _picture("equal_visits", "召回率与入户次数 / recall by visits")
    yield from _section("准确率与召回率", "Precision and recall over thresholds", "thresholds")
    yield from _picture("precision_recall", "准确率与召回率 / precision and recall")
    yield from _section("延迟", "Delay", "delays", "spells")
    yield from _picture("delays", "发现所需天数 / days until found")
    yield from _section("各维度与等级", "By dimension and level", "by_reason")
    yield from _table(_parts(added["by_reason"], "reason"))
    yield from _section("各规则", "By rule", "by_rule")
    yield from _table(_parts(added["by_rule"], "rule"))
    yield from _section("各类家庭是否一样", "Groups of families", "by_group")
    yield f"{_says(FOLDER / 'across' / 'by_group.sql')}\n"
    yield from _table(_groups(added["by_group"]))
    yield from _section("漏掉的家庭", "What was missed, by cause", "missed")
    yield from _table(added["missed"])


def _head(trial: Trial) -> Iterator[str]:
    yield "# 结果 / Results\n"
    yield "<!-- 由 `make results` 生成，请勿手改 / written by `make results`; nothing here is written by hand -->\n"
    yield _INTRODUCTION
    told = {
        "随机种子 seeds": ", ".join(str(seed) for seed in trial.seeds),
        "每县户数 households a county": f"{trial.households:,}",
        "晚数 nights": f"{trial.nights}, from {trial.days[0]} to {trial.days[-1]}",
        "规则目录 catalogue": f"`{catalogue_version()}`",
        "模拟县 counties": f"`{county_version()}`",
        "版本 versions": ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES),
    }
    yield "| made of | |\n|---|---|"
    yield from (f"| {name} | {value} |" for name, value in told.items())
    yield "\n" + _HOW_TO_READ
    yield from (f"- {row['zh']} / {row['en']}: {_says(path)}" for row, path in _systems())


def _systems() -> Iterator[tuple[dict[str, str], Path]]:
    for row in declared("systems"):
        path = FOLDER / "baselines" / f"{row['system']}.sql"
        yield row, path if path.exists() else OURS


def _section(zh: str, en: str, *measures: str) -> Iterator[str]:
    """A heading, and the definition as it stands in the head of the SQL."""
    yield f"\n## {zh} / {en}\n"
    for measure in measures:
        yield f"{_says(FOLDER / 'measures' / f'{measure}.sql')}\n"


def _says(path: Path) -> str:
    table = sql_table(path)
    return f"{table.title}{'' if table.title.endswith('?') else '.'} {table.description}".rstrip(". ") + "."


def _picture(name: str, says: str) -> Iterator[str]:
    yield f"\n![{says}]({FIGURES}/{name}.svg)"


def _by_measure(rows: Rows) -> Iterator[str]:
    """A row a measure and a column a system, with intervals."""
    names, forms = _names(), {row["measure"]: row for row in declared("measures")}
    systems = list(dict.fromkeys(row["system"] for row in rows))
    seeds = max((row["seeds"] for row in rows), default=0)
    shown = []
    for measure in dict.fromkeys(row["measure"] for row in rows):
        cells = {
            row["system"]: _with_interval(row, forms[measure]["form"]) + _of_how_many(row["seeds"], seeds)
            for row in rows
            if row["measure"] == measure
        }
        shown.append({"": f"{forms[measure]['zh']} / {forms[measure]['en']}"} | {names[s]: cells[s] for s in systems})
    yield from _table(shown)


def _of_how_many(seeds: int, all_seeds: int) -> str:
    """A seed in which a system found nobody has no visits to a find: it is left out, and that is told."""
    return f", {seeds} of {all_seeds} seeds" if 0 < seeds < all_seeds else ""


def _with_interval(row: dict[str, Any], form: str) -> str:
    if row["mean"] is None:
        return "–"
    if row["low"] is None:
        return _figure(row["mean"], form)
    return f"{_figure(row['mean'], form)} ({_figure(row['low'], form)} … {_figure(row['high'], form)})"


def _figure(value: float | None, form: str) -> str:
    if value is None:
        return "–"
    return f"{100 * value:.1f} %" if form == "share" else f"{value:,.1f}"


def _parts(rows: Rows, key: str) -> Rows:
    return [
        {
            key: _titled(row[key]), "预警 alerts": f"{row['alerts']:,.0f}", "属实 right": f"{row['rights']:,.0f}",
            "偏早 early": f"{row['early']:,.0f}",
            "准确率 precision": _with_interval(row | {"mean": row["precision"]}, "share"),
            "发现的困难期占比 share of spells": _figure(row["recall"], "share"),
            "每户次数 alerts a family": _figure(row["visits_per_find"], "number"),
        }
        for row in rows
    ]  # fmt: skip


def _titled(part: str) -> str:
    return f"`{part}` {rules()[part].title}" if part in rules() else part


def _groups(rows: Rows) -> Rows:
    forms = {"recall": "share", "precision": "share", "visits_per_find": "number"}
    return [
        {
            "measure": row["measure"], "group": row["family_group"], "of": f"{row['of'] or 0:,.0f}",
            "这类 group": _with_interval(row | {"mean": row["value"]}, forms[row["measure"]]),
            "其余 all others": _with_interval(
                {"mean": row["other"], "low": row["other_low"], "high": row["other_high"]}, forms[row["measure"]]
            ),
            "确有差别 apart": "是 yes" if row["is_apart"] else "",
        }
        for row in rows
    ]  # fmt: skip


def _table(rows: Rows) -> Iterator[str]:
    if not rows:
        return
    yield "| " + " | ".join(rows[0]) + " |"
    yield "|" + "---|" * len(rows[0])
    for row in rows:
        yield "| " + " | ".join(_cell(value) for value in row.values()) + " |"


def _cell(value: Any) -> str:
    return "" if value is None else f"{value:,.0f}" if isinstance(value, float) else str(value)


def _names() -> dict[str, str]:
    return {row["system"]: f"{row['zh']} {row['en']}" for row in declared("systems")}


def _drawings(found: Found) -> dict[str, str]:
    names = {row["system"]: row["en"] for row in declared("systems")}
    per_find = over_seeds(of_seeds(found, "summary"), ["system"], ["visits_per_find"])
    cuts = over_seeds(of_seeds(found, "thresholds"), ["system", "threshold"], ["precision", "recall"])
    return {
        "visits": figures.bars(per_find, names, "visits"),
        "equal_visits": figures.bands(
            _at_budgets(found), names, "visits a night for 1,000 households", "recall", "equal"
        ),
        "precision_recall": figures.curves(_cuts(cuts), names, "recall", "precision", "cuts"),
        "delays": figures.bands(
            _delays(pooled(found)["delays"]), names, "days since the need began", "share of spells found", "delays"
        ),
    }


def _at_budgets(found: Found) -> dict[str, list[dict[str, Any]]]:
    lines: dict[str, list[dict[str, Any]]] = {}
    for row in over_seeds(of_seeds(found, "equal_visits"), ["budget", "system"], ["recall"]):
        if row["budget"].isdecimal():
            lines.setdefault(row["system"], []).append({"x": float(row["budget"]), "y": _as_interval(row)})
    return _declared_order(lines)


def _pair(found: Found, name: str) -> dict[int, Rows]:
    """Another system with its own number of visits, and this one with as many."""
    return {seed: [r for r in rows if r["budget"] == name] for seed, rows in of_seeds(found, "equal_visits").items()}


def _as_many(found: Found) -> dict[int, Rows]:
    """This system under the name of that one whose number of visits it has."""
    names = list(_names())
    return {
        seed: sorted(
            (r | {"system": r["budget"]} for r in rows if r["system"] == OURS.stem and r["budget"] in names),
            key=lambda row: names.index(row["system"]),
        )
        for seed, rows in of_seeds(found, "equal_visits").items()
    }


def _cuts(rows: Rows) -> dict[str, list[dict[str, Any]]]:
    """Points that some seed has: over a high cut there may be nobody."""
    points: dict[tuple[str, float], dict[str, Interval]] = {}
    for row in rows:
        side = "x" if row["measure"] == "recall" else "y"
        points.setdefault((row["system"], row["threshold"]), {})[side] = _as_interval(row)
    lines: dict[str, list[dict[str, Any]]] = {}
    for (system, _), point in points.items():
        if point["x"].mean is not None and point["y"].mean is not None:
            lines.setdefault(system, []).append(point)
    return _declared_order(lines)


def _delays(rows: Rows) -> dict[str, list[dict[str, Any]]]:
    lines: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        lines.setdefault(row["system"], []).append(
            {"x": float(row["days"]), "y": Interval(row["share"], row["low"], row["high"])}
        )
    return _declared_order(lines)


def _as_interval(row: dict[str, Any]) -> Interval:
    return Interval(row["mean"], row["low"], row["high"])


def _declared_order(lines: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {system: lines[system] for system in _names() if system in lines}


_INTRODUCTION = """\
在模拟县上，把每晚的清单与真实情况对照，并与其他预警办法并列。全部数字由一次运行写出。

The lists of every night, held against what truly happened in counties whose life is simulated month by month
([bench.md](bench.md)), with other ways of raising alerts beside them. One command, `make results`, makes the counties,
runs their nights, and writes this page.
"""

_HOW_TO_READ = """\
## 怎样读 / How to read

- A figure with brackets is the mean over the seeds and Student's 95 % interval of that mean, cut at 0: (low … high).
  Where counts are added up over the seeds it is Wilson's 95 % interval. Where two overlap, little can be said.
- *Precision* is the share of alerts that are right, *recall* the share of spells of need that are found, *visits a
  family found* what it costs. No list is good by one of them alone: whoever lists everybody misses nobody.
- Visits are answers of simulated staff, who answer with the truth of the day; a baseline's alert is a visit.
- `catalogue` stands for the rules, parameters and tables that the figures were made by, `counties` for what makes the
  counties. `make results` says when either has changed since.

**Limits.** The counties are simulated: their parameters are published figures where there are such, and assumptions
where there are none. Need means what [bench.md](bench.md#what-need-means) says. A real county will differ; what carries
over is the order of the systems more than any single figure. Few seeds and small counties give wide intervals. The
defaults of the rules were set on the seeds 1, 2, 11 and 12 with 4,000 households, the order of visits on the seeds
1 to 8 with 1,500: hold them against others.

**The systems**
"""
