"""When and with what: the code location, jobs, schedules, sensors, resources and the command line.

Whoever loads this package gets redacted errors (an exception's text may hold a value) and no telemetry.
What redaction would print to standard error instead is left out too, unless LOWINCOME_DEBUG=1.
"""

import logging
import os
import warnings

os.environ.setdefault("DAGSTER_REDACT_USER_CODE_ERRORS", "1")
os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
if os.environ.get("LOWINCOME_DEBUG") != "1":
    logging.getLogger("dagster.redacted_errors").addHandler(logging.NullHandler())
    logging.getLogger("dagster.redacted_errors").disabled = True
warnings.filterwarnings("ignore", message=".*is currently in beta")
