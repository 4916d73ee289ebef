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
@one_sentence
def replay(home: Path | None, as_of: date, is_from_scratch: bool) -> None:
    """重建旧清单并逐字节核对 / rebuild a past list from archive, ledger, and the rules and standards of then.

    Late files, corrections and later changes of rules or standards do not leak into it. Exit code 0: every published
    file has the same bytes; 1: some differ. Nothing of the home is changed.

    \b
    lowincome replay --as-of 2026-01-21
    lowincome replay --as-of 2026-01-21 --from-scratch
    """
    from pipelines.replaying import replay as again

    found = again(Home.at(home), as_of, is_from_scratch)
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
@AS_OF
@one_sentence
def explain(home: Path | None, as_of: date) -> None:
    """lowincome explain"""


@click.command("what-if")
@HOME
@AS_OF
@one_sentence
def what_if(home: Path | None, as_of: date) -> None:
    """lowincome what-if"""
