"""`lowincome ui` as a test drives it: started on a free port of the loopback address, asked by GraphQL, ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import requests
from homes import command, environment

from assets.home import Home

SECONDS_TO_START = 120
SECONDS_TO_RUN = 300

_METADATA = """
    metadataEntries { label description
        ... on IntMetadataEntry { intValue } ... on TextMetadataEntry { text } ... on MarkdownMetadataEntry { mdStr }
        ... on FloatMetadataEntry { floatValue } ... on JsonMetadataEntry { jsonString } ... on PathMetadataEntry { path }
        ... on TableSchemaMetadataEntry { schema { columns { name type description } } } }
"""
_ERROR = "message className stack errorChain { error { message className stack } } causes { message stack }"


class Ui:
    """The web server with its daemon and code server, for as long as the block lasts."""

    def __init__(self, home: Home, log: Path) -> None:
        self.home, self.log = home, log
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Ui:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command("ui", "--home", self.home.root, "--port", self.port), env=environment(),
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        try:
            self.until(self._is_ready, "the web server answers", SECONDS_TO_START)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Ask politely, then end whatever of the session still lives. Jobs in the background may not hear SIGINT."""
        self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(30)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def until(self, is_so: Callable[[], bool], what: str, seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            assert self.process.poll() is None, f"the UI ended by itself with {self.process.returncode}"
            assert time.monotonic() < deadline, f"waited {seconds:.0f} s and it never came true that {what}"
            time.sleep(0.25)

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        answer = requests.post(
            f"{self.address}/graphql", json={"query": query, "variables": variables}, timeout=60
        ).json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def _is_ready(self) -> bool:
        try:
            return bool(self.location())
        except (requests.ConnectionError, LookupError):
            return False

    def location(self) -> tuple[str, str]:
        """The names of the code location and its repository; LookupError until it is loaded."""
        entries = self.ask(
            "{ workspaceOrError { ... on Workspace { locationEntries { name loadStatus locationOrLoadError {"
            f" ... on RepositoryLocation {{ repositories {{ name }} }} ... on PythonError {{ {_ERROR} }} }} }} }} }} }}"
        )["workspaceOrError"]["locationEntries"]
        location = entries[0]["locationOrLoadError"]
        return entries[0]["name"], location["repositories"][0]["name"]

    def launch(self, job: str, night: date) -> str:
        """Launch a partition as the launchpad does; the run's id."""
        location, repository = self.location()
        selector = {"repositoryLocationName": location, "repositoryName": repository, "jobName": job}
        tags = [{"key": "dagster/partition", "value": night.isoformat()}]
        answer = self.ask(
            "mutation Launch($how: ExecutionParams!) { launchRun(executionParams: $how) { __typename"
            " ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }"
            " ... on RunConfigValidationInvalid { errors { message } } } }",
            how={"selector": selector, "mode": "default", "runConfigData": {}, "executionMetadata": {"tags": tags}},
        )["launchRun"]
        assert answer["__typename"] == "LaunchRunSuccess", answer
        return str(answer["run"]["runId"])

    def status(self, run_id: str) -> str:
        answer = self.ask("query Run($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }", id=run_id)
        return str(answer["runOrError"]["status"])

    def wait(self, run_id: str) -> str:
        """How a run ended."""
        self.until(
            lambda: self.status(run_id) in ("SUCCESS", "FAILURE", "CANCELED"), "the run has ended", SECONDS_TO_RUN
        )
        return self.status(run_id)

    def runs(self) -> dict[str, Any]:
        return self.ask(
            "{ runsOrError { ... on Runs { results { runId status jobName tags { key value } runConfigYaml"
            " stats { ... on RunStatsSnapshot { stepsFailed stepsSucceeded } } } } } }"
        )

    def events(self, run_id: str) -> list[dict[str, Any]]:
        """Every line of a run's log, with what it carries."""
        found: list[dict[str, Any]] = []
        cursor, more = None, True
        while more:
            page = self.ask(
                "query Events($id: ID!, $after: String) { logsForRun(runId: $id, afterCursor: $after, limit: 500) {"
                " ... on EventConnection { cursor hasMore events { __typename"
                " ... on MessageEvent { message stepKey eventType }"
                f" ... on MaterializationEvent {{ {_METADATA} }}"
                f" ... on AssetCheckEvaluationEvent {{ evaluation {{ checkName success description {_METADATA} }} }}"
                f" ... on ExecutionStepFailureEvent {{ error {{ {_ERROR} }} failureMetadata {{ {_METADATA} }} }}"
                f" ... on RunFailureEvent {{ error {{ {_ERROR} }} }}"
                " } } } }",
                id=run_id, after=cursor,
            )["logsForRun"]  # fmt: skip
            found += page["events"]
            cursor, more = page["cursor"], page["hasMore"]
        return found

    def assets(self) -> list[dict[str, Any]]:
        nodes: list[dict[str, Any]] = self.ask(
            "{ assetNodes { assetKey { path } groupName description kinds owners { ... on TeamAssetOwner { team } }"
            f" {_METADATA} assetMaterializations(limit: 3) {{ partition message {_METADATA} }} }} }}"
        )["assetNodes"]
        return nodes

    def checks(self, asset: str) -> list[dict[str, Any]]:
        """An asset's checks with their last execution."""
        answer = self.ask(
            "query Checks($key: AssetKeyInput!) { assetNodeOrError(assetKey: $key) { ... on AssetNode { assetChecksOrError {"
            " ... on AssetChecks { checks { name description executionForLatestMaterialization { status"
            f" evaluation {{ success severity description {_METADATA} }} }} }} }} }} }} }} }}",
            key={"path": [asset]},
        )
        found: list[dict[str, Any]] = answer["assetNodeOrError"]["assetChecksOrError"]["checks"]
        return found
