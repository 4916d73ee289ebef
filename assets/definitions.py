"""The assets as Dagster sees them: one factory an extract, one a SQL table, and the few steps that stand alone.

Assets return no data and log no values: what they tell is counts.
"""

import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg

from assets import analysis, extracts
from assets.home import Home, Refusal
from assets.intake import inbox, ledger
from assets.lists.publishing import current_night, publish
from assets.night import Night, panel_tables, profile_parts
from assets.opening import OPENERS
from assets.rules.catalogue import rules
from assets.tables import FOLDER, SqlTable, sql_tables
from expectations.contract import Contract, contracts
from expectations.listing import lists
from expectations.verdict import verdict

NIGHTS = dg.DailyPartitionsDefinition("2000-01-01", timezone="Asia/Shanghai", end_offset=1)
TEAM = "team:civil_affairs_data"

GROUPS = {
    "feeds": "feeds", "coverage": "feeds", "gates": "feeds", "gate_limits": "standards", "settings": "standards",
}  # fmt: skip

_NO_ASSETS = {*OPENERS, "settings_of", "deliveries"}


def as_of(context: dg.AssetExecutionContext) -> date:
    return date.fromisoformat(context.partition_key)


def definitions() -> dg.Definitions:
    """Every asset and check of the night."""
    bodies = [_deliveries, *(_extract_asset(contract) for contract in contracts().values())]
    for table in panel_tables():
        group = GROUPS.get(table.name, "households")
        bodies.append(_table_asset(table, group, lambda n, t: n.write_panel(t), **_EXTRAS.get(table.name, {})))
    bodies += [
        _facts,
        _table_asset(
            sql_tables("panel")["household_months"], "household_months", lambda n, t: n.write_household_months(),
            deps=["facts", "households", "feeds", "gates", "settings"],
        ),
        _profile, _hits,
    ]  # fmt: skip
    bodies += [
        _table_asset(table, "cases", lambda n, t: n.write(t), **_EXTRAS.get(name, {}))
        for name, table in sql_tables("cases").items()
    ]
    for table in sql_tables("lists").values():
        bodies.append(_table_asset(table, "lists", lambda n, t: n.write(t, lists()[t.name].published_alone)))
    bodies.append(_outbox)
    return dg.Definitions(assets=bodies)


# The steps ------------------------------------------------------------------------------------------------------


@contextmanager
def _speaking_safely() -> Iterator[None]:
    """A failure says what a person may read and no more, because the text of an exception may hold a value.

    A refusal ends the run with its own sentence and is not tried again; of anything else the kind of error and our
    line of code are told. `LOWINCOME_DEBUG=1` lets the exception through, for engineers on made-up data.
    """
    try:
        yield
    except Refusal as refusal:
        raise dg.Failure(str(refusal), allow_retries=False) from None
    except Exception as error:
        if os.environ.get("LOWINCOME_DEBUG") == "1":
            raise
        ours = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(FOLDER.parent)]
        where = (
            f"{Path(ours[-1].filename).relative_to(FOLDER.parent)}:{ours[-1].lineno}" if ours else "outside our code"
        )
        raise dg.Failure(f"{type(error).__name__} at {where}") from None


@contextmanager
def _night(context: dg.AssetExecutionContext, home: Home) -> Iterator[Night]:
    with _speaking_safely(), Night.of(home, as_of(context)) as night:
        extracts.unlock(night.connection, home.pseudonym_key())
        yield night


