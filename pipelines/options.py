"""What the commands share: the home, the night, and how a refusal is told."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from assets.home import Refusal

Command = TypeVar("Command", bound=Callable[..., Any])


def as_day(context: click.Context, parameter: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


def one_sentence(command: Command) -> Command:
    """A refusal is one sentence on standard error and exit code 1."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Refusal as refusal:
            click.echo(f"错误：{refusal}", err=True)
            sys.exit(1)

    return wrapped  # type: ignore[return-value]


DAY = click.DateTime(["%Y-%m-%d"])
MONTH = click.DateTime(["%Y-%m", "%Y%m"])
HOME = click.option(
    "--home", "home", type=click.Path(file_okay=False, path_type=Path),
    help="数据目录 / the home folder (default: $LOWINCOME_HOME, else data/home)",
)  # fmt: skip
AS_OF = click.option(
    "--as-of", "as_of", type=DAY, callback=as_day, required=True, help="哪一晚 / the night, as 2026-01-21"
)
