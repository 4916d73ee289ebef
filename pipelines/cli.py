"""The command line: `lowincome`. Heavy libraries are imported by the command that needs them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from assets.home import Home, Refusal
from pipelines import looking_back
from pipelines.evaluation.command import evaluate
from pipelines.options import AS_OF, DAY, HOME, MONTH, as_day, one_sentence

DEMO_NIGHT = date(2026, 1, 21)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="lowincome")
def main() -> None:
    """低收入家庭主动发现：每晚把各部门数据合成一份待走访家庭清单。

    Finds families who fell into hardship, from departmental extracts, every night.

    \b
    lowincome demo                                  样例县的一整晚 / a sample county through a whole night
    lowincome check health_settlements_370402_202512_01.csv   报送前自查 / before a department sends a file
    lowincome run --as-of 2026-01-21                跑一晚 / one night
    lowincome sql --home data/home/demo "from feeds"    随时查询 / any question
    lowincome explain 370402000123 --as-of 2026-01-21   这户为什么（不）在清单上 / why (not) on the list
    lowincome what-if --set inc_drop_note=0.3 --as-of 2026-01-21    换个标准会怎样 / with other standards
    lowincome replay --as-of 2026-01-21             重建旧清单并逐字节核对 / rebuild a past list, byte for byte
    lowincome evaluate --home /tmp/county           清单与真实情况对照 / lists against truth
    lowincome ui --home data/home/demo              打开界面 / the Dagster UI
    """


@main.command()
@HOME
@click.option("--households", default=400, show_default=True, help="户数 / how many households")
@click.option("--seed", default=7, show_default=True, help="随机种子 / seed")
@one_sentence
def demo(home: Path | None, households: int, seed: int) -> None:
    """样例县跑一整晚 / make a sample county and run a whole night on it.

    \b
    lowincome demo
    lowincome demo --home /tmp/demo --households 2000
    """
    from assets.lists.publishing import current_night

    place = Home.at(home or Path("data/home/demo"))
    current = current_night(place)
    if current is None:
        _make(place, households, seed, DEMO_NIGHT)
    else:
        click.echo(f"样例已有 {current} 的清单，重跑该晚 / this home has lists already; running that night again")
    from pipelines.running import run_night

    night = current or DEMO_NIGHT
    run_night(place, night)
    _tell(place, night)


@main.command()
@HOME
@AS_OF
@one_sentence
def run(home: Path | None, as_of: date) -> None:
    """跑一晚 / run one night: take in, check, join, flag, list, publish.

    \b
    lowincome run --as-of 2026-01-21
    lowincome run --as-of 2026-01-21 --home /srv/lowincome
    """
    from pipelines.running import run_night

    place = Home.at(home)
    run_night(place, as_of)
    _tell(place, as_of)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--show", default=50, show_default=True, help="最多显示几条 / findings shown at most")
@one_sentence
def check(file: Path, show: int) -> None:
    """报送前自查一个文件 / hold one file against its contract before it is sent.

    Exit code 0: everything is taken in; 1: something is rejected, held or refused.

    \b
    lowincome check health_settlements_370402_202512_01.csv
    """
    from assets.lists.feedback import check_file
    from expectations.reasons import REASONS

    checked = check_file(file)
    receipt, account = checked.receipt, checked.account
    if receipt.code:
        reason = REASONS[receipt.code]
        click.echo(f"整个文件未收 / the whole file is {receipt.state}: {reason.says}（{receipt.code}）{receipt.detail}")
        click.echo(f"办法 / cure: {reason.cure}")
    else:
        click.echo(f"{receipt.extract} {receipt.area6} {receipt.period}  {receipt.encoding} {receipt.separator!r}")
        click.echo("  ".join(f"{name} {count}" for name, count in account.items() if count or name == "records"))
    for finding in checked.findings[:show]:
        where = f"第 {finding.line_no} 行 {finding.column}" if finding.line_no else "文件"
        click.echo(f"{where}: {finding.fault}（{finding.code}）{finding.value} → {finding.cure}")
    if len(checked.findings) > show:
        click.echo(f"… 另有 {len(checked.findings) - show} 条 / more (--show)")
    if receipt.code or account["accepted"] + account["blank"] + account["duplicate"] < account["records"]:
        sys.exit(1)


@main.command()
@click.option(
    "--out", "home", type=click.Path(file_okay=False, path_type=Path), required=True, help="写到哪里 / the home to fill"
)
@click.option("--households", default=400, show_default=True, help="户数 / how many households")
@click.option("--seed", default=7, show_default=True, help="随机种子 / seed")
@click.option(
    "--as-of",
    "as_of",
    type=DAY,
    callback=as_day,
    default=DEMO_NIGHT.isoformat(),
    show_default=True,
    help="为哪一晚 / for which night",
)
@click.option(
    "--nights", type=click.IntRange(1, 3), default=1, show_default=True,
    help="共几晚：此后才到的文件在 later/<日期>/ / nights in all: what comes later lies in later/<day>/",
)  # fmt: skip
@one_sentence
def sample(home: Path, households: int, seed: int, as_of: date, nights: int) -> None:
    """造一个样例县 / a made-up county: extracts of all departments, dirty on purpose, with a truth table.

    Nobody in it exists. truth/events.csv says what happened to which household and whether it is in need by that,
    from the plan of events and not from any rule; truth/dirt.csv says which file and line is wrong, and how.
    A late file, a refund after the list and the rest of a short file come on the nights after (--nights 3).

    \b
    lowincome sample --out /tmp/county --households 1000 --seed 3      1000 户，几秒 / some seconds
    lowincome sample --out /tmp/million --households 400000            约一百万人，数分钟 / a million persons, minutes
    lowincome sample --out /tmp/county --nights 3                      连跑三晚 / three nights in a row:
    lowincome run --home /tmp/county --as-of 2026-01-21
    cp -r /tmp/county/later/2026-01-22/. /tmp/county/inbox/
    lowincome run --home /tmp/county --as-of 2026-01-22
    """
    _make(Home.at(home), households, seed, as_of, nights)


@main.command()
@HOME
@click.argument("query")
@click.option("--as-of", "as_of", type=DAY, callback=as_day, help="哪一晚 / the night (default: the current one)")
@click.option("--format", "form", type=click.Choice(["table", "csv", "parquet"]), default="table", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="写到文件 / a file (needed for parquet)")
@one_sentence
def sql(home: Path | None, query: str, as_of: date | None, form: str, out: Path | None) -> None:
    """查询某晚的表 / any question over the tables of a night. Money stands in fen, in lists in yuan.

    \b
    lowincome sql "select rule, level, count(*) from hits group by all order by all"
    lowincome sql "from feeds where state = 'late'" --as-of 2026-01-21 --format csv
    """
    from pipelines.asking import answer

    answer(Home.at(home), query, as_of, form, out)


@main.command()
@HOME
@click.option("--extract", help="数据集 / an extract whose months are held")
@click.option("--rule", help="规则 / a rule held by the breaker")
@click.option("--delivery", type=int, help="文件序号 / a file that waits since intake held it")
@click.option("--area", help="区划，6 位全县、9 位乡镇 / six digits: the whole county; nine: a town")
@click.option("--month", type=MONTH, callback=as_day, help="年月 / one month (default: all held)")
@click.option("--by", help="放行人姓名 / who lets it through")
@click.option("--reason", help="理由 / why")
@click.option("--list", "is_list", is_flag=True, help="列出暂缓与放行 / what is held, and what was released by whom")
@one_sentence
def release(
    home: Path | None,
    extract: str | None,
    rule: str | None,
    delivery: int | None,
    area: str | None,
    month: date | None,
    by: str | None,
    reason: str | None,
    is_list: bool,
) -> None:
    """放行被暂缓的数据 / let held data through, by a named person; the next night acts on it.

    \b
    lowincome release --list
    lowincome release --extract employment_pensions --area 370402003 --month 2025-12 --by 王敏 --reason 已与人社核对
    lowincome release --rule INC-BELOW --area 370402 --by 王敏 --reason 标准上调
    lowincome release --delivery 17 --by 王敏 --reason 区划调整，确为减少
    """
    from pipelines import releasing

    place = Home.at(home)
    if is_list:
        for line in releasing.overview(place):
            click.echo(line)
        return
    match (extract, rule, delivery, area, by, reason):
        case (str(), None, None, str(area), str(by), str(reason)):
            done = releasing.release_months(place, extract, area, month, by, reason)
        case (None, str(), None, str(area), str(by), str(reason)):
            done = releasing.release_rule(place, rule, area, by, reason)
        case (None, None, int(), None, str(by), str(reason)):
            done = releasing.release_delivery(place, delivery, by, reason)
        case _:
            raise Refusal(
                "Say what is released (--extract or --rule with --area, or --delivery), --by whom and for which "
                "--reason; or ask with --list."
            )
    click.echo(f"已放行，自 {done.released_on} 晚起生效 / released from the night of {done.released_on} on", err=True)


@main.command()
@HOME
@click.option("--port", default=3000, show_default=True)
@click.option("--read-only", is_flag=True, help="只读：不能启动运行 / for people who only look")
@one_sentence
def ui(home: Path | None, port: int, read_only: bool) -> None:
    """打开 Dagster 界面（仅本机）/ the Dagster UI on this home, on the loopback address alone.

    \b
    lowincome ui
    lowincome ui --home data/home/demo --read-only
    """
    from pipelines.running import settle

    settle(Home.at(home))
    folder = Path(sys.executable).parent
    program = [str(folder / "dagster"), "dev"] if not read_only else [str(folder / "dagster-webserver"), "--read-only"]
    os.execv(program[0], [*program, "-m", "pipelines.definitions", "-h", "127.0.0.1", "-p", str(port)])  # noqa: S606


for _command in (looking_back.replay, looking_back.explain, looking_back.what_if, evaluate):
    main.add_command(_command)


def _make(home: Home, households: int, seed: int, as_of: date, nights: int = 1) -> None:
    from pipelines.running import progress
    from pipelines.sample import make_county, steps

    with progress(steps()) as follow:

        @contextmanager
        def step(name: str) -> Iterator[None]:
            follow.started(name)
            yield
            follow.ended(name)

        try:
            make_county(home.root, households, seed, as_of, nights, step)
        except (ValueError, FileExistsError) as error:
            raise Refusal(str(error)) from None
    click.echo(f"样例县 {households} 户 / a made-up county of {households} households", err=True)


def _tell(home: Home, night: date) -> None:
    """What to open, in people's words."""
    import json

    manifest = json.loads((home.outbox / night.isoformat() / "manifest.json").read_bytes())
    folder = os.path.relpath(home.outbox / night.isoformat())
    place = os.path.relpath(home.root)
    lists = [f for f in manifest["files"] if f["kind"] == "risk_list" and len(f["area"]) == 6 and f["format"] == "csv"]
    for one in lists:
        click.echo(f"{night} {one['title']} {one['area']}: {one['rows']} 户 / households")
    for note in manifest["notes"]:
        click.echo(f"注意 / note:     {note}")
    click.echo(f"清单 / lists:    {folder}")
    for one in lists[:3]:
        click.echo(f"  打开 / open:   {folder}/{one['path']}（同名 .xlsx 可直接填写 / .xlsx beside it to fill in）")
    click.echo(f'查询 / ask:      lowincome sql --home {place} "select rule, level, count(*) from hits group by all"')
    click.echo(f"界面 / UI:       lowincome ui --home {place}")


def entry() -> None:
    """Runs `main` and ends the process at once: at a slow exit DuckDB's binding prints pages about reference counts."""
    try:
        main()
        code: Any = 0
    except SystemExit as ended:
        code = ended.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    entry()