@dg.asset(
    name="deliveries", group_name="deliveries", partitions_def=NIGHTS, owners=[TEAM], kinds={"python", "file"},
    check_specs=[
        dg.AssetCheckSpec("archived", asset="deliveries", description="Every receipt has its immutable copy"),
        dg.AssetCheckSpec("nothing_refused_or_held", asset="deliveries", description="No file was refused or waits"),
    ],
)  # fmt: skip
def _deliveries(context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]) -> dg.MaterializeResult:
    """Every file that came in: an immutable copy under its sha256 and one receipt in the ledger.

    Only the newest night takes in; an older or repeated one reads the ledger alone.
    """
    night = as_of(context)
    ran = ledger.nights(home)
    if not ran or night > ran[-1]:
        with _speaking_safely():
            inbox.take_in(home, night, lambda done, of: context.log.info(f"read {done} of {of} files"))
    receipts = ledger.receipts(home, night)
    tonight = [r for r in receipts if r.received_on == night.isoformat()]
    states = {state: sum(r.state == state for r in tonight) for state in ("taken", "duplicate", "refused", "held")}
    return dg.MaterializeResult(
        metadata={"dagster/row_count": len(receipts), **{f"tonight_{k}": v for k, v in states.items()},
                  "records_tonight": sum(r.records for r in tonight)},
        check_results=[
            dg.AssetCheckResult(
                check_name="nothing_refused_or_held", passed=not states["refused"] and not states["held"],
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"refused": states["refused"], "held": states["held"],
                          "codes": ", ".join(sorted({r.code for r in tonight if r.code and r.state != "taken"}))},
            ),
            dg.AssetCheckResult(
                check_name="archived", passed=all((home.archive / r.sha256).exists() for r in receipts),
                metadata={"receipts": len(receipts)},
            ),
        ],
    )  # fmt: skip


def _extract_asset(contract: Contract) -> dg.AssetsDefinition:
    """One extract: tonight's records get their verdict; each promise of the contract is a check of its own."""
    checks = verdict(contract).checks
    specs = [
        dg.AssetCheckSpec(
            "rows__at_least_one", asset=contract.extract, description="A delivery holds at least one record"
        )
    ]
    specs += [
        dg.AssetCheckSpec(check.name, asset=contract.extract, description=f"{check.column}: {check.code}")
        for check in checks
    ]

    @dg.asset(
        name=contract.extract, group_name="extracts", partitions_def=NIGHTS, deps=["deliveries"],
        owners=[f"team:{contract.folder}"], kinds={"duckdb", "parquet", "greatexpectations"}, check_specs=specs,
        description=f"{contract.title}（{contract.body}）: {contract.grain}, {contract.cadence}.",
        metadata={"dagster/column_schema": _schema(extracts.stored_columns(contract))},
    )  # fmt: skip
    def body(context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]) -> dg.MaterializeResult:
        with _night(context, home) as night:
            found = {r.name: r for r in extracts.take_in(home, night.connection, contract, night.as_of)}
            night.open("deliveries")
            counts = night.connection.execute(
                """
                select
                    coalesce(sum(accepted) filter (is_in_force), 0) as rows_in_force,
                    coalesce(sum(records) filter (received_on = $2), 0) as records_tonight,
                    coalesce(sum(rejected) filter (received_on = $2), 0) as rejected_tonight
                from deliveries where extract = $1
                """,
                [contract.extract, night.as_of],
            ).fetchall()[0]
        results = [_check_result(spec.name, found.get(spec.name)) for spec in specs]
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": int(counts[0]),
                "records_tonight": int(counts[1]),
                "rejected_tonight": int(counts[2]),
            },
            check_results=results,
        )

    return body


def _check_result(name: str, result: extracts.CheckResult | None) -> dg.AssetCheckResult:
    """Counts alone. Where nothing came tonight there is nothing to break."""
    if result is None:
        return dg.AssetCheckResult(check_name=name, passed=True, metadata={"records": 0})
    severity = dg.AssetCheckSeverity.ERROR if result.is_critical else dg.AssetCheckSeverity.WARN
    metadata: dict[str, Any] = {
        "records": result.seen,
        "code": result.code,
        "broken": -1 if result.broken is None else result.broken,
    }
    return dg.AssetCheckResult(check_name=name, passed=result.broken == 0, severity=severity, metadata=metadata)


