"""The assets as Dagster sees them: one factory an extract, one a SQL table, and the few steps that stand alone.

Assets return no data and log no values: what they tell is counts.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import dagster as dg

from assets import analysis, checks, extracts, reference
from assets.bulletin import page as bulletin
from assets.failing import kind_and_place
from assets.home import Home, Refusal
from assets.intake import inbox, ledger
from assets.linkage import linking
from assets.lists.publishing import REFERENCE, current_night, publish
from assets.night import Night, panel_tables, profile_parts
from assets.opening import OPENERS
from assets.rules.catalogue import rules
from assets.scheduling import scheduler
from assets.tables import SqlTable, sql_tables
from assets.telling import schema, told
from expectations.contract import Contract, contracts
from expectations.listing import lists
from expectations.verdict import Check, verdict

NIGHTS = dg.DailyPartitionsDefinition("2000-01-01", timezone="Asia/Shanghai", end_offset=1)
TEAM = "team:civil_affairs_data"

GROUPS = {
    "feeds": "feeds", "coverage": "feeds", "gates": "feeds", "gate_limits": "standards", "settings": "standards",
    "unknown_areas": "standards", "notes": "lists",
}  # fmt: skip

_NO_ASSETS = {*OPENERS, "settings_of", "deliveries"}


def as_of(context: dg.AssetExecutionContext) -> date:
    return date.fromisoformat(context.partition_key)


def definitions() -> dg.Definitions:
    """Every asset and check of the night."""
    bodies = [_deliveries, _reference, *(_extract_asset(contract) for contract in contracts().values()), _linked]
    for table in panel_tables():
        group = GROUPS.get(table.name, "households")
        bodies.append(_table_asset(table, group, lambda n, t: n.write_panel(t)))
    bodies += [
        _facts,
        _table_asset(
            sql_tables("panel")["household_months"], "household_months", lambda n, t: n.write_household_months(),
            deps=["facts", "households", "feeds", "gates", "settings"],
        ),
        _profile, _hits, _near_hits,
    ]  # fmt: skip
    bodies += [_table_asset(table, "cases", lambda n, t: n.write(t)) for name, table in sql_tables("cases").items()]
    bodies += [_table_asset(table, "drift", lambda n, t: n.write(t)) for table in sql_tables("drift").values()]
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
        raise dg.Failure(kind_and_place(error)) from None


@contextmanager
def _night(context: dg.AssetExecutionContext, home: Home) -> Iterator[Night]:
    with _speaking_safely(), Night.of(home, as_of(context), scheduler()) as night:
        extracts.unlock(night.connection, home.pseudonym_key())
        yield night


def _made(night: Night, name: str) -> dg.MaterializeResult:
    """What is told of a table that has just been written, and whether its checks hold."""
    return dg.MaterializeResult(metadata=told(night, name), check_results=list(checks.results(night, name)))


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


@dg.asset(
    name="reference", group_name="standards", partitions_def=NIGHTS, owners=[TEAM], kinds={"csv"},
    check_specs=[
        dg.AssetCheckSpec(name, asset="reference", description=says)
        for name, says in (reference.CHECKS | reference.WARNINGS).items()
    ],
)  # fmt: skip
def _reference(
    context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult]:
    """Standards, parameters, areas, grids and the calendar, shipped and of this home, held against each other.

    A row that cannot be right ends the night with its file, line and cure; what should be looked at warns.
    """
    with _speaking_safely():
        faults = reference.faults(home)
    for name in reference.CHECKS:
        broken = sum(fault.check == name for fault in faults)
        yield dg.AssetCheckResult(check_name=name, passed=not broken, metadata={"faults": broken})
    if faults:
        raise dg.Failure(reference.told(faults), allow_retries=False)
    with _night(context, home) as night:
        night.open(*REFERENCE)
        for name, found in reference.warnings(night.connection).items():
            yield dg.AssetCheckResult(
                check_name=name, passed=not found, severity=dg.AssetCheckSeverity.WARN, metadata={"found": found}
            )
        yield dg.MaterializeResult(metadata={name: night.rows(name) for name in REFERENCE})


def promises(contract: Contract) -> dict[str, list[Check]]:
    """The checks of one extract as the UI shows them: the promises of a column together, those of a row one by one.

    One each would be clearer still, but Dagster spends some twenty milliseconds on a check, and there are five hundred.
    """
    found: dict[str, list[Check]] = {}
    columns = {column.name for column in contract.columns}
    for check in verdict(contract).checks:
        found.setdefault(check.column if check.column in columns else check.name, []).append(check)
    return found


def _extract_asset(contract: Contract) -> dg.AssetsDefinition:
    """One extract: tonight's records get their verdict; what the contract promises of a column is a check."""
    promised = promises(contract)
    specs = [
        dg.AssetCheckSpec(
            "rows__at_least_one", asset=contract.extract, description="A delivery holds at least one record"
        )
    ]
    specs += [
        dg.AssetCheckSpec(name, asset=contract.extract, description=", ".join(check.code for check in these))
        for name, these in promised.items()
    ]

    @dg.asset(
        name=contract.extract, group_name="extracts", partitions_def=NIGHTS, deps=["deliveries"],
        owners=[f"team:{contract.folder}"], kinds={"duckdb", "parquet", "greatexpectations"}, check_specs=specs,
        description=f"{contract.title}（{contract.body}）: {contract.grain}, {contract.cadence}.",
        metadata={"dagster/column_schema": schema(extracts.stored_columns(contract))},
    )  # fmt: skip
    def body(context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]) -> dg.MaterializeResult:
        with _night(context, home) as night:
            found = {r.name: r for r in extracts.take_in(home, night.connection, contract, night.as_of)}
        results = [_check_result("rows__at_least_one", [found.get("rows__at_least_one")])]
        results += [_check_result(name, [found.get(c.name) for c in these]) for name, these in promised.items()]
        return dg.MaterializeResult(
            metadata=extracts.account(home, contract, as_of(context)),
            check_results=results,
        )

    return body


