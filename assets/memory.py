"""What a night remembers: tables of the night before. On the first night they are empty."""

from __future__ import annotations

from datetime import date

import duckdb
import pyarrow as pa

from assets.home import Home, Refusal
from assets.intake import ledger
from assets.opener import Opener, given, nothing

CASE_COLUMNS = (
    "household_id bigint, case_id varchar, household_no varchar, area6 varchar, area12 varchar, grid_code varchar, "
    "state varchar, why varchar, level integer, hit_level integer, residual_share double, residual_level integer, "
    "is_combo boolean, is_exit_watch boolean, dimensions varchar[], rules varchar[], main_rule varchar, "
    "main_reason varchar, opened_on date, state_since date, "
    "evaluated_no bigint, handed_out_on date, deadline date, is_overdue boolean, answer_no bigint, outcome varchar, "
    "visited_on date, settled_level integer, settled_oop bigint, oop_year bigint, "
    "snoozed_until date, verified_on date, closed_on date, nights_running integer, change varchar"
)
ITEM_COLUMNS = (
    "item_no varchar, household_id bigint, household_no varchar, area6 varchar, area12 varchar, rule varchar, "
    "level integer, reason varchar, evidence varchar, value double, threshold double, file varchar, state varchar, "
    "why varchar, opened_on date, state_since date, handling varchar, handled_on date, planned_until date, "
    "closed_on date, is_found boolean, title varchar, basis varchar"
)
_COUNT_COLUMNS = "area6 varchar, night date, listed bigint, handed_out bigint, answered bigint"
_STANDING_COLUMNS = (
    "household_id bigint, area12 varchar, rule varchar, dimension varchar, level integer, reason varchar, "
    "standing varchar, month date, missed_month date, lag bigint"
)
_STILL_STANDING = "select * exclude (standing) from {files} where standing not in ('cleared', 'withdrawn')"
_LINEAGE_COLUMNS = (
    "number_key bigint, area6 varchar, household_no varchar, household_id bigint, since_month date, until_month date, "
    "predecessor_no varchar, predecessor_area6 varchar, kind varchar, taken_over_month date, is_in_force boolean"
)
_MEMBER_COLUMNS = (
    "household_id bigint, area6 varchar, household_no varchar, person_key bigint, relation varchar, months bigint, "
    "is_provisional boolean"
)
_PREVIOUS_MEMBERS = """
    select household_id, area6, household_no, person_key, relation = '02' as is_head
    from {files}
    where months & 1 = 1 and not is_provisional
"""


def _previous(name: str, table: str, columns: str, sql: str) -> Opener:
    """A table of the night before. Without it every family would be new, so its loss is refused."""

    def open_it(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
        before = ledger.night_before(home, night)
        source = f"(select {nothing(columns)} where false)"
        if before is not None:
            folder = home.table(table, before)
            if not folder.exists():
                raise Refusal(
                    f"Table {table} of {before}, on which {night} leans, is no longer in the lake: "
                    "first run the lost nights again, the oldest one to begin with."
                )
            source = f"read_parquet('{folder}/**/*.parquet', hive_partitioning = false)"
        connection.execute(f"create or replace temp view {name} as {sql.format(files=source)}")

    return Opener(open_it)


def _remembered(name: str, table: str, columns: str) -> Opener:
    """What the night before remembers of earlier ones; nothing at first, and nothing where it is lost."""

    def open_it(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
        before = ledger.night_before(home, night)
        files = sorted(home.table(table, before).glob("*.parquet")) if before else []
        source = (
            f"read_parquet({[str(file) for file in files]!r})" if files else f"(select {nothing(columns)} where false)"
        )
        connection.execute(f"create or replace temp view {name} as from {source}")

    return Opener(open_it)


def _open_night_before(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    """One row: the night whose cases this one leans on; null on the first."""
    given(connection, "night_before", pa.table({"night": pa.array([ledger.night_before(home, night)], pa.date32())}))


PREVIOUS: dict[str, Opener] = {
    "previous_cases": _previous("previous_cases", "cases", CASE_COLUMNS, "from {files}"),
    "previous_case_counts": _previous("previous_case_counts", "case_counts", _COUNT_COLUMNS, "from {files}"),
    "previous_standing": _previous("previous_standing", "standing_hits", _STANDING_COLUMNS, _STILL_STANDING),
    "previous_hits": _previous(
        "previous_hits", "hits", "household_id bigint, rule varchar, value double",
        "select household_id, rule, value from {files}",
    ),
    "night_before": Opener(_open_night_before),
    "previous_supervision": _previous("previous_supervision", "supervision", ITEM_COLUMNS, "from {files}"),
    "previous_lineage": _previous("previous_lineage", "lineage", _LINEAGE_COLUMNS, "from {files}"),
    "previous_members": _previous("previous_members", "household_members", _MEMBER_COLUMNS, _PREVIOUS_MEMBERS),
    "previous_hit_months": _remembered(
        "previous_hit_months", "hit_months", "rule varchar, area6 varchar, town varchar, month date, hits bigint"
    ),
    "previous_answers": _remembered(
        "previous_answers", "answers", "case_id varchar, answer_no bigint, rules varchar[], main_rule varchar"
    ),
}  # fmt: skip
