"""What a whole night costs, from typed extracts to lists: CPU, wall time and peak memory, asset by asset.

    python -m tests.benchmark.night [persons ...] [--nights 1] [--json FILE] [--page docs/scale.md]

The job `nightly` as it runs every night, in a process of its own, on made-up counties that are already taken in. A made-up
county of some 2,800 households is grown to the size that is asked for (see growing.py): about 60 rows a person, of them 10
of a member list, 10 of the police, 10 of insurance, 18 of contributions, 3 of pensions, 2 settlements. Absolute seconds
are those of one machine; what part takes how much, and how it grows, are not.
work: what makes the table. checks: what is counted and told of it. The rest of a step, and of the run, is Dagster's.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmark.night_page import section
from tests.benchmark.scale.page import write_section

if TYPE_CHECKING:
    from assets.home import Home

NIGHT = date(2026, 1, 21)
HOUSEHOLDS = 2800
STAGES = {
    "taking in (nothing new)": ("deliveries", "reference"),
    "linkage": ("linked",),
    "persons, households": (
        "fates", "memberships", "lineage", "household_members", "households", "persons", "structure_changes", "doubled",
        "aid_after_death", "reported", "lone_reports", "unknown_areas",
    ),
    "feeds, gates, drift": ("feeds", "coverage", "gates", "gate_limits", "feed_profile", "drift", "hit_drift", "settings"),
    "facts to their bucket": ("facts",),
    "household_months": ("household_months",),
    "household_profile": ("household_profile",),
    "rules": ("hits", "near_hits", "hit_months", "held"),
    "cases": ("standing_hits", "cases", "changes", "case_counts", "answers", "yields", "supervision",
              "supervision_findings", "supervision_counts", "wrong_data"),
    "lists": ("risk_list", "evidence", "statistics", "waiting", "overdue", "change_list", "data_quality", "identity",
              "held_list", "supervision_left_out", "supervision_overpaid", "supervision_left_out_monthly",
              "supervision_overpaid_monthly", "notes", "outbox"),
}  # fmt: skip


# In the process of the night -------------------------------------------------------------------------------------------


def peak() -> int:
    """Most bytes of memory since the last `forget_peak`, or since the process began."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def cpu() -> float:
    spent = os.times()
    return spent.user + spent.system


@dataclass
class Watch:
    """Follows a run as its bar does, and counts what is spent in the functions that it was put around."""

    spent: dict[str, dict[str, float]] = field(default_factory=dict)
    now: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    depth: int = 0
    most: int = 0

    def started(self, step: str) -> None:
        self.most = max(self.most, peak())
        forget_peak()
        self.now = defaultdict(float, cpu=-cpu(), wall=-time.perf_counter())

    def ended(self, step: str) -> None:
        self.now["cpu"] += cpu()
        self.now["wall"] += time.perf_counter()
        self.now["peak"] = peak()
        self.most = max(self.most, peak())
        self.spent[step] = dict(self.now)

    def around(self, place: Any, name: str, kind: str) -> None:
        inner: Callable[..., Any] = getattr(place, name)

        def timed(*given: Any, **named: Any) -> Any:
            self.depth += 1
            began = cpu()
            try:
                result = inner(*given, **named)
                return list(result) if isinstance(result, Iterator) else result
            finally:
                self.depth -= 1
                if not self.depth:
                    self.now[kind] += cpu() - began

        setattr(place, name, timed)


def run(root: Path, night: date) -> None:
    """One night under a watch; what it cost goes to stdout as JSON."""
    from assets import analysis, checks, definitions
    from assets.bulletin import page
    from assets.home import Home
    from assets.linkage import linking
    from assets.night import Night
    from pipelines import running

    watch = Watch()
    for name in ("write", "write_panel", "write_facts", "_write_bucketed"):
        watch.around(Night, name, "work")
    for place, name in ((linking, "write"), (definitions, "publish"), (page, "summary"), (analysis, "write")):
        watch.around(place, name, "work")
    watch.around(definitions, "told", "checks")
    watch.around(checks, "results", "checks")
    running.progress = lambda steps: Given(watch)  # type: ignore[assignment]
    began, before = time.perf_counter(), cpu()
    running.run_night(Home.at(root), night)
    told = {
        "cpu": cpu() - before,
        "wall": time.perf_counter() - began,
        "peak": max(watch.most, peak()),
        "start": before,
    }
    print(json.dumps({"steps": watch.spent, "whole": told}))


class Given:
    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    def __enter__(self) -> Watch:
        return self.watch

    def __exit__(self, *error: object) -> None:
        pass


# Around it ---------------------------------------------------------------------------------------------------------------


def take_in_small(root: Path) -> None:
    """A small made-up county, its files taken in as any night takes them in."""
    from assets import extracts
    from assets.engine import engine
    from assets.home import Home
    from assets.intake import inbox
    from expectations.contract import contracts

    subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "sample", "--out", root, "--households", str(HOUSEHOLDS)],
        check=True, capture_output=True,
    )  # fmt: skip
    home = Home.at(root)
    inbox.take_in(home, NIGHT)
    with engine(home) as connection:
        extracts.unlock(connection, home.pseudonym_key())
        for contract in contracts().values():
            extracts.take_in(home, connection, contract, NIGHT)


