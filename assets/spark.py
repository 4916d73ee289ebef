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
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from py4j.protocol import Py4JJavaError
from pyspark import RDD, SparkConf, SparkContext

from assets.failing import kind_and_place
from assets.home import Home, Refusal, folder_whole
from assets.night import Night
from assets.opening import fact_extracts
from assets.rules import catalogue

ROUNDS = 4
"""How many tasks a core gets to place facts: few, because each opens the ledger; several, so that none waits long."""
_STAY_HERE = {
    "LOWINCOME_SPARK", "LOWINCOME_HOME", "LOWINCOME_KEY_FILE", "LOWINCOME_PASSWORD_FILE", "LOWINCOME_BUCKETS",
}  # fmt: skip
_FIXED = {
    "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR",
    "spark.shuffle.compress": "false",  # what is shuffled are Parquet files
}  # fmt: skip

Part = tuple[str, tuple[str, ...]]
"""An extract and some counties, which can be read on their own; the members of households are one part, of none."""
Parcel = tuple[int, tuple[str, bytes]]
"""A bucket, and a Parquet file of rows of one extract for it."""


@dataclass(frozen=True)
class Spark:
    """The scheduler behind `LOWINCOME_SPARK`; `master` as Spark writes it."""

    master: str

    def place_facts(self, night: Night, folder: Path) -> int:
        context, buckets = connected(self.master), night.buckets()
        parts = list(_parts(night, context.defaultParallelism))
        hands = min(len(parts), ROUNDS * context.defaultParallelism)
        at = {bucket: place for place, bucket in enumerate(buckets)}
        with _tasks(night, folder) as tasks:
            given = context.parallelize([parts[hand::hands] for hand in range(hands)], hands)
            parcels = given.flatMap(partial(tasks.parcels, buckets)).partitionBy(len(buckets), at.__getitem__)
            return sum(_done(parcels.mapPartitions(tasks.place)))

    def work_out(self, night: Night, name: str, folder: Path) -> None:
        buckets = night.buckets()
        with _tasks(night, folder) as tasks:
            _done(connected(self.master).parallelize(buckets, len(buckets)).map(partial(tasks.work_out, name)))


def _parts(night: Night, at_once: int) -> Iterator[Part]:
    """Every extract cut by county into as many parts as can be read at once, and the members."""
    night.open("deliveries")
    yield "household_members", ()
    rows = night.connection.execute(
        "select extract, list(distinct area6 order by area6) from deliveries where is_in_force group by 1 order by 1"
    )
    for extract, counties in rows.fetchall():
        if extract in fact_extracts():
            groups = min(at_once, len(counties))
            yield from ((extract, tuple(counties[group::groups])) for group in range(groups))


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
def failing_safely() -> Iterator[None]:
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

    def parcels(self, buckets: Sequence[int], parts: Sequence[Part]) -> Iterator[Parcel]:
        """What is in force of some parts, each row beside its household, in a file a bucket."""
        with self._night() as night:
            night.open("deliveries")
            night.connection.execute("alter table deliveries rename to all_deliveries")
            for name, counties in parts:
                night.connection.execute("set variable counties = $1::varchar[]", [counties])
                night.connection.execute(
                    "create or replace temp view deliveries as "
                    "from all_deliveries where list_contains(getvariable('counties'), area6)"
                )
                with TemporaryDirectory(dir=self.unended) as folder:
                    night.place(name, Path(folder), buckets)
                    for path in Path(folder).glob("bucket=*/*.parquet"):
                        yield int(path.parent.name.partition("=")[2]), (name, path.read_bytes())

    def place(self, parcels: Iterable[Parcel]) -> Iterator[int]:
        """All parcels of some buckets into a folder a bucket and extract. Tells how many facts are in each."""
        Home.at(self.root)  # and with it the umask
        found: dict[tuple[int, str], list[bytes]] = defaultdict(list)
        for bucket, (name, parcel) in parcels:
            found[bucket, name].append(parcel)
        for (bucket, name), these in found.items():
            final = self.folder / name / f"bucket={bucket}"
            with failing_safely(), folder_whole(final, self._unended()) as folder:
                for place, parcel in enumerate(these):
                    (folder / f"part-{place}.parquet").write_bytes(parcel)
            if name != "household_members":
                yield sum(pq.read_metadata(pa.BufferReader(parcel)).num_rows for parcel in these)

    def work_out(self, name: str, bucket: int) -> None:
        final = self.folder / f"bucket={bucket}"
        with self._night() as night, folder_whole(final, self._unended()) as folder:
            night.work_out(name, {bucket: folder})

    @contextmanager
    def _night(self) -> Iterator[Night]:
        rules = catalogue.read_from(self.rules) if self.rules else nullcontext()
        with failing_safely(), rules, Night.of(Home.at(self.root), self.as_of, spill=self._unended()) as night:
            yield night

    def _unended(self) -> Path:
        return self.unended / uuid4().hex