def _table_asset(
    table: SqlTable, group: str, write: Callable[[Night, SqlTable], None], deps: Sequence[str] | None = None,
    check_specs: Sequence[dg.AssetCheckSpec] = (),
    checks: Callable[[Night], Iterable[dg.AssetCheckResult]] = lambda night: (),
) -> dg.AssetsDefinition:  # fmt: skip
    """One SQL file: name, description and dependencies are the file's own."""

    @dg.asset(
        name=table.name, group_name=group, partitions_def=NIGHTS, owners=[TEAM], kinds={"duckdb", "sql"},
        deps=deps if deps is not None else dependencies(table), description=f"{table.title}. {table.description}",
        check_specs=check_specs,
    )  # fmt: skip
    def body(context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]) -> dg.MaterializeResult:
        with _night(context, home) as night:
            write(night, table)
            return dg.MaterializeResult(metadata=_told(night, table.name), check_results=list(checks(night)))

    return body


def dependencies(*tables: SqlTable) -> list[str]:
    """The assets behind the tables that SQL files name. Small given tables are no assets."""
    found = set()
    for table in tables:
        for name in table.reads:
            if name in ("people", "all_rejects", "feed_rows", "feed_persons"):
                found |= set(contracts())
            elif name == "sources":
                found.add("facts")
            elif name == "deliveries":
                found |= {"deliveries", *contracts()}
            elif name not in _NO_ASSETS and not name.startswith("profile_"):
                found.add(name)
    return sorted(found)


@dg.asset(
    name="facts", group_name="households", partitions_def=NIGHTS, owners=[TEAM], kinds={"duckdb", "parquet"},
    deps=[*contracts(), "households", "household_members"],
)  # fmt: skip
def _facts(context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]) -> dg.MaterializeResult:
    """Every row in force of a person beside the household that it counts for, in household buckets: the one shuffle."""
    with _night(context, home) as night:
        count = night.write_facts()
    return dg.MaterializeResult(metadata={"dagster/row_count": count})


@dg.asset(
    name="household_profile", group_name="household_profile", partitions_def=NIGHTS, owners=[TEAM],
    kinds={"duckdb", "sql"},
    deps=sorted({"facts", "household_months", *dependencies(*profile_parts())} - set(contracts())),
    description="One wide row a household: every figure that a rule may name. "
    + " ".join(f"{part.title}." for part in profile_parts()),
)  # fmt: skip
def _profile(context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]) -> dg.MaterializeResult:
    with _night(context, home) as night:
        night.write_household_profile()
        return dg.MaterializeResult(metadata=_told(night, "household_profile"))


@dg.asset(
    name="hits", group_name="hits", partitions_def=NIGHTS, owners=[TEAM], kinds={"duckdb", "yaml"},
    deps=["household_profile", "settings", "facts"],
    description=f"All {len(rules())} rules in one pass over the profile: who hits what, at which level, and why.",
)  # fmt: skip
def _hits(context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]) -> dg.MaterializeResult:
    with _night(context, home) as night:
        night.write_hits()
        return dg.MaterializeResult(
            metadata=_told(night, "hits") | {"by_rule": _counts(night, "hits", ("rule", "level"))}
        )


@dg.asset(
    name="outbox", group_name="lists", partitions_def=NIGHTS, owners=[TEAM], kinds={"csv"}, deps=list(lists()),
    check_specs=[dg.AssetCheckSpec("published", asset="outbox", description="Every list kept its contract")],
)  # fmt: skip
def _outbox(context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]) -> dg.MaterializeResult:
    """The lists as files, held against their contracts, published by one pointer swap."""
    with _night(context, home) as night:
        manifest = publish(night)
        if current_night(home) == night.as_of:
            analysis.write(night)
    kinds = {kind: sum(f["kind"] == kind for f in manifest["files"]) for kind in lists()}
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(f["rows"] for f in manifest["files"]),
            **{f"files_{k}": v for k, v in kinds.items()},
        },
        check_results=[
            dg.AssetCheckResult(check_name="published", passed=True, metadata={"files": len(manifest["files"])})
        ],
    )