def measure(base: Path, root: Path, persons: int, nights: int) -> dict[str, Any]:
    """The last of so many nights of a grown county."""
    from assets.home import Home
    from tests.benchmark.growing import grow

    home = Home.at(root)
    share_key(base, root)
    found = grow(Home.at(base), home, NIGHT, persons)
    for turn in range(nights):
        child = subprocess.run(
            [sys.executable, "-m", "tests.benchmark.night", "--run", root, (NIGHT + timedelta(days=turn)).isoformat()],
            stdout=subprocess.PIPE, stderr=None if os.environ.get("LOWINCOME_DEBUG") else subprocess.DEVNULL, check=True,
        )  # fmt: skip
    return {"persons": found, "disk": on_disk(home), **json.loads(child.stdout.splitlines()[-1])}


def on_disk(home: Home) -> dict[str, int]:
    """Bytes of the extracts, and of the tables that the night made of them."""
    from expectations.contract import contracts

    sizes = {folder.name: sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
             for folder in (home.root / "lake").iterdir()}  # fmt: skip
    extracts = sum(size for name, size in sizes.items() if name in contracts())
    return {"extracts": extracts, "tables": sum(sizes.values()) - extracts}


def share_key(base: Path, root: Path) -> None:
    key = root / "secrets" / "pseudonym.key"
    key.write_bytes((base / "secrets" / "pseudonym.key").read_bytes())
    key.chmod(0o400)


def staged(steps: Iterable[str]) -> dict[str, list[str]]:
    """The steps of every stage."""
    stage_of = {asset: stage for stage, assets in STAGES.items() for asset in assets}
    stages: dict[str, list[str]] = {stage: [] for stage in STAGES}
    for step in steps:
        stages[stage_of.get(step, "taking in (nothing new)")].append(step)
    return stages


def summed(told: Mapping[str, Any]) -> dict[str, Any]:
    """The same by stage, with what is spent beside the work."""
    steps, whole = told["steps"], told["whole"]
    work = sum(step.get("work", 0) for step in steps.values())
    checks = sum(step.get("checks", 0) for step in steps.values())
    return {
        **told, "orchestration": whole["cpu"] - work, "dagster_an_asset": (whole["cpu"] - work - checks) / len(steps),
        "stages": {stage: {"cpu": sum(steps[name]["cpu"] for name in names)} for stage, names in staged(steps).items()},
    }  # fmt: skip


def table(told: Mapping[str, Any]) -> Iterator[str]:
    """A line a stage, and for what takes one part in fifty of the night a line of its own."""
    steps, whole = told["steps"], told["whole"]
    stages = staged(steps)
    yield f"{told['persons']:,} persons: CPU {whole['cpu']:.1f} s, wall {whole['wall']:.1f} s, peak {whole['peak'] / 1e6:.0f} MB"
    yield f"{'':32}{'CPU s':>8}{'share':>8}{'work':>8}{'checks':>8}{'wall s':>8}{'peak MB':>9}"
    for stage, names in stages.items():
        yield _line(stage, [steps[name] for name in names], whole["cpu"])
        for name in names:
            if len(names) > 1 and steps[name]["cpu"] > 0.02 * whole["cpu"]:
                yield _line(f"  {name}", [steps[name]], whole["cpu"])
    work = sum(step.get("work", 0) for step in steps.values())
    checks = sum(step.get("checks", 0) for step in steps.values())
    rest = whole["cpu"] - work - checks
    yield (
        f"checks {checks:.1f} s ({checks / whole['cpu']:.0%}), Dagster {rest:.1f} s ({rest / whole['cpu']:.0%}), "
        f"{rest / len(steps):.3f} s an asset; before the run {whole['start']:.1f} s"
    )


def _line(name: str, steps: list[dict[str, float]], whole: float) -> str:
    total = {key: sum(step.get(key, 0) for step in steps) for key in ("cpu", "work", "checks", "wall")}
    most = max((step["peak"] for step in steps), default=0)
    return (
        f"{name:32}{total['cpu']:8.2f}{total['cpu'] / whole:8.1%}{total['work']:8.2f}{total['checks']:8.2f}"
        f"{total['wall']:8.2f}{most / 1e6:9.0f}"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("persons", nargs="*", type=int, default=[10_000, 100_000])
    options.add_argument("--nights", type=int, default=1, help="the last of them is told")
    options.add_argument("--json", type=Path)
    options.add_argument("--page", type=Path, help="write the section of the whole night there")
    options.add_argument("--keep", type=Path, help="a folder for the homes, which stay")
    options.add_argument("--run", nargs=2, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.run:
        run(Path(given.run[0]), date.fromisoformat(given.run[1]))
        return
    results = []
    with tempfile.TemporaryDirectory() as folder:
        place = given.keep or Path(folder)
        if not (place / "small").exists():
            take_in_small(place / "small")
        for persons in given.persons:
            results.append(measure(place / "small", place / f"of {persons}", persons, given.nights))
            print(*table(results[-1]), "", sep="\n", flush=True)
    if given.page:
        write_section(given.page, "whole night", section([summed(told) for told in results]))
    if given.json:
        given.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
