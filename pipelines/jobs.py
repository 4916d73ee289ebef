"""The jobs: the whole night, and intake alone."""

from datetime import date, timedelta

import dagster as dg

from assets import extracts
from assets.home import Home
from assets.intake import inbox, ledger
from assets.lists import feedback
from assets.night import Night
from expectations.contract import contracts

nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="The whole night: take in, check, join, flag, list, publish.",
    tags={"dagster/max_retries": "2"},
)


@dg.op(config_schema={"as_of": dg.Field(str, description="The night that the files will count for, as 2026-01-21")})
def take_in_now(context: dg.OpExecutionContext, home: dg.ResourceParam[Home]) -> None:
    """Archive, read and judge what lies in the inbox, so that a department hears at once what is wrong."""
    night = date.fromisoformat(context.op_config["as_of"])
    ran = ledger.nights(home)
    if ran and night <= ran[-1]:  # that night was published while this run waited: its lists stay what they are
        night = ran[-1] + timedelta(days=1)
    receipts = inbox.take_in(home, night)
    with Night.of(home, night) as opened:
        for name in sorted({r.extract for r in receipts if r.state == ledger.TAKEN}):
            extracts.take_in(home, opened.connection, contracts()[name], night)
        feedback.write(opened, [r.delivery_no for r in receipts])
    context.log.info(f"took in {len(receipts)} files for the night of {night}")


@dg.job(executor_def=dg.in_process_executor, description="Intake alone, as soon as files have settled in the inbox.")
def intake() -> None:
    take_in_now()
