"""The code location: what Dagster is given, when it runs, and what it does between nights."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._core.events import DagsterEvent, DagsterEventType
from homes import EVE, NIGHT, copy_of

from assets import reference
from assets.definitions import _reference, promises
from assets.home import Home
from assets.intake import ledger
from expectations.contract import contracts
from expectations.verdict import verdict
from pipelines import sensors
from pipelines.definitions import defs
from pipelines.running import SETTINGS
from pipelines.sensors import alarm, dead_runs, inbox_sensor

SHANGHAI = ZoneInfo("Asia/Shanghai")
REPOSITORY = defs.get_repository_def()
NODES = list(REPOSITORY.assets_defs_by_key.values())

GROUPS = {
    "deliveries": {"deliveries"},
    "extracts": set(contracts()),
    "households": {
        "memberships",
        "lineage",
        "household_members",
        "households",
        "persons",
        "fates",
        "structure_changes",
        "doubled",
        "aid_after_death",
        "facts",
        "linked",
        "reported",
        "lone_reports",
    },
    "feeds": {"feeds", "coverage", "gates"},
    "standards": {"reference", "settings", "unknown_areas", "gate_limits"},
    "household_months": {"household_months"},
    "household_profile": {"household_profile"},
    "hits": {"hits", "near_hits"},
    "cases": {
        "standing_hits",
        "answers",
        "cases",
        "changes",
        "wrong_data",
        "yields",
        "case_counts",
        "held",
        "hit_months",
        "supervision_findings",
        "supervision",
        "supervision_counts",
    },
    "drift": {"feed_profile", "drift", "hit_drift"},
    "lists": {
        "risk_list",
        "change_list",
        "waiting",
        "overdue",
        "evidence",
        "data_quality",
        "statistics",
        "notes",
        "held_list",
        "identity",
        "supervision_left_out",
        "supervision_left_out_monthly",
        "supervision_overpaid",
        "supervision_overpaid_monthly",
        "outbox",
    },
}


def test_the_house_has_these_rooms() -> None:
    found: dict[str, set[str]] = {}
    for node in NODES:
        for key, group in node.group_names_by_key.items():
            found.setdefault(group, set()).add(key.to_user_string())
    assert found == GROUPS
    assert {job.name for job in REPOSITORY.get_all_jobs()} == {"nightly", "intake", "__ASSET_JOB"}
    assert {schedule.name for schedule in REPOSITORY.schedule_defs} == {"nightly_at_two"}
    assert {sensor.name for sensor in REPOSITORY.sensor_defs} == {"inbox_sensor", "alarm", "dead_runs"}


@pytest.mark.parametrize("node", NODES, ids=lambda node: node.key.to_user_string())
def test_every_asset_says_whose_it_is_and_what(node: dg.AssetsDefinition) -> None:
    for spec in node.specs:
        assert spec.description and len(spec.description) > 20
        assert spec.owners and spec.group_name and spec.kinds
        assert isinstance(spec.partitions_def, dg.DailyPartitionsDefinition)
        assert spec.partitions_def.timezone == "Asia/Shanghai"


def test_the_promises_of_a_contract_are_checks_of_its_asset() -> None:
    for contract in contracts().values():
        node = REPOSITORY.assets_defs_by_key[dg.AssetKey(contract.extract)]
        names = {spec.name for spec in node.check_specs}
        told = promises(contract)
        assert names == {"rows__at_least_one", *told}
        shown = {check.name for checks in told.values() for check in checks}
        assert shown == {check.name for check in verdict(contract).checks}, "a promise without its check"


def checks_of_reference(home: Home, night: str) -> tuple[bool, dict[str, tuple[bool, int]]]:
    """Whether the asset `reference` came about, and each check with its count."""
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [_reference], partition_key=night, resources={"home": home}, instance=instance, raise_on_error=False
        )
        found = result.get_asset_check_evaluations()
        return result.success, {e.check_name: (e.passed, next(iter(e.metadata.values())).value) for e in found}


def test_reference_files_are_checks_with_counts(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    is_made, found = checks_of_reference(home, "2026-01-21")
    assert is_made and set(found) == {*reference.CHECKS, *reference.WARNINGS}
    assert all(passed and not count for passed, count in found.values())
    is_made, found = checks_of_reference(home, "2003-06-15")  # the calendar begins with 2004
    assert is_made and {name: told for name, told in found.items() if not told[0]} == {
        "calendar__reaches_a_month_ahead": (False, 31)
    }


def test_a_wrong_reference_file_fails_its_check_and_ends_the_night(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    head = "name,area_prefix,residence,value,unit,valid_from,valid_to,known_at,document\n"
    row = "dibao,9904,any,800,month,{},,2025-01-01,\n"
    (home.reference / "standards.csv").write_text(head + row.format("2025-01-01") + row.format("2025-07-01"))
    is_made, found = checks_of_reference(home, "2026-01-21")
    assert not is_made and {name: told for name, told in found.items() if not told[0]} == {
        "values__no_overlaps": (False, 1)
    }


@pytest.mark.parametrize(("at", "night"), [
    (datetime(2026, 3, 1, 2, tzinfo=SHANGHAI), "2026-03-01"),
    (datetime(2026, 1, 1, 2, tzinfo=SHANGHAI), "2026-01-01"),
    (datetime(2026, 1, 21, 2, tzinfo=SHANGHAI), "2026-01-21"),
])  # fmt: skip
def test_two_in_the_morning_asks_for_the_day_that_has_just_begun(at: datetime, night: str) -> None:
    schedule = REPOSITORY.get_schedule_def("nightly_at_two")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 2 * * *", "Asia/Shanghai")
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(instance, scheduled_execution_time=at, repository_def=REPOSITORY)
        result = schedule.evaluate_tick(context)
    assert [request.partition_key for request in result.run_requests or []] == [night]


def test_the_inbox_sensor_waits_for_files(made: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOWINCOME_HOME", str(made.root))
    today = datetime.now(SHANGHAI).date()
    requested = inbox_sensor(dg.build_sensor_context())
    assert isinstance(requested, dg.RunRequest)
    assert requested.run_config["ops"]["take_in_now"]["config"]["as_of"] == today.isoformat()
    assert inbox_sensor(dg.build_sensor_context()).run_key == requested.run_key, "the same inbox asks once"
    shutil.rmtree(made.inbox)
    made.inbox.mkdir()
    assert isinstance(inbox_sensor(dg.build_sensor_context()), dg.SkipReason)


def test_what_comes_after_tonights_run_counts_for_tomorrow(made: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOWINCOME_HOME", str(made.root))
    today = datetime.now(SHANGHAI).date()
    (made.outbox / today.isoformat()).mkdir()
    (made.outbox / today.isoformat() / "manifest.json").write_text("{}")
    requested = inbox_sensor(dg.build_sensor_context())
    assert isinstance(requested, dg.RunRequest)
    assert requested.run_config["ops"]["take_in_now"]["config"]["as_of"] == (today + timedelta(days=1)).isoformat()


def test_intake_alone_tells_the_department_at_once(
    county: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_of(county, tmp_path / "home")
    monkeypatch.setenv("LOWINCOME_HOME", str(home.root))
    files = [path for path in home.inbox.rglob("*") if path.is_file()]
    config = {"ops": {"take_in_now": {"config": {"as_of": NIGHT.isoformat()}}}}
    with dg.DagsterInstance.ephemeral() as instance:
        assert defs.resolve_job_def("intake").execute_in_process(run_config=config, instance=instance).success
    receipts = ledger.receipts(home, NIGHT)
    assert len(receipts) == len(files) and not any(path.exists() for path in files)
    assert {receipt.received_on for receipt in receipts} == {NIGHT.isoformat()}
    told = list((home.outbox / "feedback").glob("*/*.csv"))
    assert len(told) == len(receipts)
    assert any("身份证号" in path.read_text(encoding="utf-8-sig") for path in told)
    assert ledger.receipts(home, EVE) == [], "an earlier night knows nothing of them"


def test_a_failed_run_leaves_an_alarm_without_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOWINCOME_HOME", str(tmp_path / "home"))
    home = Home.at()

    @dg.op
    def breaks() -> None:
        raise ValueError("王小明 99040219800101123X")

    @dg.job
    def broken() -> None:
        breaks()

    with dg.DagsterInstance.ephemeral() as instance:
        result = broken.execute_in_process(instance=instance, raise_on_error=False)
        context = dg.build_run_status_sensor_context(
            sensor_name="alarm", dagster_event=result.get_run_failure_event(), dagster_instance=instance,
            dagster_run=result.dagster_run,
        ).for_run_failure()  # fmt: skip
        alarm(context)
    written = [path for path in home.alarms.iterdir() if path.suffix == ".json"]
    assert len(written) == 1
    assert json.loads(written[0].read_bytes())["steps"] == ["breaks"]
    assert "王小明" not in written[0].read_text(encoding="utf-8") and "99040219" not in written[0].read_text(
        encoding="utf-8"
    )


def test_a_run_that_was_killed_keeps_no_later_night_waiting(made: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dagster believes in it for six hours, and one run at a time is let through: so it is marked as failed."""
    monkeypatch.setenv("LOWINCOME_HOME", str(made.root))
    job = defs.resolve_job_def("intake")
    config = {"ops": {"take_in_now": {"config": {"as_of": NIGHT.isoformat()}}}}
    with dg.DagsterInstance.ephemeral() as instance:
        run_id = instance.create_run_for_job(job, run_config=config).run_id
        started = DagsterEvent(event_type_value=DagsterEventType.RUN_START.value, job_name=job.name)
        instance.report_dagster_event(started, run_id)

        def status_after_a_look() -> str:
            dead_runs(dg.build_sensor_context(instance=instance))
            run = instance.get_run_by_id(run_id)
            assert run
            return run.status.value

        assert status_after_a_look() == "STARTED", "it has just begun and may not own its home yet"
        monkeypatch.setattr(sensors, "SECONDS_TO_OWN", -60)
        with made.owned():
            assert status_after_a_look() == "STARTED", "somebody owns the home, so it lives"
        assert status_after_a_look() == "FAILURE"


def test_the_shipped_instance_settings_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    shutil.copyfile(SETTINGS, tmp_path / "dagster.yaml")
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        assert not instance.telemetry_enabled
        assert instance.run_monitoring_enabled and instance.run_retries_enabled
        assert type(instance.compute_log_manager).__name__ == "NoOpComputeLogManager"
        assert instance.run_retries_max_retries == 2
