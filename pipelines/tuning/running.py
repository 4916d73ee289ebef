"""One run of `lowincome tune`: what is tried, on which nights, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from assets.home import Home, Refusal
from assets.intake import ledger
from pipelines.running import progress
from pipelines.tuning import telling
from pipelines.tuning.trials import Trial, in_force, trials
from pipelines.tuning.weighing import Answers, Limits, Weighed, answers, rules_visited, weigh


def tune(
    home: Home, rule: str, parameter: str, values: Sequence[str], since: date | None, area: str, form: str
) -> None:  # fmt: skip
    night, since, limits = setting(home, since, area)
    codes = [rule] if rule else [] if parameter else rules_visited(home, night, since, area, limits)
    if not (codes or parameter):
        click.echo(
            f"证据不足：自 {since} 没有规则的核查满 {limits.visits} 次；用 --rule 指定一条看看有多少 / "
            f"not enough evidence: no rule was visited {limits.visits} times; name one with --rule"
        )
        return
    tried = trials(home, night, area, codes, parameter, values)
    found, weighed = weigh_all(home, area, tried, since, limits)
    if form == "csv":
        telling.write(weighed)
        return
    for line in telling.heads(found):
        click.echo(line)
    for one in weighed:
        telling.show(one, limits)
    click.echo(telling.LOOSER)
    if any(telling.proposal(one) for one in weighed):
        click.echo("改动须由负责人签字 / a person signs: lowincome tune --apply … --valid-from … --by … --document …")


def setting(home: Home, since: date | None, area: str) -> tuple[date, date, Limits]:
    """The newest night, the day since which lists are looked at, and what a proposal needs."""
    ran = ledger.nights(home)
    if not ran:
        raise Refusal("No night has run in this home yet: there are no lists, and no answers to them.")
    standing = in_force(home, ran[-1], area)
    whole = {name: int(standing[name].value) for name in ("tune_visits", "tune_saved", "tune_nights", "yield_months")}
    limits = Limits(whole["tune_visits"], whole["tune_saved"], whole["tune_nights"])
    return ran[-1], since or _months_before(ran[-1], whole["yield_months"]), limits


def _months_before(night: date, months: int) -> date:
    ordinal = night.year * 12 + night.month - 1 - months
    return date(ordinal // 12, ordinal % 12 + 1, 1)


def weigh_all(
    home: Home, area: str, tried: Sequence[Trial], since: date, limits: Limits
) -> tuple[Answers, list[Weighed]]:  # fmt: skip
    """Every trial, with a step of the progress for each night of each."""
    found = answers(home, since, area, limits)
    weighed = []
    with progress(len(tried) * len(found.nights)) as follow:
        for trial in tried:

            def done(night: date, trial: Trial = trial) -> None:
                follow.ended(f"{night} {trial.parameter}")

            weighed.append(weigh(home, area, trial, found, limits, done))
    return found, weighed
