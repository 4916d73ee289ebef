"""Who works out the household buckets of a night: its own connection, one after the other, or Apache Spark."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from assets.night import Night


class Scheduler(Protocol):
    def place_facts(self, night: Night, folder: Path) -> int:
        """Every fact into `folder/<extract>/bucket=<n>/`. Returns how many there are."""

    def work_out(self, night: Night, name: str, folder: Path) -> None:
        """Every bucket of a bucketed table into `folder/bucket=<n>/`."""


class InTurn:
    """One bucket after the other on this machine; DuckDB uses its cores."""

    def place_facts(self, night: Night, folder: Path) -> int:
        return night.place_facts(folder)

    def work_out(self, night: Night, name: str, folder: Path) -> None:
        buckets = {bucket: folder / f"bucket={bucket}" for bucket in night.buckets()}
        for place in buckets.values():
            place.mkdir()
        night.work_out(name, buckets)


def scheduler() -> Scheduler:
    """Spark where `LOWINCOME_SPARK` names its master (`local[2]`, `spark://host:7077`, `yarn`, `k8s://…`)."""
    if master := os.environ.get("LOWINCOME_SPARK"):
        from assets.spark import Spark

        return Spark(master)
    return InTurn()
