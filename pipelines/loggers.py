"""The logger of the command line: steps become progress, messages stay in the UI."""

import logging

import dagster as dg

from pipelines.running import FOLLOWER


@dg.logger(None, description="Shows the steps of a night on the command line, and nothing else")
def follower(context: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.Logger("lowincome")
    logger.addHandler(FOLLOWER)
    return logger
