"""What happens between nights: files that settle in the inbox, and runs that fail."""

import hashlib
import os
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import dagster as dg

from assets.home import Home, write_json
from assets.intake import inbox, ledger
from pipelines.jobs import intake

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dg.sensor(job=intake, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def inbox_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Runs intake for the newest night that has not run yet, once for each new state of the inbox."""
    home = Home.at()
    paths = inbox.settled(home)
    if not paths:
        return dg.SkipReason("The inbox is empty, or its files are still being written.")
    seen = hashlib.sha256(
        b"\n".join(os.fsencode(p) + f"|{p.stat().st_size}|{p.stat().st_mtime_ns}".encode() for p in paths)
    ).hexdigest()
    today = datetime.now(SHANGHAI).date()
    ran = ledger.nights(home)
    night = today if not ran or ran[-1] < today else ran[-1] + timedelta(days=1)
    return dg.RunRequest(run_key=seen, run_config={"ops": {"take_in_now": {"config": {"as_of": night.isoformat()}}}})


@dg.run_failure_sensor(default_status=dg.DefaultSensorStatus.RUNNING)
def alarm(context: dg.RunFailureSensorContext) -> None:
    """Writes `alarms/<run>.json` for whoever watches the folder: which run and step failed, never why in words."""
    failed = [event.step_key for event in context.get_step_failure_events()]
    write_json(
        Home.at().alarms / f"{context.dagster_run.run_id}.json",
        {
            "run": context.dagster_run.run_id,
            "job": context.dagster_run.job_name,
            "as_of": context.dagster_run.tags.get("dagster/partition", ""),
            "steps": failed,
        },
    )
