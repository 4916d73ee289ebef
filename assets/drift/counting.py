"""Counting what stands in the columns of each extract: codes, bands of money and blanks, in one scan an extract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb

from assets.home import Home
from expectations.contract import Column, Contract, contracts
from expectations.kinds import CODE, MONEY, YES_NO

_TOWNS = """
    create or replace temp table towns_of_persons as
    select p.person_key, left(any_value(h.area12), 9) as town
    from persons p
    join households h using (household_id)
    group by p.person_key
"""
_NOTHING = (
    "select null::varchar as extract, null::varchar as area6, null::varchar as town, null::bigint as back, "
    "null::varchar as column_name, null::varchar as measure, null::map(varchar, ubigint) as bins where false"
)


def open_feed_counts(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    """The view `feed_counts`: a row an extract, town, delivered month and measure, with the rows of each bin.

    Rows as the files of their own month told them, so that a past month looks the same on every later night; the town
    is that of the person tonight, and null where nobody knows it.
    """
    connection.execute(_TOWNS)
    parts = [_NOTHING, *(_counted(contract) for contract in contracts().values())]
    connection.execute(f"create or replace temp view feed_counts as {' union all '.join(parts)}")


def _counted(contract: Contract) -> str:
    measures = ", ".join(
        f"{{'column_name': '{name}', 'measure': '{measure}', 'bins': histogram({bin_of})}}"
        for column in contract.columns
        for name, measure, bin_of in _measures(column)
    )
    town, homes = "null::varchar", ""
    if contract.has_person:
        town, homes = "t.town", "left join towns_of_persons t using (person_key)"
    return (
        f"select '{contract.extract}' as extract, area6, town, back, m.column_name, m.measure, m.bins "
        "from (select area6, town, back, unnest(measures) as m from ("
        f"select d.area6, {town} as town, months_back(d.period_from) as back, [{measures}] as measures "
        f"from {contract.extract}_received r join deliveries d using (delivery_no) {homes} "
        "where d.is_in_force and months_back(d.period_from) between 1 and months_kept() group by all))"
    )


def _measures(column: Column) -> Iterator[tuple[str, str, str]]:
    """(column, measure, the bin of a row). Bands of money go by powers of two of yuan; a bin is never a value."""
    if column.is_private:
        return
    name = column.stored_name
    if column.kind is CODE or column.kind is YES_NO:
        yield column.name, "code", f"r.{name}::varchar"
    if column.kind is MONEY:
        yield (
            column.name,
            "band",
            f"case when r.{name} < 0 then '-' when r.{name} < 100 then '0' "
            f"when r.{name} is not null then length(bin(r.{name} // 100))::varchar end",
        )
    if not column.is_required:
        yield column.name, "blank", f"case when r.{name} is null then 'blank' else 'told' end"
