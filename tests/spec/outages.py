"""A drawn-by-chance county of some hundred families, its feeds laid into a home month by month, and what can befall them.

Everybody's months are drawn from one seed; an outage alters the rows of one feed in some months and nothing else, so
that a night with it and the night without it differ by the outage alone. `back` counts months before the night's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from assets import extracts
from assets.home import Home
from assets.intake.ledger import TAKEN, Receipt
from assets.intake.names import period_bounds
from expectations.contract import contracts
from tests.spec.county import _ARROW, SHORT, STANDARDS, month

NIGHT = date(2026, 1, 21)
EVE = date(2025, 12, 21)
"""The night a month before: what came by then is received on it, December on the night."""
MONTHS = 24
TOWNS = (260, 180, 120, 60, 30)
"""Families of each town: the smallest of thirty."""

TERMS = {2: 1, 8: 2}
"""School terms by the month in which they begin, and in which their files come."""

Frames = Mapping[str, pd.DataFrame]


def town_code(town: int) -> str:
    return f"990402{town + 1:03d}"


def drawn_by_chance(seed: int, scale: int = 1) -> Frames:
    """Every feed's rows by short name, with `back` (the month), `town` and `file` (the month of the file they come in)."""
    draws = np.random.default_rng(seed)
    homes = pd.DataFrame({"town": np.repeat(np.arange(len(TOWNS)), np.array(TOWNS) * scale)})
    homes["household_no"] = [f"H{i:06d}" for i in range(len(homes))]
    homes["size"] = draws.integers(1, 5, len(homes))
    people = homes.loc[homes.index.repeat(homes["size"])].reset_index(drop=True)
    people["place"] = people.groupby("household_no").cumcount()
    people["person_key"] = np.arange(len(people)) * 7919 + 11
    kind = draws.random(len(people))
    people["works"] = (people["place"] < 2) & (kind < 0.62)
    people["retired"] = (people["place"] < 2) & (kind > 0.72)
    people["leaves"] = np.where(draws.random(len(people)) < 0.02, draws.integers(0, MONTHS, len(people)), 0)
    return {
        "members": _members(people),
        "wages": _wages(people, draws),
        "pensions": _pensions(people, draws),
        "jobless": _jobless(people, draws),
        "aid": _aid(people, draws),
        "settlements": _settlements(people, draws),
    }


def _monthly(people: pd.DataFrame) -> pd.DataFrame:
    """A row a person and month, as long as the person lives in the county."""
    every = people.merge(pd.DataFrame({"back": np.arange(MONTHS, 0, -1)}), how="cross")
    every = every[every["back"] > every["leaves"]].reset_index(drop=True)
    every["file"] = every["back"]
    return every


def _members(people: pd.DataFrame) -> pd.DataFrame:
    rows = _monthly(people)
    rows["area12"] = rows["town"].map(town_code) + "001"
    rows["relation"] = np.where(rows["place"] == 0, "02", "97")
    return rows.assign(is_coliving=True, is_supporter=False, hukou_type="1", from_month=month(60), is_unnumbered=False)


def _rise(back: pd.Series, share: float) -> pd.Series:
    """Rates rise every July: t-6 and t-18."""
    return 1 + share * ((back <= 6).astype(int) + (back <= 18).astype(int))


