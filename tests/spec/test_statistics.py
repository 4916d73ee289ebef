"""Hidden counts: what the statistics show of drawn towns, and that linear programming finds none of what they hide."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.engine import MACROS
from assets.tables import sql_tables
from tests.disclosure import Cell, rooms
from tests.drawn import drawn

COUNTY = "990402"


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("set variable as_of = date '2026-01-21'")
        opened.execute(MACROS.read_text(encoding="utf-8"))
        opened.execute("create table areas (code varchar, name varchar)")
        yield opened


def told(
    connection: duckdb.DuckDBPyConnection, families: list[tuple[int, int, tuple[str, ...]]]
) -> dict[Cell, int | None]:
    """The cells of the list for families of (town, level, dimensions); None where one is hidden."""
    connection.execute(
        "create or replace table cases (area6 varchar, area12 varchar, state varchar, level integer, dimensions varchar[])"
    )
    rows = [[COUNTY, f"{COUNTY}{town:03}001", "handed_out", level, list(dims)] for town, level, dims in families]
    connection.executemany("insert into cases values ($1, $2, $3, $4, $5)", rows)
    connection.execute(f"insert into cases values ('{COUNTY}', '{COUNTY}001001', 'snoozed', 3, ['income'])")
    found = connection.execute(
        f"select town, measure, item, families, is_hidden from ({sql_tables('lists')['statistics'].sql})"
    ).fetchall()
    assert all((families == "…") == is_hidden for *_, families, is_hidden in found)
    return {(town, measure, item): None if is_hidden else int(shown) for town, measure, item, shown, is_hidden in found}


def true(families: list[tuple[int, int, tuple[str, ...]]]) -> dict[Cell, int]:
    items = [
        ("all", "all"),
        *(("level", n) for n in "123"),
        *(("dimension", d) for d in {d for *_, ds in families for d in ds}),
    ]
    counts = {
        (place, *item): 0 for place in {COUNTY, *(f"{COUNTY}{number:03}" for number, *_ in families)} for item in items
    }
    for number, level, dims in families:
        for place in (COUNTY, f"{COUNTY}{number:03}"):
            for item in (("all", "all"), ("level", str(level)), *(("dimension", d) for d in dims)):
                counts[place, *item] += 1
    return counts


def families_of(table: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """Drawn towns: a number of families by level, each of one dimension."""
    return [
        (int(row["town"]), level, ("income",))
        for row in drawn(table)
        for level, name in ((3, "red"), (2, "orange"), (1, "yellow"))
        for _ in range(int(row[name]))
    ]


@pytest.mark.parametrize(("towns", "shown"), [
    ("""
     town | red | orange | yellow
     1    | 7   | 12     | 30
     2    | 9   | 5      | 6
     """,
     """
     town | red | orange | yellow | all
     1    | 7   | 12     | 30     | 49
     2    | 9   | 5      | 6      | 20
     """),
    ("""
     town | red | orange | yellow
     1    | 3   | 12     | 30
     2    | 9   | 5      | 6
     3    | 9   | 9      | 9
     """,
     """
     town | red | orange | yellow | all
     1    | …   | …      | 30     | 45
     2    | …   | …      | 6      | 20
     3    | 9   | 9      | 9      | 27
     """),
    ("""
     town | red | orange | yellow
     1    | 3   | 12     | 0
     2    | 9   | 2      | 6
     3    | 9   | 9      | 9
     """,
     """
     town | red | orange | yellow | all
     1    | …   | …      | …      | 15
     2    | …   | …      | …      | 17
     3    | 9   | 9      | 9      | 27
     """),
    ("""
     town | red | orange | yellow
     1    | 1   | 2      | 1
     2    | 5   | 5      | 6
     3    | 9   | 9      | 9
     """,
     """
     town | red | orange | yellow | all
     1    | …   | …      | …      | …
     2    | …   | …      | …      | …
     3    | 9   | 9      | 9      | 27
     """),
])  # fmt: skip
def test_no_cell_is_hidden_alone(connection: duckdb.DuckDBPyConnection, towns: str, shown: str) -> None:
    cells = told(connection, families_of(towns))
    keys = {"red": ("level", "3"), "orange": ("level", "2"), "yellow": ("level", "1"), "all": ("all", "all")}
    for row in drawn(shown):
        place = f"{COUNTY}{int(row['town']):03}"
        assert {name: "…" if (v := cells[place, *key]) is None else str(v) for name, key in keys.items()} == {
            name: row[name] for name in keys
        }


def test_a_sum_that_is_small_itself_is_hidden(connection: duckdb.DuckDBPyConnection) -> None:
    cells = told(connection, families_of("town | red | orange | yellow\n 1 | 1 | 8 | 20\n 2 | 2 | 6 | 11"))
    assert [cells[COUNTY, "level", level] for level in "321"] == [None, None, 31]
    assert cells[COUNTY, "all", "all"] == 48


family = st.tuples(
    st.sampled_from([1, 1, 1, 2, 2, 3, 4, 5]),
    st.sampled_from([1, 1, 1, 2, 2, 3]),
    st.sets(st.sampled_from(["income", "income", "medical", "rigid", "family"]), min_size=1, max_size=3).map(
        lambda dims: tuple(sorted(dims))
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(family, min_size=1, max_size=70))
def test_no_small_count_can_be_worked_out(
    connection: duckdb.DuckDBPyConnection, families: list[tuple[int, int, tuple[str, ...]]]
) -> None:
    cells, counts = told(connection, families), true(families)
    assert cells.keys() == counts.keys()
    assert not [cell for cell, value in cells.items() if value is not None and value != counts[cell]]
    assert not [cell for cell, value in cells.items() if value is not None and 0 < value < 5]
    small = [cell for cell, value in counts.items() if 0 < value < 5]
    assert not [room for room in rooms(COUNTY, cells, small) if room < 0.99]


def test_much_is_shown(connection: duckdb.DuckDBPyConnection) -> None:
    """A list that hides everything would pass the test above."""
    draw = np.random.default_rng(5)
    families = [
        (int(draw.integers(1, 13)), int(draw.choice([1, 1, 1, 2, 2, 3])), (str(draw.choice(["income", "medical"])),))
        for _ in range(900)
    ]
    cells = told(connection, families)
    assert sum(value is not None for value in cells.values()) > 0.9 * len(cells)
