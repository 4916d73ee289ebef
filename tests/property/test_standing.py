"""What stands of rows that come again: the few corrections found by month and key leave what sorting every row leaves."""

from __future__ import annotations

from datetime import date

import duckdb
import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given, settings

from assets.extracts import stored_columns
from assets.extracts.standing import LINKED, _in_force_sql
from expectations.contract import contracts

FLOW, DELTA = contracts()["employment_contributions"], contracts()["health_settlements"]
MONTHS = [date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1)]

deliveries = st.lists(
    st.fixed_dictionaries({
        "area6": st.sampled_from(["990402", "990402", "990403"]), "period_from": st.sampled_from(MONTHS),
        "is_in_force": st.sampled_from([True, True, True, False]),
    }), min_size=2, max_size=5,
)  # fmt: skip
records = st.lists(
    st.fixed_dictionaries({
        "delivery": st.integers(0, 4), "person_key": st.integers(1, 2), "late": st.sampled_from([0, 0, 0, 1, 2]),
        "insurance": st.sampled_from(["110", "110", "110", None]), "settlement_id": st.sampled_from(["a", "b", "c"]),
        "op": st.sampled_from([None, "I", "U", "D"]), "is_linked": st.sampled_from([False, False, False, False, True]),
    }), min_size=10, max_size=30,
)  # fmt: skip


@pytest.mark.parametrize("contract", [FLOW, DELTA], ids=lambda c: c.extract)
@settings(deadline=None, max_examples=30)
@given(delivered=deliveries, drawn=records)
def test_the_last_word_on_a_key_stands(contract, delivered, drawn) -> None:  # type: ignore[no-untyped-def]
    keys = [column.stored_name for column in contract.keys]
    kept, linked = {}, []
    for number, record in enumerate(drawn, start=1):
        delivery = record["delivery"] % len(delivered)
        month = delivered[delivery]["period_from"]
        row = record | {"delivery_no": delivery + 1, "record_no": number, "employer_code": "one",
                        "pay_month": month.replace(month=month.month - record["late"])}  # fmt: skip
        if record["is_linked"] or (contract is FLOW and row["insurance"] is None):
            linked += [{"delivery_no": delivery + 1, "record_no": number, "person_key": record["person_key"]}] * record[
                "is_linked"
            ]
            kept[number] = row
        else:  # of equal keys in one file intake leaves the last
            kept[delivery, *(row[key] for key in keys)] = row
    connection = duckdb.connect()
    names = [(name, kind) for name, kind, _ in stored_columns(contract)]
    empty = ", ".join(f"null::{kind} as {name}" for name, kind in names)
    connection.execute(f"create table {contract.extract}_received as select {empty} where false")
    for row in kept.values():
        values = [row.get(name) for name, _ in names]
        connection.execute(f"insert into {contract.extract}_received values ({', '.join('?' * len(names))})", values)
    connection.register("linked", pa.Table.from_pylist(linked, LINKED))
    told = [
        {"delivery_no": place, "extract": contract.extract, "told_no": place, "in_force_from": None, "in_force_to": None} | one
        for place, one in enumerate(delivered, start=1)
    ]  # fmt: skip
    connection.register("deliveries", pa.Table.from_pylist(told))
    order = {"flow": "d.period_from desc, d.told_no desc", "delta": "d.told_no desc"}[contract.delivery]
    by_sorting = (
        f"select r.delivery_no, r.record_no, {'coalesce(op, $$I$$)' if contract is DELTA else '$$I$$'} as op "
        f"from {contract.extract}_received r join deliveries d on d.delivery_no = r.delivery_no and d.is_in_force "
        f"qualify row_number() over (partition by d.area6, {', '.join(f'r.{key}' for key in keys)} "
        f"order by {order}, record_no desc) = 1"
    )
    expected = connection.execute(f"select delivery_no, record_no from ({by_sorting}) where op <> 'D' order by all")
    expected_rows = expected.fetchall()
    found = connection.execute(
        f"select delivery_no, record_no from ({_in_force_sql(contract)}) order by all"
    ).fetchall()
    assert found == expected_rows
