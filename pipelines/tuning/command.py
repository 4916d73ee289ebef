"""`lowincome tune`: other thresholds beside what visits found, and a threshold that a person signs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from assets.home import Home, Refusal
from pipelines.options import DAY, HOME, as_day, one_sentence


@click.command()
@HOME
@click.option("--rule", help="规则 / a rule: all its parameters (default: every rule with enough visits)")
@click.option("--parameter", help="参数 / one parameter")
@click.option(
    "--values", help="试哪些取值，逗号分隔 / values to try, with commas (default: a grid around the present one)"
)
@click.option("--since", type=DAY, callback=as_day, help="自哪天起的清单 / lists since a day (default: twelve months)")
@click.option("--area", default="", help="只看此区划（前几位）/ only where area codes begin so (default: everywhere)")
@click.option("--format", "form", type=click.Choice(["table", "csv"]), default="table", show_default=True)
@click.option("--apply", "change", help="参数=数值，写入参数表 / name=value: put it into force, signed")
@click.option("--valid-from", type=DAY, callback=as_day, help="自哪天起有效 / from which day on")
@click.option("--by", help="签字人 / who signs")
@click.option("--document", help="文号或依据 / on which document")
@click.option("--list", "is_list", is_flag=True, help="列出已签的改动 / what was signed, by whom")
@one_sentence
def tune(
    home: Path | None, rule: str | None, parameter: str | None, values: str | None, since: date | None, area: str,
    form: str, change: str | None, valid_from: date | None, by: str | None, document: str | None, is_list: bool,
) -> None:  # fmt: skip
    """用核查结果校准阈值 / what other thresholds would have made of the visits: saved, lost, new; and a proposal.

    Past nights are worked out again with other values, in a scratch folder, and held against what staff answered.
    Nothing changes by itself: a proposal is put into force by a dated row that a named person signs on a document.
    A looser value cannot be judged: nobody visited the families that only it would raise.

    \b
    lowincome tune --rule MED-SPIKE
    lowincome tune --parameter med_spike_ratio --values 2,2.5,3.5,4 --since 2025-06-01
    lowincome tune --apply med_spike_ratio=3.5 --valid-from 2026-02-01 --by 王敏 --document 某民发〔2026〕2号
    lowincome tune --list
    """
    from pipelines.tuning import signing
    from pipelines.tuning.running import tune as run

    place = Home.at(home)
    match (is_list, change, valid_from, by, document):
        case (True, None, None, None, None):
            for line in signing.overview(place):
                click.echo(line)
        case (False, None, None, None, None):
            run(place, rule or "", parameter or "", values.split(",") if values else [], since, area, form)
        case (False, str(), date(), str(), str()) if not (rule or parameter or values):
            signing.apply(place, change, area, valid_from, by, document, since)
        case _:
            raise Refusal(
                "A change is --apply name=value with --valid-from, --by and --document, in an --area if need be; leave "
                "all four away to try values, or ask with --list."
            )
