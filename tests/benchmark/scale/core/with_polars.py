"""polars: the core job as a lazy query on its streaming engine, as its guide says.

python with_polars.py COUNTY OUT
"""

from __future__ import annotations

import sys
from datetime import date

import polars as pl

YEAR, BEFORE = date(2025, 1, 1), date(2024, 10, 1)
MONTHS = [date(2024 + (9 + k) // 12, (9 + k) % 12 + 1, 1) for k in range(15)]  # the oldest first
NAMES = [f"m{k}" for k in range(15)]


def main(county: str, out: str) -> None:
    month, amount = pl.col("month"), pl.col("amount")
    now_sum, now_months = pl.col("income_now_sum"), pl.col("income_now_months")
    before, oop = pl.col("income_before_doubled"), pl.col("oop_year")
    year_sum, year_months = pl.col("income_year_sum"), pl.col("income_year_months")

    of_month = {f"m{k}": amount.filter(month == MONTHS[k]) for k in range(len(MONTHS))}
    income = (
        pl.scan_parquet(f"{county}/income/*.parquet")
        .filter(month >= BEFORE)
        .group_by("household_id")
        .agg(
            *(amounts.sum().alias(name) for name, amounts in of_month.items()),
            *(amounts.null_count().alias(f"unknown_{name}") for name, amounts in of_month.items()),
            *(amounts.len().alias(f"rows_{name}") for name, amounts in of_month.items()),
        )
        .select(
            "household_id",
            *(
                pl.when(pl.col(f"unknown_{name}") == 0, pl.col(f"rows_{name}") > 0).then(pl.col(name)).alias(name)
                for name in of_month
            ),
        )
        .select(
            "household_id",
            pl.sum_horizontal(NAMES[12:]).alias("income_now_sum"),
            pl.sum_horizontal(pl.col(NAMES[12:]).is_not_null().cast(pl.Int64)).alias("income_now_months"),
            (2 * pl.concat_list(NAMES[:12]).list.median()).cast(pl.Int64).alias("income_before_doubled"),
            pl.sum_horizontal(NAMES[3:]).alias("income_year_sum"),
            pl.sum_horizontal(pl.col(NAMES[3:]).is_not_null().cast(pl.Int64)).alias("income_year_months"),
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