def _check_result(name: str, promised: Sequence[extracts.CheckResult | None]) -> dg.AssetCheckResult:
    """Counts alone, how many records break each promise (-1: it could not be judged).

    Where nothing came tonight there is nothing to break.
    """
    results = [result for result in promised if result is not None]
    broken = [result for result in results if result.broken != 0]
    is_critical = any(result.is_critical for result in broken)
    return dg.AssetCheckResult(
        check_name=name,
        passed=not broken,
        severity=dg.AssetCheckSeverity.ERROR if is_critical else dg.AssetCheckSeverity.WARN,
        metadata={
            "records": max((result.seen for result in results), default=0),
            **{result.code: -1 if result.broken is None else result.broken for result in results},
        },
    )


def _table_asset(
    table: SqlTable, group: str, write: Callable[[Night, SqlTable], None], deps: Sequence[str] | None = None
) -> dg.AssetsDefinition:  # fmt: skip
    """One SQL file: name, description and dependencies are the file's own."""

    @dg.asset(
        name=table.name, group_name=group, partitions_def=NIGHTS, owners=[TEAM], kinds={"duckdb", "sql"},
        deps=deps if deps is not None else dependencies(table), description=f"{table.title}. {table.description}",
        check_specs=checks.specs(table.name),
    )  # fmt: skip
    def body(context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]) -> dg.MaterializeResult:
        with _night(context, home) as night:
            write(night, table)
            return _made(night, table.name)

    return body


