"""A drawn county: rows of extracts drawn in a test, laid into a home as intake leaves them, and a night worked out.

`t` is the month of the night and `t-1` the last closed one; `t-15..t-4` in the month of a feed draws a row for each.
A date may be `t-3` (the 10th of that month), `t-3/25`, or days counted from the night: `night-92`. A blank cell takes
the usual value of its column, `-` is a blank that is meant.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assets import extracts
from assets.home import Home
from assets.intake.ledger import TAKEN, Receipt
from assets.intake.names import period_bounds
from assets.night import Night, panel_tables
from assets.tables import in_order, sql_tables
from expectations.contract import contracts
from tests.drawn import drawn, figure

NIGHT = date(2026, 1, 21)
AREA12 = "990402001001"
NOBODY = "nobody"  # a row that names no person
SHORT = {
    "members": "civil_affairs_members",
    "income": "civil_affairs_income",
    "aid": "civil_affairs_assistance",
    "wages": "employment_contributions",
    "pensions": "employment_pensions",
    "jobless": "employment_unemployment",
    "settlements": "health_settlements",
    "students": "education_students",
    "followups": "civil_affairs_followups",
    "rectifications": "civil_affairs_rectifications",
    "reports": "civil_affairs_reports",
    "insured": "health_insurance",
    "records": "health_records",
    "school_aid": "education_aid",
    "registry": "public_security_registry",
    "cards": "disability_cards",
    "monitored": "agriculture_monitoring",
    "events": "emergency_events",
    "dwellings": "housing_dwellings",
    "fund": "housing_fund",
}
UNSAID = {
    "members": {"relation": "97", "is_coliving": "true", "area12": AREA12, "hukou_type": "1", "from_month": "t-30"},
    "income": {"item": "A", "source": "1", "from_month": "t-1"},
    "aid": {"aid_type": "110", "start_month": "t-30", "result": "1"},
    "wages": {"insurance": "110", "base": "3000", "is_paid": "true", "employer_code": "one"},
    "pensions": {"kind": "110", "amount": "1000", "status": "1"},
    "jobless": {"registered_on": "t-30"},
    "settlements": {"insurance": "390", "fund_total": "0", "is_refund": "false"},
    "students": {"stage": "7", "status": "1", "term": "2025S2"},
    "followups": {"person": NOBODY, "visit_date": "t-1", "outcome": "18"},
    "rectifications": {"person": NOBODY},
    "reports": {
        "person": NOBODY,
        "reported_on": "t-1",
        "reporter": "one",
        "grid_code": f"{AREA12}01",
        "matter": "9",
    },
    "insured": {"insurance": "390", "year": "2026", "status": "1"},
    "records": {"record": "1", "recorded_on": "t-1"},
    "school_aid": {"term": "2025S2", "aid_kind": "1", "amount": "1000"},
    "registry": {"registry_no": "one", "status": "1"},
    "cards": {"kind": "4", "grade": "1", "issued_on": "t-30"},
    "monitored": {"monitor_no": "one", "kind": "0", "identified_on": "t-30"},
    "events": {"kind": "2", "happened_on": "t-1"},
    "dwellings": {"danger": "A"},
    "fund": {"base": "3000", "status": "1", "employer_code": "one"},
}
STANDARDS = """name,area_prefix,residence,value,unit,valid_from,valid_to,known_at,document
dibao,990402,urban,800,month,2020-01-01,,2020-01-01,drawn
dibao,990402,rural,7200,year,2020-01-01,,2020-01-01,drawn
"""
UNBOUNDED = "".join(
    f"residual_{line},,any,{value},ratio,2000-01-01,,2000-01-01,made up\n"
    for line, value in (("red", 99), ("orange", 99), ("yellow", 99), ("pressing", 0))
)
"""What own cost leaves of the income bounds no case and presses none: tests of other things need no poor families."""
PANEL = ("households", "household_members", "lineage", "structure_changes", "doubled", "persons")
_ARROW = {
    "BIGINT": pa.int64(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
    "SMALLINT": pa.int16(),
}
_FEN = {
    "oop_year", "oop_quarter", "person_oop_calendar", "stay_oop", "disposable", "education_cost", "rehabilitation_cost",
    "disaster_loss", "event_loss",
}  # fmt: skip


def month(back: int, night: date = NIGHT) -> date:
    """The first day of the month t-back."""
    ordinal = night.year * 12 + night.month - 1 - back
    return date(ordinal // 12, ordinal % 12 + 1, 1)


def person_key(name: str) -> int:
    return int(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:12], 16)


@dataclass
class County:
    """One home. Every call to `receive` is what one night found in its inbox."""

    home: Home
    night: date = NIGHT
    households: dict[str, str] = field(default_factory=dict)
    deliveries: int = 0

    @staticmethod
    def at(folder: Path, standards: str = STANDARDS, parameters: str = "") -> County:
        home = Home.at(folder)
        (home.reference / "standards.csv").write_text(standards, encoding="utf-8")
        if parameters:
            head = "name,area_prefix,residence,value,unit,valid_from,valid_to,known_at,document\n"
            (home.reference / "parameters.csv").write_text(head + parameters, encoding="utf-8")
        return County(home)

    def receive(
        self, on: date | None = None, delivered: dict[str, str] | None = None, people: str = "", **tables: str
    ) -> County:
        """Take in drawn extracts; `delivered` names periods (`t-30..t-1`) of which files came, with or without rows."""
        on = on or self.night
        born = {row["person"]: date.fromisoformat(row["born_on"]) for row in drawn(people)}
        for short in [name for name in SHORT if name in tables or name in (delivered or {})]:
            rows = [one for row in drawn(tables.get(short, "")) for one in self._spread(short, row)]
            self._lay(short, on, rows, self._months_of((delivered or {}).get(short, "")), born)
        return self

    def _spread(self, short: str, row: dict[str, str]) -> list[dict[str, str]]:
        """One drawn row as it is stored: unsaid columns filled, a range of months drawn out."""
        if short == "members":
            self.households.setdefault(row["person"], row["household"])
            first = list(self.households.values()).count(row["household"]) == 1
            row = {"relation": "02"} | row if first else row
        row = UNSAID[short] | {key: cell for key, cell in row.items() if cell}
        row = {key: cell for key, cell in row.items() if cell != "-"}
        row.setdefault("household", "" if short == "reports" else self.households.get(row["person"], "none"))
        dated = contracts()[SHORT[short]].month_of
        months = self._months_of(row[dated]) if dated and ".." in row.get(dated, "") else None
        if months is None:
            return [row]
        return [row | {dated or "": one.strftime("%Y-%m-10"), "place": str(i)} for i, one in enumerate(months)]

    def _months_of(self, cell: str) -> list[date]:
        if not cell:
            return []
        first, _, last = cell.partition("..")
        older, newer = int(first.removeprefix("t-")), int((last or first).removeprefix("t-"))
        return [month(back, self.night) for back in range(older, newer - 1, -1)]

    def _day(self, cell: str, is_month: bool) -> date:
        if cell.startswith("night"):
            return self.night + timedelta(days=int(cell.removeprefix("night") or 0))
        if cell.startswith("t"):
            back, _, day = cell.removeprefix("t").partition("/")
            return month(-int(back or 0), self.night).replace(day=1 if is_month else int(day or 10))
        return date.fromisoformat(cell if len(cell) == 10 else f"{cell}-01").replace(**({"day": 1} if is_month else {}))

    def _period(self, row: dict[str, str]) -> str:
        dated = (row.get(name) for name in ("period", "pay_month", "term", "recorded_on"))
        cell = next((cell for cell in dated if cell), "t-30")
        return cell if "S" in cell else self._day(cell, is_month=True).strftime("%Y%m")

    def _lay(self, short: str, on: date, rows: list[dict[str, str]], empty: list[date], born: dict[str, date]) -> None:
        contract = contracts()[SHORT[short]]
        folder = self.home.table(contract.extract, on)
        folder.mkdir(parents=True, exist_ok=True)
        by_file: dict[tuple[str, str, int], list[dict[str, str]]] = {
            ("990402", one.strftime("%Y%m"), 1): [] for one in empty
        }
        for row in rows:
            area6 = row["area12"][:6] if short == "members" else row.get("area6", "990402")
            by_file.setdefault((area6, self._period(row), int(row.get("seq", 1))), []).append(row)
        accepted, people, accounts = [], {}, []
        for (area6, period, seq), inside in sorted(by_file.items()):
            self.deliveries += 1
            first, last = period_bounds(period)
            receipt = Receipt(
                self.deliveries, on.isoformat(), contract.folder, f"{contract.extract}_{area6}_{period}_{seq:02}.csv",
                "0" * 64, 1, TAKEN, extract=contract.extract, area6=area6, period=period, period_from=first.isoformat(),
                period_to=last.isoformat(), seq=seq, suffix="csv", records=len(inside),
            )  # fmt: skip
            (self.home.ledger / f"{self.deliveries:08d}.json").write_text(json.dumps(asdict(receipt)), encoding="utf-8")
            accounts.append({"delivery_no": self.deliveries, "state": "taken", "code": "", "records": len(inside),
                             "accepted": len(inside), **dict.fromkeys(("rejected", "superseded", "duplicate", "blank", "held"), 0)})  # fmt: skip
            for place, row in enumerate(inside, start=1):
                accepted.append(self._stored(short, row, self.deliveries, place))
                if row["person"] == NOBODY:
                    continue
                key, day = person_key(row["person"]), born.get(row["person"], date(1980, 1, 1))
                is_known = not row.get("is_unnumbered")
                people[key] = {"person_key": key, "born_on": day if is_known else None, "is_female": False,
                               "delivery_no": self.deliveries}  # fmt: skip
        schema = pa.schema([(name, _ARROW[kind]) for name, kind, _ in extracts.stored_columns(contract)])
        number = pa.int64()
        of_people = pa.schema(
            [("person_key", number), ("born_on", pa.date32()), ("is_female", pa.bool_()), ("delivery_no", number)]
        )
        pq.write_table(pa.Table.from_pylist(accepted, schema), folder / "accepted.parquet")
        pq.write_table(pa.Table.from_pylist(list(people.values()), of_people), folder / "people.parquet")
        pq.write_table(pa.Table.from_pylist(accounts), folder / "accounts.parquet")

    def _stored(self, short: str, row: dict[str, str], delivery: int, place: int) -> dict[str, Any]:
        contract = contracts()[SHORT[short]]
        stored: dict[str, Any] = {"delivery_no": delivery, "record_no": place, "line_no": place + 1}
        person = None if row["person"] == NOBODY else person_key(row["person"])
        stored |= {"person_key": person, "household_no": row["household"] or None, "is_unnumbered": person is None}
        if "mother" in row:
            stored["mother_key"] = person_key(row["mother"])
        if short == "settlements":
            stored["settlement_id"] = f"{row['person']} {row.get('settled_at')} {row.get('place')} {place}"
        known = {name for name, _, _ in extracts.stored_columns(contract)} | {
            "person",
            "household",
            "place",
            "period",
            "seq",
            "area6",
            "mother",
        }
        if wrong := set(row) - known:
            raise ValueError(f"{contract.extract} has no column {sorted(wrong)}")
        for name, kind, _ in extracts.stored_columns(contract):
            if (cell := row.get(name)) and name.endswith("_key"):
                stored[name] = person_key(cell)
            elif cell:
                is_money = contract.column(name).kind.name == "money" if kind == "BIGINT" else False
                stored[name] = {
                    "BIGINT": lambda c, m=is_money: int(Fraction(c) * (100 if m else 1)),
                    "DATE": lambda c, n=name: self._day(c, contract.column(n).kind.name == "month"),
                    "BOOLEAN": lambda c: c == "true",
                    "SMALLINT": int,
                }.get(kind, str)(cell)
        return {name: stored.get(name) for name, _, _ in extracts.stored_columns(contract)}

    def work_out(self, as_of: date | None = None) -> Worked:
        """One night from members to the profile."""
        with self._night(as_of or self.night) as night:
            return Worked(
                night.as_of,
                _tables(night, *PANEL, "household_months", "household_profile", "feeds"),
            )

    def judge(self, as_of: date | None = None, lists: Sequence[str] = ()) -> Worked:
        """One night from members to cases, and some lists; ended as a published night is."""
        with self._night(as_of or self.night) as night:
            night.write_hits()
            night.write_near_hits()
            for table in (*in_order(sql_tables("cases")), *(sql_tables("lists")[name] for name in lists)):
                night.write(table)
            tables = ("lone_reports", "household_profile", "hits", "near_hits", "held", *sql_tables("cases"), *lists)
            worked = Worked(night.as_of, _tables(night, *PANEL, *tables))
        (self.home.outbox / worked.as_of.isoformat()).mkdir(exist_ok=True)
        (self.home.outbox / worked.as_of.isoformat() / "manifest.json").write_text("{}", encoding="utf-8")
        return worked

    @contextmanager
    def _night(self, as_of: date) -> Iterator[Night]:
        with Night.of(self.home, as_of) as night:
            extracts.unlock(night.connection, b"drawn")
            for table in panel_tables():
                night.write_panel(table)
            night.write_facts()
            night.write_household_months()
            night.write_household_profile()
            yield night


def _tables(night: Night, *names: str) -> dict[str, list[dict[str, Any]]]:
    night.open(*names)
    return {name: night.connection.sql(f"from {name} order by all").to_arrow_table().to_pylist() for name in names}


@dataclass
class Worked:
    """What a night came to. The drawn expectations name households, `(person)` where one is provisional."""

    as_of: date
    tables: dict[str, list[dict[str, Any]]]

    def of(self, table: str) -> dict[str, dict[str, Any]]:
        """The rows of a table with one row a household, by the household's drawn name; of households there are."""
        labels = {row["household_id"]: self._label(row) for row in self.tables["households"]}
        return {labels[row["household_id"]]: row for row in self.tables[table] if row["household_id"] in labels}

    @staticmethod
    def _label(household: dict[str, Any]) -> str:
        return "(alone)" if household["is_provisional"] else str(household["household_no"])

    def months(self, what: str, table: str) -> None:
        """Holds the months of a figure against a drawn table; income reads `3000 B`, and `?` where it is unknown."""
        rows = drawn(table)
        found = [
            {"household": row["household"]} | {column: self._months(what, row["household"], column) for column in row if column != "household"}
            for row in rows
        ]  # fmt: skip
        assert _lines(found) == _lines(rows)

    def _months(self, what: str, household: str, column: str) -> str:
        row = self.of("household_months")[household]
        older, _, newer = column.partition("..")
        places = range(int((newer or older).removeprefix("t-")), int(older.removeprefix("t-")) + 1)
        seen = []
        for place in places:
            value = row[what][place - 1]
            if what == "income":
                seen.append(
                    "?"
                    if value is None
                    else f"{_plain(Fraction(value, 100))} {'ABC'[row['income_class'][place - 1] - 1]}"
                )
            else:
                seen.append(_plain(Fraction(value, 1 if what in ("earners", "feed_earners", "stops") else 100)))
        return seen[0] if len(set(seen)) == 1 else " ".join(reversed(seen))

    def profile(self, table: str) -> None:
        """Holds figures of the profile against a drawn table: money in yuan, blank is unknown."""
        self._holds("household_profile", table)

    def cases(self, table: str) -> None:
        self._holds("cases", table)

    def _holds(self, name: str, table: str) -> None:
        rows = [
            {key: cell if key == "household" else figure(cell) for key, cell in row.items()} for row in drawn(table)
        ]
        facts = self.of(name)
        found = [
            {key: row["household"] if key == "household" else _figure(facts[row["household"]], key) for key in row}
            for row in rows
        ]
        assert _lines(found) == _lines(rows)

    def levels(self, *rules: str) -> dict[str, dict[str, int]]:
        """Level of each hit by household and rule, of these rules alone where some are named."""
        labels = {row["household_id"]: self._label(row) for row in self.tables["households"]}
        found: dict[str, dict[str, int]] = {}
        for hit in self.tables["hits"]:
            if not rules or hit["rule"] in rules:
                found.setdefault(labels[hit["household_id"]], {})[hit["rule"]] = hit["level"]
        return found


def _lines(rows: list[dict[str, Any]]) -> list[str]:
    return [" | ".join("" if cell is None else str(cell) for cell in row.values()) for row in rows]


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else str(float(value))


def _figure(row: dict[str, Any], name: str) -> bool | Fraction | str | None:
    if f"{name}_sum" in row:
        whole, parts = row[f"{name}_sum"], row[f"{name}_months"]
        return None if whole is None else Fraction(whole, parts) / 100
    value = row[name]
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value, 100 if name in _FEN else 1)
    if isinstance(value, list):
        return " ".join(map(str, value)) or None
    return value.isoformat() if isinstance(value, date) else value