def _wages(people: pd.DataFrame, draws: np.random.Generator) -> pd.DataFrame:
    workers = people[people["works"]].copy()
    workers["pay"] = draws.lognormal(8.1, 0.45, len(workers))
    workers["is_steady"] = draws.random(len(workers)) < 0.8
    workers["is_late"] = draws.random(len(workers)) < 0.01
    fate, since = draws.random(len(workers)), draws.integers(1, MONTHS, len(workers))
    workers["silent_from"] = np.where(fate < 0.06, since, 0)
    workers["silent_to"] = np.where(fate < 0.03, np.maximum(since - 4, 0), 0)
    workers["unpaid_from"] = np.where((fate > 0.06) & (fate < 0.10), since, 0)
    workers["cut_from"] = np.where((fate > 0.10) & (fate < 0.16), since, 0)
    rows = _monthly(workers)
    rows = rows[~((rows["back"] <= rows["silent_from"]) & (rows["back"] > rows["silent_to"]))].reset_index(drop=True)
    pay = rows["pay"] * _rise(rows["back"], 0.04) * np.where(rows["back"] <= rows["cut_from"], 0.45, 1)
    pay *= np.where(rows["is_steady"], 1, draws.normal(1, 0.08, len(rows)).clip(0.7, 1.3))
    rows["base"] = (pay * 100).round().astype(int)
    rows["is_paid"] = rows["back"] > rows["unpaid_from"]
    rows["file"] = np.maximum(rows["back"] - rows["is_late"].astype(int), 1)
    return rows.assign(insurance="110", pay_month=rows["back"].map(month), payer="101", employer_code="one")


def _pensions(people: pd.DataFrame, draws: np.random.Generator) -> pd.DataFrame:
    retired = people[people["retired"]].copy()
    retired["pay"] = draws.lognormal(7.4, 0.6, len(retired))
    rows = _monthly(retired)
    rows["amount"] = (rows["pay"] * _rise(rows["back"], 0.02) * 100).round().astype(int)
    return rows.assign(kind="110", pay_month=rows["back"].map(month), status="1")


def _jobless(people: pd.DataFrame, draws: np.random.Generator) -> pd.DataFrame:
    """A register of those who lost their work at some time; who is on it stays on it for a year."""
    some = people[people["works"]].sample(frac=0.06, random_state=draws.integers(1 << 30)).copy()
    some["since"] = draws.integers(1, MONTHS + 12, len(some))
    rows = _monthly(some)
    rows = rows[(rows["back"] <= rows["since"]) & (rows["back"] > rows["since"] - 12)].reset_index(drop=True)
    began = rows["since"].map(month)
    return rows.assign(unemployed_on=began, registered_on=began, benefit_from=began, benefit=120_000, cause="1")


def _aid(people: pd.DataFrame, draws: np.random.Generator) -> pd.DataFrame:
    heads = people[people["place"] == 0]
    some = heads.sample(frac=0.08, random_state=draws.integers(1 << 30)).copy()
    some["since"] = draws.integers(1, 2 * MONTHS, len(some))
    rows = _monthly(some)
    rows = rows[rows["back"] <= rows["since"]].reset_index(drop=True)
    return rows.assign(aid_type="110", start_month=rows["since"].map(month), amount=60_000, result="1")


def _settlements(people: pd.DataFrame, draws: np.random.Generator) -> pd.DataFrame:
    rows = _monthly(people)
    rows = rows[draws.random(len(rows)) < 0.10].reset_index(drop=True)
    cost = (draws.lognormal(6.5, 1.3, len(rows)) * 100).round().astype(int)
    fund = (cost * draws.uniform(0.3, 0.8, len(rows))).astype(int)
    rows["settlement_id"] = rows["person_key"].astype(str) + "-" + rows["back"].astype(str)
    rows["settled_at"] = rows["back"].map(lambda back: month(back).replace(day=12))
    return rows.assign(total=cost, fund_total=fund, personal_total=cost - fund, insurance="390", is_refund=False)


# What can befall a feed ------------------------------------------------------------------------------------------

Alter = Callable[[pd.DataFrame, np.random.Generator], pd.DataFrame]


@dataclass(frozen=True)
class Outage:
    """Rows of one feed in some months, altered. `alter` gets those rows alone; None: the files never came."""

    feed: str
    alter: Alter | None
    backs: tuple[int, ...] = (1,)

    def befall(self, frames: Frames, seed: int) -> Frames:
        rows = frames[self.feed]
        struck = rows["file"].isin(self.backs)
        left = [] if self.alter is None else [self.alter(rows[struck].copy(), np.random.default_rng(seed))]
        return {**frames, self.feed: pd.concat([rows[~struck], *left], ignore_index=True)}


def town_lost(town: int) -> Alter:
    return lambda rows, draws: rows[rows["town"] != town]


