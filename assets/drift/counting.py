"""Counting what stands in the columns of each extract: codes, bands of money and blanks, in one scan an extract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb

from assets.home import Home
from expectations.contract import Contract, contracts
from expectations.kinds import CODE, MONEY, YES_NO

_TOWNS = """
    create or replace temp table towns_of_persons as
    select p.person_key, left(any_value(h.area12), 9) as town
    from persons p
    join households h using (household_id)
    group by p.person_key
"""


def open_feed_counts(home: Home, night: date, connection: duckdb.DuckDBPyConnection) -> None:
    """The view `feed_counts`: a row an extract, town, delivered month, column and bin (null: blank), with its rows.

    Rows as the files of their own month told them, so that a past month looks the same on every later night; the town
    is that of the person tonight, and null where nobody knows it.
    """
    connection.execute(_TOWNS)
    parts = " union all ".join(_counted(contract) for contract in contracts().values())
    connection.execute(f"create or replace temp view feed_counts as {parts}")


def _counted(contract: Contract) -> str:
    """Rows that are alike in every column are counted first; then the columns of such a group stand below each other,
    so that one count a bin does: a hundred aggregates cost far more, and so does every row below itself.
    """
    bins = dict(_bins(contract))
    town, homes = "null::varchar", ""
    if contract.has_person:
        town, homes = "t.town", "left join towns_of_persons t using (person_key)"
    kept = "months_kept()" if contract.months_apart == 1 else "seasons_kept()"
    places = range(1, len(bins) + 1)
    told = ", ".join(f"{bin} as bin{place}" for place, bin in zip(places, bins.values(), strict=True))
    alike = (
        f"select d.area6, {town} as town, months_back(d.period_from) as back, "
        f"{told}, count(*) as alike "
        f"from {contract.extract}_received r join deliveries d using (delivery_no) {homes} "
        f"where d.is_in_force and months_back(d.period_from) between 1 and {kept} group by all"
    )
    return (
        f"select '{contract.extract}' as extract, area6, town, back, {list(bins)!r}[place] as column_name, bin, rows "
        "from (select area6, town, back, place, bin, sum(alike)::bigint as rows from ("
        f"select area6, town, back, alike, unnest(range(1, {len(bins) + 1})) as place, "
        f"unnest([{', '.join(f'bin{place}' for place in places)}]) as bin from ({alike})) group by all)"
    )


def _bins(contract: Contract) -> Iterator[tuple[str, str]]:
    """The bin that a row is in, by column. Bands of money go by powers of two of yuan; a bin is never a value."""
    for column in contract.columns:
        name = f"r.{column.stored_name}"
        if column.is_private:
            continue
        if column.kind is CODE or column.kind is YES_NO:
            yield column.name, f"{name}::varchar"
        elif column.kind is MONEY:
            band = f"length(bin({name} // 100))::varchar"
            yield column.name, f"case when {name} < 0 then '-' when {name} < 100 then '0' else {band} end"
        elif not column.is_required:
            yield column.name, f"case when {name} is not null then 'told' end"
