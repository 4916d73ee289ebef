"""What happens between nights: files that settle in the inbox, runs that fail, and runs that died without a word."""

import hashlib
import os
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import dagster as dg

from assets.home import Home, Refusal, write_json
from assets.intake import inbox, ledger
from pipelines.jobs import intake

SHANGHAI = ZoneInfo("Asia/Shanghai")
SECONDS_TO_OWN = 300
"""A run owns its home within seconds of its start; one that is older while nobody owns the home is dead."""


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


@dg.sensor(minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def dead_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Marks a run as failed whose process was killed: believed to be running, it would keep later nights waiting."""
    latest = datetime.now(SHANGHAI) - timedelta(seconds=SECONDS_TO_OWN)
    believed = [
        record.dagster_run
        for record in context.instance.get_run_records(
            dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING])
        )
        if record.start_time and record.start_time < latest.timestamp()
    ]
    if not believed:
        return dg.SkipReason("No run is in progress for long.")
    try:
        with Home.at().owned():
            pass
    except Refusal:
        return dg.SkipReason("The run in progress owns the home.")
    for run in believed:
        context.instance.report_run_failed(run, "The process of this run ended without a word.")
    return dg.SkipReason(f"{len(believed)} runs had died.")
