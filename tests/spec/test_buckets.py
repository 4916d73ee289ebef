"""Household buckets: how many there are changes no row, and a step leaves behind nothing of the last one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets import extracts
from assets.night import Night
from tests.spec.county import NIGHT, County, Worked

DRAWN = {
    "people": """
        person | born_on
        son    | 2015-03-01
        elder  | 1950-05-01
    """,
    "members": """
        person | household | relation
        ada    | one       |
        son    | one       | 21
        ben    | two       |
        cai    | three     |
        elder  | three     | 51
        dan    | four      |
        eve    | five      |
        fei    | six       |
    """,
    "wages": """
        person | pay_month  | base
        ada    | t-15..t-4  | 6000
        ada    | t-3..t-1   | 2000
        ben    | t-15..t-1  | 4000
        eve    | t-15..t-1  | 3500
        loner  | t-15..t-1  | 3000
    """,
    "pensions": """
        person | pay_month  | amount
        elder  | t-15..t-1  | 900
    """,
    "settlements": """
        person | settled_at | total
        ben    | t-2        | 60000
        cai    | t-5        | 90000
        fei    | t-1        | 800
    """,
    "aid": """
        person | aid_type | amount
        dan    | 110      | 700
    """,
    "registry": """
        person | registry_no
        loner  | alone
    """,
}  # fmt: skip


def drawn(folder: Path) -> County:
    return County.at(folder).receive(**DRAWN)


def rows(worked: Worked) -> dict[str, list[dict[str, Any]]]:
    """Every table of the night but for the number of the bucket."""
    return {
        name: sorted(({k: v for k, v in row.items() if k != "bucket"} for row in table), key=repr)
        for name, table in worked.tables.items()
    }


@pytest.fixture
def in_buckets(tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Worked]:
    def work_out(buckets: int) -> Worked:
        monkeypatch.setenv("LOWINCOME_BUCKETS", str(buckets))
        return drawn(tmp_path / f"in {buckets}").judge(lists=["risk_list", "evidence"])

    return work_out


@pytest.mark.parametrize("buckets", [4, pytest.param(16, marks=pytest.mark.slow)])
def test_how_many_buckets_there_are_changes_no_row(in_buckets: Callable[[int], Worked], buckets: int) -> None:
    whole, bucketed = in_buckets(1), in_buckets(buckets)
    assert len({household["bucket"] for household in bucketed.tables["households"]}) > 1
    assert {name: len(table) for name, table in bucketed.tables.items()} == {
        name: len(table) for name, table in whole.tables.items()
    }
    assert whole.tables["hits"] and whole.tables["cases"]
    assert rows(bucketed) == rows(whole)


def there(night: Night) -> set[str]:
    """The temporary tables and views of a night's connection."""
    named = "select table_name from duckdb_tables() union select view_name from duckdb_views() where temporary"
    return {name for (name,) in night.connection.execute(named).fetchall()}


@pytest.mark.parametrize("is_left_by_an_error", [False, True])
def test_after_the_last_bucket_everything_is_whole_again(
    tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch, is_left_by_an_error: bool
) -> None:
    monkeypatch.setenv("LOWINCOME_BUCKETS", "4")
    county = drawn(tmp_path / "home")
    with county._night(NIGHT):
        pass
    whole = ("households", "household_members", "household_profile", "employment_contributions")
    with Night.of(county.home, NIGHT) as night:
        extracts.unlock(night.connection, b"drawn")
        night.open(*whole)
        before, opened, open_before = {name: night.rows(name) for name in whole}, set(night.opened), there(night)
        if is_left_by_an_error:
            monkeypatch.setattr(night, "_hits_sql", lambda: "select no_such_column from households")
            with pytest.raises(duckdb.BinderException):
                night.write_hits()
        else:
            night.write_household_profile()
            night.write_hits()
        night.open(*whole)
        assert {name: night.rows(name) for name in whole} == before
        assert opened <= night.opened
        assert {
            name for name in there(night) - open_before if name.startswith(("profile", "judged", "settings_of"))
        } == set()
