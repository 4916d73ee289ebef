"""Rows made from a contract's declaration alone keep that contract, whichever it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from inboxes import take_in

from assets.home import Home
from expectations.contract import Contract, contracts
from pipelines.sample import declared, feeds
from pipelines.sample.delivering import delivery, write
from pipelines.sample.happenings import lived
from pipelines.sample.life import Life
from pipelines.sample.people import settle

NIGHT = date(2026, 2, 10)


@pytest.fixture(scope="module")
def life() -> Life:
    return lived(settle(150, 7, date(2026, 1, 21)))


@pytest.fixture
def unsimulated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "FEEDS", {})


@pytest.mark.usefixtures("unsimulated")
def test_declared_rows_are_taken_in_whole(life: Life, tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    made = dict.fromkeys(contracts(), 0)
    for contract in contracts().values():
        for file in feeds.feed_of(contract)(life):
            one = delivery(contract.extract, file.period, file.ago, file.table)
            made[contract.extract] += one.length
            write(home.inbox, one)
    assert all(made.values())
    receipts = take_in(home, NIGHT)
    assert {r.state for r in receipts} == {"taken"}
    assert {r.extract: sum(x.records for x in receipts if x.extract == r.extract) for r in receipts} == made
    assert rejected(home) == []


def rejected(home: Home) -> list[str]:
    import pyarrow.parquet as pq

    found = []
    for path in sorted(home.root.glob("rejects/*/*/rejects.parquet")):
        for row in pq.read_table(path).to_pylist():
            if row["outcome"] == "rejected":
                found.append(f"{path.parts[-3]} {row['column_name']} {row['code']}")
    return sorted(set(found))


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda c: c.extract)
def test_keys_of_declared_rows_are_single(life: Life, contract: Contract) -> None:
    table = declared.table(contract, life, life.county.t - 1, "2025S2")
    keys = list(zip(*(table[column.name] for column in contract.keys), strict=True))
    assert len(set(keys)) == len(keys) > 0