def share_lost(share: float) -> Alter:
    return lambda rows, draws: rows[draws.random(len(rows)) >= share]


def cut_at(share: float) -> Alter:
    """A file in no order of towns that ends too early."""
    return lambda rows, draws: rows.sample(frac=1, random_state=7).head(int(share * len(rows)))


def times(column: str, factor: float) -> Alter:
    return lambda rows, draws: rows.assign(**{column: (rows[column] * factor).astype("int64")})


def shifted(column: str, share: float) -> Alter:
    """Some rows are one column off: the amount is the code that stands beside it, 101 yuan."""
    return lambda rows, draws: rows.assign(
        **{column: rows[column].where(draws.random(len(rows)) >= share, 10_100).astype("int64")}
    )


# Laying it into a home -------------------------------------------------------------------------------------------


def lay(home: Home, frames: Frames, missing: Outage | None = None) -> None:
    """Files as intake leaves them: one a feed and month. `missing` names the feed and months whose files never came."""
    (home.reference / "standards.csv").write_text(STANDARDS, encoding="utf-8")
    number = 0
    for short, rows in sorted(frames.items()):
        contract = contracts()[SHORT[short]]
        schema = pa.schema([(name, _ARROW[kind]) for name, kind, _ in extracts.stored_columns(contract)])
        for night, backs in ((EVE, range(MONTHS, 1, -1)), (NIGHT, (1,))):
            accepted, accounts = [], []
            for back in backs:
                if contract.cadence == "each term" and month(back).month not in TERMS:
                    continue
                if missing and missing.alter is None and missing.feed == short and back in missing.backs:
                    continue
                number += 1
                inside = rows[rows["file"] == back]
                _receive(home, contract.extract, contract.folder, number, night, back, len(inside))
                accounts.append({"delivery_no": number, "state": "taken", "code": "", "records": len(inside), "accepted": len(inside),
                                 **dict.fromkeys(("rejected", "superseded", "duplicate", "blank", "held"), 0)})  # fmt: skip
                place = np.arange(1, len(inside) + 1)
                accepted.append(inside.assign(delivery_no=number, record_no=place, line_no=place + 1))
            if accounts:
                _write(home.table(contract.extract, night), pd.concat(accepted), accounts, schema)


def _receive(home: Home, extract: str, folder: str, number: int, night: date, back: int, records: int) -> None:
    day = month(back)
    each_term = contracts()[extract].cadence == "each term"
    period = f"{day.year}S{TERMS[day.month]}" if each_term else day.strftime("%Y%m")
    first, last = period_bounds(period)
    receipt = Receipt(
        number, night.isoformat(), folder, f"{extract}_990402_{period}_01.csv", "0" * 64, 1, TAKEN, extract=extract,
        area6="990402", period=period, period_from=first.isoformat(), period_to=last.isoformat(), seq=1, suffix="csv",
        records=records,
    )  # fmt: skip
    (home.ledger / f"{number:08d}.json").write_text(json.dumps(asdict(receipt)), encoding="utf-8")


def _write(folder: Path, rows: pd.DataFrame, accounts: list[dict[str, object]], schema: pa.Schema) -> None:
    folder.mkdir(parents=True)
    given = rows.reindex(columns=schema.names).astype(object).where(rows.reindex(columns=schema.names).notna(), None)
    table = pa.table({name: pa.array(given[name], schema.field(name).type) for name in schema.names})
    people = pa.table({
        "person_key": rows["person_key"].astype("int64"), "delivery_no": rows["delivery_no"].astype("int64"),
    }).group_by("person_key").aggregate([("delivery_no", "max")])  # fmt: skip
    people = people.rename_columns(["person_key", "delivery_no"])
    people = people.append_column("born_on", pa.array([date(1980, 1, 1)] * len(people), pa.date32()))
    people = people.append_column("is_female", pa.array([False] * len(people)))
    pq.write_table(table, folder / "accepted.parquet")
    pq.write_table(people, folder / "people.parquet")
    pq.write_table(pa.Table.from_pylist(accounts), folder / "accounts.parquet")