# What is told ---------------------------------------------------------------------------------------------------


def _held_checks(night: Night) -> list[dg.AssetCheckResult]:
    """How many rules are held or warned of in some area, and by which gate."""
    night.open("held")
    rows = night.connection.execute(
        "select state, gate, count(*) from held where state <> 'off' group by all order by all"
    ).fetchall()
    counts = {state: sum(row[2] for row in rows if row[0] == state) for state in ("held", "warned", "released")}
    by_gate = {f"{state}_by_{gate}": rules for state, gate, rules in rows}
    return [
        dg.AssetCheckResult(
            check_name="no_rule_held", passed=counts["held"] + counts["warned"] == 0,
            severity=dg.AssetCheckSeverity.WARN, metadata=counts | by_gate,
        )
    ]  # fmt: skip


def _account_checks(night: Night) -> list[dg.AssetCheckResult]:
    """In = accepted + rejected + superseded + duplicate + blank + held + refused, for every delivery ever received."""
    night.open("deliveries")
    lost = night.connection.execute(
        "select count(*) from deliveries "
        "where records <> accepted + rejected + superseded + duplicate + blank + held + refused"
    ).fetchall()[0][0]
    return [
        dg.AssetCheckResult(check_name="every_record_accounted_for", passed=lost == 0, metadata={"deliveries": lost})
    ]


_EXTRAS: Mapping[str, Any] = {
    "feeds": {
        "check_specs": [dg.AssetCheckSpec(
            "every_record_accounted_for", asset="feeds",
            description="In = accepted + rejected + superseded + duplicate + blank + held + refused",
        )],
        "checks": _account_checks,
    },
    "held": {
        "check_specs": [dg.AssetCheckSpec("no_rule_held", asset="held", description="Every feed needed has come")],
        "checks": _held_checks,
    },
    "cases": {"deps": ["hits", "households", "household_profile", "held"]},
    "hit_months": {"deps": ["hits", "households"]},
}  # fmt: skip


def _told(night: Night, name: str) -> dict[str, Any]:
    """Row count, column schema and, for tables that people ask about, a small table of counts."""
    night.open(name)
    columns = night.connection.execute(f"describe {name}").fetchall()
    told: dict[str, Any] = {
        "dagster/row_count": night.rows(name),
        "dagster/column_schema": _schema([(row[0], row[1], "") for row in columns]),
    }
    if name in _PREVIEWS:
        told["preview"] = _counts(night, name, _PREVIEWS[name])
    return told


_PREVIEWS = {
    "feeds": ("extract", "state"), "gates": ("extract", "gate", "state"), "held": ("gate", "state", "rule"),
    "cases": ("level", "change"), "households": ("area6", "residence"),
    "risk_list": ("town", "level"), "data_quality": ("body", "code"),
}  # fmt: skip


def _counts(night: Night, name: str, by: Sequence[str]) -> dg.MarkdownMetadataValue:
    """Counts by a few columns, never a person; 1 to 4 stand as <5."""
    keys = ", ".join(by)
    night.open(name)
    rows = night.connection.execute(
        f"select {keys}, count(*) from {name} group by {keys} order by {keys} limit 200"
    ).fetchall()
    lines = [f"| {' | '.join((*by, 'count'))} |", f"|{'---|' * (len(by) + 1)}"]
    lines += [f"| {' | '.join(str(v) for v in row[:-1])} | {row[-1] if row[-1] >= 5 else '<5'} |" for row in rows]
    return dg.MetadataValue.md("\n".join(lines))


def _schema(columns: Sequence[tuple[str, str, str]]) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[dg.TableColumn(name, kind, description=meaning or None) for name, kind, meaning in columns]
    )
