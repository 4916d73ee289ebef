"""The code location: everything that Dagster loads."""

import dagster as dg

from assets.definitions import definitions
from pipelines.jobs import intake, nightly
from pipelines.loggers import follower
from pipelines.resources import owned_home
from pipelines.schedules import at_two
from pipelines.sensors import alarm, dead_runs, inbox_sensor

defs = dg.Definitions.merge(
    definitions(),
    dg.Definitions(
        jobs=[nightly, intake],
        schedules=[at_two],
        sensors=[inbox_sensor, alarm, dead_runs],
        resources={"home": owned_home},
        loggers={"console": dg.colored_console_logger, "follower": follower},
        executor=dg.in_process_executor,
    ),
)
