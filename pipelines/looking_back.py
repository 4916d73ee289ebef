"""The commands that look back at a night: rebuild it, explain a family, and ask what if."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from assets.home import Home
from pipelines.options import AS_OF, HOME, one_sentence


@click.command()
@HOME
@AS_OF
@click.option("--from-scratch", "is_from_scratch", is_flag=True, help="自首晚起逐晚重建 / every night since the first")
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    help="重建结果留在此目录，供 explain、sql 查询 / keep what was rebuilt here",
)
@one_sentence
def replay(home: Path | None, as_of: date, is_from_scratch: bool, keep: Path | None) -> None:
    """重建旧清单并逐字节核对 / rebuild a past list from archive, ledger, and the rules and standards of then.

    Late files, corrections and later changes of rules or standards do not leak into it. Exit code 0: every published
    file has the same bytes; 1: some differ. Nothing of the home is changed.

    \b
    lowincome replay --as-of 2026-01-21
    lowincome replay --as-of 2026-01-21 --from-scratch
    lowincome replay --as-of 2025-05-20 --keep /tmp/may    再查 / then ask: lowincome explain … --home /tmp/may
    """
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
@one_sentence
def what_if(home: Path | None, as_of: date) -> None:
    """lowincome what-if"""
