"""The commands that look back at a night: rebuild it, explain a family, and ask what if."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from assets.home import Home
from pipelines.options import AS_OF, HOME, MONTH, as_day, one_sentence

FORMAT = click.option("--format", "form", type=click.Choice(["table", "csv"]), default="table", show_default=True)
OUT = click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="逐户写到文件 / families as CSV, to a file"
)


@click.command()
@HOME
@AS_OF
@click.option("--from-scratch", "is_from_scratch", is_flag=True, help="自首晚起逐晚重建 / every night since the first")
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    help="重建结果留在此目录，供 explain、sql 查询 / keep what was rebuilt here",
)
@click.option(
    "--with",
    "other",
    type=click.Choice(["today"]),
    help="用今天的规则与标准，看当时会看到谁 / what would we have seen by the rules and standards of today",
)
@FORMAT
@OUT
@one_sentence
def replay(
    home: Path | None, as_of: date, is_from_scratch: bool, keep: Path | None, other: str | None, form: str,
    out: Path | None,
) -> None:  # fmt: skip
    """重建旧清单并逐字节核对 / rebuild a past list from archive, ledger, and the rules and standards of then.

    Late files, corrections and later changes of rules or standards do not leak into it. Exit code 0: every published
    file has the same bytes; 1: some differ. Nothing of the home is changed.

    \b
    lowincome replay --as-of 2026-01-21
    lowincome replay --as-of 2026-01-21 --from-scratch
    lowincome replay --as-of 2026-01-21 --with today       今天的规则会看到谁 / who would enter and leave
    lowincome replay --as-of 2025-05-20 --keep /tmp/may    再查 / then ask: lowincome explain … --home /tmp/may
    """
    if other:
        from pipelines.what_if import answer_today

        answer_today(Home.at(home), as_of, form, out)
        return
    from pipelines.replaying import replay as again

    found = again(Home.at(home), as_of, is_from_scratch, keep)
    for note in found.notes:
        click.echo(f"注意 / note: {note}")
    for name in found.differing:
        click.echo(f"不同 / differs: {name}")
    click.echo(
        f"{as_of} 清单重建：{found.equal} 个文件逐字节相同，{len(found.differing)} 个不同 / "
        f"{found.equal} files equal in every byte, {len(found.differing)} not"
    )
    if found.differing:
        sys.exit(1)


@click.command()
@HOME
@click.argument("household_no")
@AS_OF
@click.option(
    "--area", default="", help="区划前几位，编号在两县都有时用 / an area prefix, where two counties have the number"
)
@click.option("--all", "is_whole", is_flag=True, help="列出全部规则与来源 / every rule and every file")
@one_sentence
def explain(home: Path | None, household_no: str, as_of: date, area: str, is_whole: bool) -> None:
    """这户当晚为什么（不）在清单上 / why a household was, or was not, on the list of a night.

    Each rule with its conditions, the numbers on either side, the threshold that counted there and then, its state,
    and the files and lines that the figures come from. No names, no identity numbers. Takes a case number as well.

    \b
    lowincome explain 370402000123 --as-of 2026-01-21
    lowincome explain 370402000123 --as-of 2026-01-21 --all
    """
    from pipelines.explaining import explain as explained
    from pipelines.explanation import tell

    for line in tell(explained(Home.at(home), household_no, as_of, area), is_whole):
        click.echo(line)


@click.command("what-if")
@HOME
@AS_OF
@click.option("--set", "told", multiple=True, required=True, help="参数或标准=数值 / name=value, as often as wanted")
@click.option("--area", default="", help="只在此区划（前几位）/ only where area codes begin so (default: everywhere)")
@click.option("--residence", type=click.Choice(["any", "urban", "rural"]), default="any", show_default=True)
@click.option("--from", "since", type=MONTH, callback=as_day, help="自哪月起 / from a month on (default: all along)")
@FORMAT
@OUT
@one_sentence
def what_if(
    home: Path | None, as_of: date, told: tuple[str, ...], area: str, residence: str, since: date | None, form: str,
    out: Path | None,
) -> None:  # fmt: skip
    """换个标准或参数会怎样 / other standards or parameters: who enters, who leaves, visits, and yuan a month.

    The same rules on the same night's data, in a scratch folder; nothing of the home is changed. Standards (dibao,
    tekun, pcdi) are yuan a head, a month unless /year is added; shares are 0.25 or 25%; amounts are yuan. Families are
    compared by the hits of that night, not by the life of their cases.

    \b
    lowincome what-if --set inc_drop_note=0.3 --as-of 2026-01-21
    lowincome what-if --set dibao=1000 --area 370402 --residence urban --from 2025-07 --as-of 2026-01-21
    lowincome what-if --set pcdi=52000/year --set rigid_share=75% --as-of 2026-01-21 --format csv --out who.csv
    """
    from pipelines import what_if as supposing

    place = Home.at(home)
    suppositions = supposing.read(place, as_of, told, area, residence, since)
    supposing.answer(place, as_of, suppositions, form, out)
