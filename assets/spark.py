"""Apache Spark as the scheduler of household buckets: it shuffles the facts to them and runs each as a task.

A task opens an in-memory DuckDB over the shared home and runs the very same SQL files. Spark decides where it runs, and
runs it again where a machine is lost; what a task writes takes its name in one step, so that the last to end stands.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
from py4j.protocol import Py4JJavaError
from pyspark import RDD, SparkConf, SparkContext

from assets.failing import kind_and_place
from assets.home import Home, Refusal, sync
from assets.night import Night
from assets.opening import fact_extracts
from assets.rules import catalogue

ROWS_A_PARCEL = 500_000
"""Facts that are sorted by bucket at once. What goes to one bucket of them is one parcel of the shuffle."""
ROUNDS = 4
"""How many tasks a core gets to place facts: few, because each opens the ledger; several, so that none waits long."""
_STAY_HERE = {
    "LOWINCOME_SPARK", "LOWINCOME_HOME", "LOWINCOME_KEY_FILE", "LOWINCOME_PASSWORD_FILE", "LOWINCOME_BUCKETS",
}  # fmt: skip
_FIXED = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}

Part = tuple[str, str]
"""An extract and a county, which can be read on their own. The members of households are one part, of no county."""
Parcel = tuple[int, tuple[str, bytes]]
"""A bucket, and rows of one extract for it as an Arrow stream."""


@dataclass(frozen=True)
class Spark:
    """The scheduler behind `LOWINCOME_SPARK`; `master` as Spark writes it."""

    master: str

    def place_facts(self, night: Night, folder: Path) -> int:
        night.open("deliveries")
        rows = night.connection.execute("select distinct extract, area6 from deliveries where is_in_force order by all")
        parts = [part for part in rows.fetchall() if part[0] in fact_extracts()] + [("household_members", "")]
        buckets = night.buckets()
        context = connected(self.master)
        hands = min(len(parts), ROUNDS * context.defaultParallelism)
        with _tasks(night, folder) as tasks:
            parcels = context.parallelize([parts[hand::hands] for hand in range(hands)], hands).flatMap(tasks.parcels)
            at = {bucket: place for place, bucket in enumerate(buckets)}
            placed = parcels.partitionBy(len(buckets), at.__getitem__).mapPartitions(tasks.place)
            return sum(_done(placed))

    def work_out(self, night: Night, name: str, folder: Path) -> None:
        buckets = night.buckets()
        with _tasks(night, folder) as tasks:
            _done(connected(self.master).parallelize(buckets, len(buckets)).map(partial(tasks.work_out, name)))


def connected(master: str) -> SparkContext:
    """The one Spark application of this process. It ends with the process.

    Settings of the cluster stand where Spark looks for them: `spark-defaults.conf` in `SPARK_CONF_DIR`.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    settings = {"LOWINCOME_THREADS": "1"} | {k: v for k, v in os.environ.items() if k.startswith("LOWINCOME_")}
    conf = SparkConf().setMaster(master).setAppName("lowincome").setAll(list(_FIXED.items()))
    conf.setAll([(f"spark.executorEnv.{name}", value) for name, value in settings.items() if name not in _STAY_HERE])
    return SparkContext.getOrCreate(conf)


@contextmanager
def _tasks(night: Night, folder: Path) -> Iterator[Tasks]:
    """What tasks need to know, and a folder for what they have not ended, which goes when all are done.

    A task that Spark has given up, and that still runs, loses its file with it and can leave nothing behind.
    """
    tasks = Tasks(night.home.root, night.as_of, catalogue.of_another_time(), folder, folder / f".{uuid4().hex}")
    tasks.unended.mkdir()
    yield tasks
    shutil.rmtree(tasks.unended, ignore_errors=True)


