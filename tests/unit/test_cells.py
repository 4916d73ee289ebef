"""The cells of a column, looked at once each, are those that would be looked at one by one."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from assets.lists.cells import safe_cell, safe_cells


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (pa.string(), ["=1+1", None, "平", "=1+1", "11010119900307721X 来过", ""]),
        (pa.float64(), [0.25, None, 1.0, 0.33333333, 0.25]),
        (pa.int64(), [3, None, -3, 3]),
        (pa.decimal128(38, 2), [Decimal("1.50"), None, Decimal("-1.50")]),
        (pa.date32(), [date(2026, 1, 22), None]),
        (pa.string(), []),
    ],
)
def test_a_column_is_its_cells(kind, values):
    column = pa.chunked_array([pa.array(values[:2], kind), pa.array(values[2:], kind)])
    assert safe_cells(column).to_pylist() == [safe_cell(value) for value in values]
