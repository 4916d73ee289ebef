"""When the night runs: at two in the morning in Shanghai, for the day that has just begun."""

from __future__ import annotations

import dagster as dg

from pipelines.jobs import nightly

at_two = dg.build_schedule_from_partitioned_job(
    nightly, name="nightly_at_two", hour_of_day=2, default_status=dg.DefaultScheduleStatus.RUNNING,
    description="02:00 Asia/Shanghai; the partition is the day on which the run starts.",
)  # fmt: skip
