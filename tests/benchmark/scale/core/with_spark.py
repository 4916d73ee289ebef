"""PySpark local[2]: the core job in the DataFrame API with built-in functions alone, as its tuning guide says.

    python with_spark.py COUNTY OUT [TURNS]

Adaptive execution is on, as it comes; the heap is as large as the machine allows. Does the job TURNS times (2) and says what the last
cost, in CPU and wall seconds: by then the machine code of the job is compiled.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import date
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

YEAR, BEFORE = date(2025, 1, 1), date(2024, 10, 1)


def core_job(spark: SparkSession, county: str) -> DataFrame:
    amount, back, unknown = f.col("amount"), f.col("back"), f.col("unknown")
    wide = (
        spark.read.parquet(f"{county}/income")
        .where(f.col("month") >= BEFORE)
        .select("household_id", "amount", (12 * (2026 - f.year("month")) + 1 - f.month("month")).alias("back"))
        .groupBy("household_id")
        .agg(
            f.bit_or(f.when(amount.isNull(), f.expr("shiftleft(1, back)")).otherwise(0)).alias("unknown"),
            *(f.sum(f.when(back == k, amount)).alias(f"m{k}") for k in range(1, 16)),
        )
    )
    months = [f.when(unknown.bitwiseAND(1 << k) == 0, f.col(f"m{k}")) for k in range(1, 16)]
    before = f.sort_array(f.array_compact(f.array(*months[3:])))
    income = wide.select(
        "household_id",
        sum((f.coalesce(m, f.lit(0)) for m in months[:3]), f.lit(0)).cast("bigint").alias("income_now_sum"),
        sum((m.isNotNull().cast("bigint") for m in months[:3]), f.lit(0)).cast("bigint").alias("income_now_months"),
        before.alias("before"),
        sum((f.coalesce(m, f.lit(0)) for m in months[:12]), f.lit(0)).cast("bigint").alias("income_year_sum"),
        sum((m.isNotNull().cast("bigint") for m in months[:12]), f.lit(0)).cast("bigint").alias("income_year_months"),
    )
    known = f.size("before")
    half = f.floor(known / 2).cast("int")
    doubled = f.when(known > 0, f.get("before", half) + f.get("before", half - 1 + known % 2))
    income = income.withColumn("income_before_doubled", doubled).drop("before")
    borne = f.col("total") - f.col("fund_total") - f.coalesce("hospital_borne", f.lit(0))
    costs = (
        spark.read.parquet(f"{county}/settlements")
        .where(f.col("settled_at") >= YEAR)
        .groupBy("household_id")
        .agg(f.sum(f.when(f.col("is_refund"), -borne).otherwise(borne)).alias("oop_year"))
    )
    whole = ["income_now_sum", "income_now_months", "income_year_sum", "income_year_months", "oop_year"]
    return (
        spark.read.parquet(f"{county}/households.parquet")
        .select("household_id")
        .join(income, "household_id", "left")
        .join(costs, "household_id", "left")
        .fillna(0, whole)
        .withColumn(
            "has_fallen",
            f.expr(
                "coalesce(income_now_months > 0 and income_before_doubled > 0"
                " and 8 * income_now_sum <= 3 * income_before_doubled * income_now_months, false)"
            ),
        )
        .withColumn(
            "is_burdened",
            f.expr(
                "income_year_months > 0 and oop_year > 0 and 5 * oop_year * income_year_months >= 24 * income_year_sum"
            ),
        )
    )


def cpu_seconds(*pids: int) -> float:
    told = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(fields[11]) + int(fields[12]) for fields in told) / os.sysconf("SC_CLK_TCK")


def main(county: str, out: str, turns: str = "2") -> None:
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", "12g")
        .config("spark.sql.shuffle.partitions", "16")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    machine = spark.sparkContext._gateway.proc
    for _ in range(int(turns)):
        cpu, began = cpu_seconds(os.getpid(), machine.pid), time.perf_counter()
        core_job(spark, county).write.mode("overwrite").parquet(out)
        warm = {"cpu": cpu_seconds(os.getpid(), machine.pid) - cpu, "wall": time.perf_counter() - began}
    print(json.dumps(warm))
    spark.stop()
    machine.stdin.close()
    machine.wait()  # else its time would be nobody's


if __name__ == "__main__":
    main(*sys.argv[1:])