def dependencies(*tables: SqlTable) -> list[str]:
    """The assets behind the tables that SQL files name. Small given tables are no assets."""
    found = set()
    for table in tables:
        for name in table.reads:
            if name in ("people", "all_rejects", "identities", "unidentified", "findings"):
                found |= {*contracts(), "linked"}
            elif name.removesuffix("_received") in contracts():
                found |= {name.removesuffix("_received"), "linked"}
            elif name in REFERENCE:
                found.add("reference")
            elif name in ("feed_rows", "feed_persons"):
                found |= {*contracts(), "linked", "household_members", "households"}
            elif name == "feed_counts":
                found |= {*contracts(), "linked", "persons", "households"}
            elif name == "sources":
                found |= {"facts", "reported"}
            elif name == "deliveries":
                found |= {"deliveries", *contracts(), "linked"}
            elif name not in _NO_ASSETS and not name.startswith("profile_"):
                found.add(name)
    return sorted(found)


@dg.asset(
    name="linked", group_name="households", partitions_def=NIGHTS, owners=[TEAM], kinds={"duckdb", "splink"},
    deps=list(contracts()), description=f"{linking.LINKED.title}. {linking.LINKED.description}",
    check_specs=checks.specs("linked"),
)  # fmt: skip
def _linked(context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]) -> dg.MaterializeResult:
    with _night(context, home) as night:
        linking.write(night)
        return _made(night, "linked")


@dg.asset(
    name="facts", group_name="households", partitions_def=NIGHTS, owners=[TEAM], kinds={"duckdb", "parquet"},
    deps=[*contracts(), "linked", "households", "household_members"],
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
        return _made(night, "household_profile")


@dg.asset(
    name="hits", group_name="hits", partitions_def=NIGHTS, owners=[TEAM], kinds={"duckdb", "yaml"},
    deps=["household_profile", "settings", "facts"],
    description=f"All {len(rules())} rules in one pass over the profile: who hits what, at which level, and why.",
)  # fmt: skip
def _hits(context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]) -> dg.MaterializeResult:
    with _night(context, home) as night:
        night.write_hits()
        return _made(night, "hits")


@dg.asset(
    name="near_hits", group_name="hits", partitions_def=NIGHTS, owners=[TEAM], kinds={"duckdb", "yaml"},
    deps=["household_profile", "settings", "facts"],
    description="How near the families of the night before still stand to the rules that found them: "
    "a hit ends where its figures lie below nine tenths of their thresholds.",
)  # fmt: skip
def _near_hits(context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]) -> dg.MaterializeResult:
    with _night(context, home) as night:
        night.write_near_hits()
        return _made(night, "near_hits")


@dg.asset(
    name="outbox", group_name="lists", partitions_def=NIGHTS, owners=[TEAM], kinds={"csv", "html"},
    deps=sorted({*lists(), "notes", *dependencies(*sql_tables("bulletin").values())}),
    check_specs=[dg.AssetCheckSpec("published", asset="outbox", description="Every list kept its contract")],
)  # fmt: skip
def _outbox(context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]) -> dg.MaterializeResult:
    """The lists as files, held against their contracts, published by one pointer swap."""
    with _night(context, home) as night:
        manifest = publish(night)
        summary = bulletin.summary(night)
        if current_night(home) == night.as_of:
            analysis.write(night)
    kinds = {kind: sum(f["kind"] == kind for f in manifest["files"]) for kind in lists()}
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(f["rows"] for f in manifest["files"]),
            **{f"files_{k}": v for k, v in kinds.items()},
            "summary": dg.MetadataValue.md(summary),
            **_pages(home, as_of(context), manifest),
        },
        check_results=[
            dg.AssetCheckResult(check_name="published", passed=True, metadata={"files": len(manifest["files"])})
        ],
    )


def _pages(home: Home, night: date, manifest: Mapping[str, Any]) -> dict[str, dg.MetadataValue]:
    """Where the bulletin of each county lies, to be opened from the run."""
    pages = [home.outbox / night.isoformat() / f["path"] for f in manifest["files"] if f["kind"] == bulletin.KIND]
    return {page.stem: dg.MetadataValue.path(page) for page in pages}
