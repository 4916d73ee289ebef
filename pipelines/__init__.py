"""When and with what: the code location, jobs, schedules, sensors, resources and the command line.

Whoever loads this package gets redacted errors (an exception's text may hold a value) and no telemetry.
"""

import os
import warnings

os.environ.setdefault("DAGSTER_REDACT_USER_CODE_ERRORS", "1")
os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
warnings.filterwarnings("ignore", message=".*is currently in beta")
