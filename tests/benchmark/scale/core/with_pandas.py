"""pandas: the core job as its guide to large data says: only the columns and rows that are asked for, nothing row by row.

python with_pandas.py COUNTY OUT
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pandas as pd

NOW, YEAR, BEFORE = date(2025, 10, 1), date(2025, 1, 1), date(2024, 10, 1)


def main(county: Path, out: str) -> None:
    households = pd.read_parquet(county / "households.parquet", columns=["household_id"])
    income = pd.read_parquet(
        county / "income",
        columns=["household_id", "month", "amount"],
        filters=[("month", ">=", BEFORE)],
        dtype_backend="pyarrow",
    )
    settlements = pd.read_parquet(
        county / "settlements",
        columns=["household_id", "is_refund", "total", "fund_total", "hospital_borne"],
        filters=[("settled_at", ">=", YEAR)],
        dtype_backend="pyarrow",
    )

    monthly = income.groupby(["household_id", "month"], sort=False)["amount"].agg(["sum", "count", "size"])
    known = monthly.loc[monthly["count"] == monthly["size"], "sum"].rename("amount").reset_index()
    is_now = known["month"] >= NOW
    now = known[is_now].groupby("household_id")["amount"].agg(["sum", "count"])
    before = known[~is_now].groupby("household_id")["amount"].median()
    year = known[known["month"] >= YEAR].groupby("household_id")["amount"].agg(["sum", "count"])

    oop = settlements["total"] - settlements["fund_total"] - settlements["hospital_borne"].fillna(0)
    oop = oop.where(~settlements["is_refund"], -oop)
    costs = oop.groupby(settlements["household_id"]).sum()

    figures = pd.DataFrame(index=households["household_id"])
    figures["income_now_sum"] = now["sum"]
    figures["income_now_months"] = now["count"]
    figures["income_before_doubled"] = (2 * before).astype("Int64")
    figures["income_year_sum"] = year["sum"]
    figures["income_year_months"] = year["count"]
    figures["oop_year"] = costs
    whole = [column for column in figures if column != "income_before_doubled"]
    figures[whole] = figures[whole].fillna(0).astype("int64")
    earlier = figures["income_before_doubled"].fillna(0).astype("int64")
    figures["has_fallen"] = (
        (figures["income_now_months"] > 0)
        & (earlier > 0)
        & (8 * figures["income_now_sum"] <= 3 * earlier * figures["income_now_months"])
    )
    figures["is_burdened"] = (
        (figures["income_year_months"] > 0)
        & (figures["oop_year"] > 0)
        & (5 * figures["oop_year"] * figures["income_year_months"] >= 24 * figures["income_year_sum"])
    )
    figures.reset_index().to_parquet(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
