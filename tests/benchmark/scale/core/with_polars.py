"""polars: the core job as a lazy query on its streaming engine, as its guide says.

python with_polars.py COUNTY OUT
"""

from __future__ import annotations

import sys
from datetime import date

import polars as pl

NOW, YEAR, BEFORE = date(2025, 10, 1), date(2025, 1, 1), date(2024, 10, 1)


def main(county: str, out: str) -> None:
    month, amount = pl.col("month"), pl.col("amount")
    now_sum, now_months = pl.col("income_now_sum"), pl.col("income_now_months")
    before, oop = pl.col("income_before_doubled"), pl.col("oop_year")
    year_sum, year_months = pl.col("income_year_sum"), pl.col("income_year_months")

    income = (
        pl.scan_parquet(f"{county}/income/*.parquet")
        .filter(month >= BEFORE)
        .group_by("household_id", "month")
        .agg(amount.sum(), amount.null_count().alias("unknown"))
        .filter(pl.col("unknown") == 0)
        .group_by("household_id")
        .agg(
            amount.filter(month >= NOW).sum().alias("income_now_sum"),
            amount.filter(month >= NOW).count().cast(pl.Int64).alias("income_now_months"),
            (2 * amount.filter(month < NOW).median()).cast(pl.Int64).alias("income_before_doubled"),
            amount.filter(month >= YEAR).sum().alias("income_year_sum"),
            amount.filter(month >= YEAR).count().cast(pl.Int64).alias("income_year_months"),
        )
    )
    borne = pl.col("total") - pl.col("fund_total") - pl.col("hospital_borne").fill_null(0)
    costs = (
        pl.scan_parquet(f"{county}/settlements/*.parquet")
        .filter(pl.col("settled_at") >= YEAR)
        .group_by("household_id")
        .agg(pl.when("is_refund").then(-borne).otherwise(borne).sum().alias("oop_year"))
    )
    figures = (
        pl.scan_parquet(f"{county}/households.parquet")
        .select("household_id")
        .join(income, on="household_id", how="left")
        .join(costs, on="household_id", how="left")
        .with_columns(pl.exclude("household_id", "income_before_doubled").fill_null(0))
        .with_columns(
            ((now_months > 0) & (before > 0) & (8 * now_sum <= 3 * before * now_months))
            .fill_null(False)
            .alias("has_fallen"),
            ((year_months > 0) & (oop > 0) & (5 * oop * year_months >= 24 * year_sum)).alias("is_burdened"),
        )
    )
    figures.collect(engine="streaming").write_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
