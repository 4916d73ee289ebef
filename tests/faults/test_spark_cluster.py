"""A whole night on a real Spark cluster, master and two workers on loopback: one is killed in mid-run, nothing is lost."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bucketed import differing_tables, tables
from homes import NIGHT, command, copy_of, differing, environment, published
from processes import tree

from assets.home import Home

pytest.importorskip("pyspark")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(shutil.which("java") is None, reason="Spark wants Java 17")]

LOOPBACK = "127.0.0.1"
PATIENCE = 1200


@dataclass
class Cluster:
    folder: Path
    stack: ExitStack
    master: str = ""
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """One of Spark's own daemons, whose log is `<name>.log`."""
        from pyspark.find_spark_home import _find_spark_home

        log = self.stack.enter_context((self.folder / f"{name}.log").open("wb"))
        process = subprocess.Popen(
            [f"{_find_spark_home()}/bin/spark-class", f"org.apache.spark.deploy.{arguments[0]}", "--host", LOOPBACK,
             "--webui-port", "0", *arguments[1:]],
            env=environment(SPARK_LOCAL_IP=LOOPBACK), stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        self.stack.callback(kill, process)
        return process

    def says(self, name: str, words: str) -> str:
        """The rest of the line of a log in which the words stand, as soon as they do."""
        log = self.folder / f"{name}.log"
        waited_for(lambda: words in log.read_text(encoding="utf-8"))
        return log.read_text(encoding="utf-8").partition(words)[2].split()[0]


def waited_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.02)


def kill(process: subprocess.Popen[bytes]) -> None:
    """A daemon and all that it has started, as when its machine loses power."""
    for pid in list(tree(process.pid)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with ExitStack() as stack:
        (tmp_path / "cluster").mkdir()
        found = Cluster(tmp_path / "cluster", stack)
        found.start("master", "master.Master", "--port", "0")
        found.master = found.says("master", "Starting Spark master at ")
        for name in ("one", "two"):
            found.workers.append(
                found.start(
                    name,
                    "worker.Worker",
                    "--cores",
                    "1",
                    "--memory",
                    "1g",
                    "--work-dir",
                    f"{found.folder}/{name}",
                    found.master,
                )
            )
            found.says(name, "Successfully registered with master")
        yield found


@pytest.mark.parametrize("step", ["facts", "household_profile"])
def test_a_night_outlives_a_worker(county: Home, cluster: Cluster, tmp_path: Path, step: str) -> None:
    plain, home = copy_of(county, tmp_path / "plain"), copy_of(county, tmp_path / "home")
    subprocess.run(
        command("run", "--as-of", NIGHT),
        env=environment(plain, LOWINCOME_BUCKETS="16"),
        check=True,
        capture_output=True,
    )
    with subprocess.Popen(
        command("run", "--as-of", NIGHT), text=True, stderr=subprocess.PIPE,
        env=environment(home, LOWINCOME_BUCKETS="16", LOWINCOME_SPARK=cluster.master, SPARK_LOCAL_IP=LOOPBACK),
    ) as run:  # fmt: skip
        unended = home.root / "lake" / step / f".{NIGHT}.part"
        ended = "*/bucket=*/*.parquet" if step == "facts" else "bucket=*/*.parquet"
        waited_for(lambda: run.poll() is not None or len(list(unended.glob(ended))) >= 3)
        assert run.poll() is None and not home.table(step, NIGHT).exists(), "it had ended before anybody was killed"
        kill(cluster.workers[0])
        said = run.communicate(timeout=PATIENCE)[1]
    assert run.returncode == 0, said[-2000:]
    one, other = tables(plain, NIGHT, tmp_path / "one"), tables(home, NIGHT, tmp_path / "other")
    assert one.keys() == other.keys() and not differing_tables(one, other)
    assert not differing(published(plain, NIGHT), published(home, NIGHT))
    assert not [path.name for path in home.root.rglob("*") if stat.S_IMODE(path.lstat().st_mode) & 0o077]