def _done(rdd: RDD[Any]) -> list[Any]:
    """What all tasks return. Raises `Refusal` where Spark gave up, with the kind and the place of the failure alone."""
    try:
        return list(rdd.collect())
    except Py4JJavaError as error:
        told = re.search(r"TaskFailed: (.+)", str(error.java_exception))
        raise Refusal(f"Spark gave up: {told[1] if told else 'no task told why, its own log does'}") from None


class TaskFailed(Exception):
    """A task failed; its text is what may be told, because Spark writes it into logs."""


@contextmanager
def _failing_safely() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        raise TaskFailed(str(refusal)) from None
    except Exception as error:
        raise TaskFailed(kind_and_place(error)) from None


@dataclass(frozen=True)
class Tasks:
    """What one table's tasks do, wherever they run."""

    root: Path
    as_of: date
    rules: Path | None
    folder: Path
    unended: Path

    def parcels(self, parts: Sequence[Part]) -> Iterator[Parcel]:
        """What is in force of some parts, each row beside its household, packed by bucket."""
        with self._night() as night:
            night.open("households", "household_members", *fact_extracts())
            night.connection.execute("alter table deliveries rename to all_deliveries")
            for extract, area6 in parts:
                night.connection.execute("set variable area6 = $1", [area6])
                night.connection.execute(
                    "create or replace temp view deliveries as from all_deliveries where area6 = getvariable('area6')"
                )
                for rows in night.connection.sql(night.facts_sql(extract)).to_arrow_reader(ROWS_A_PARCEL):
                    for bucket, parcel in _packed(rows):
                        yield bucket, (extract, parcel)

    def place(self, parcels: Iterable[Parcel]) -> Iterator[int]:
        """All parcels of some buckets into one file a bucket and extract. Tells how many facts were in each."""
        found: dict[tuple[int, str], list[bytes]] = defaultdict(list)
        for bucket, (extract, parcel) in parcels:
            found[bucket, extract].append(parcel)
        with self._night() as night:
            for (bucket, name), these in found.items():
                night.connection.register("parcels", _unpacked(these))
                (self.folder / name / f"bucket={bucket}").mkdir(exist_ok=True)
                with self._ended(self.folder / name / f"bucket={bucket}" / "part.parquet") as path:
                    rows = night.copy("from parcels", path)
                yield rows if name != "household_members" else 0

    def work_out(self, name: str, bucket: int) -> None:
        with self._night() as night, self._ended(self.folder / f"bucket={bucket}" / "part.parquet") as path:
            night.work_out(name, [bucket], lambda bucket: path)

    @contextmanager
    def _night(self) -> Iterator[Night]:
        spill = self.unended / f"spill-{uuid4().hex}"
        rules = catalogue.read_from(self.rules) if self.rules else nullcontext()
        with _failing_safely(), rules, Night.of(Home(self.root), self.as_of, spill=spill) as night:
            yield night

    @contextmanager
    def _ended(self, final: Path) -> Iterator[Path]:
        """A path to write to; the file takes its name when it is whole and on disk."""
        path = self.unended / uuid4().hex
        yield path
        sync(path)
        path.replace(final)


def _packed(rows: pa.RecordBatch) -> Iterator[tuple[int, bytes]]:
    """The rows of each bucket as an Arrow stream, without the bucket's number."""
    rows = rows.sort_by("bucket")
    start = 0
    for bucket, count in zip(*rows["bucket"].value_counts().flatten(), strict=True):
        sink = pa.BufferOutputStream()
        these = rows.slice(start, count.as_py()).drop_columns(["bucket"])
        with pa.ipc.new_stream(sink, these.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as stream:
            stream.write_batch(these)
        yield bucket.as_py(), sink.getvalue().to_pybytes()
        start += count.as_py()


def _unpacked(parcels: Sequence[bytes]) -> pa.RecordBatchReader:
    streams = (pa.ipc.open_stream(parcel) for parcel in parcels)
    return pa.RecordBatchReader.from_batches(
        pa.ipc.open_stream(parcels[0]).schema, (rows for stream in streams for rows in stream)
    )
