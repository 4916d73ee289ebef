"""What one file's department hears at once: every finding with line, column, fault and cure."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assets import extracts
from assets.home import Home, Refusal, write_whole
from assets.intake import inbox, ledger
from assets.lists.cells import as_csv, safe_cell
from assets.lists.publishing import csv_encodings
from assets.night import Night
from expectations.contract import contracts
from expectations.listing import lists


@dataclass(frozen=True)
class Finding:
    line_no: int
    column: str
    value: str
    code: str
    outcome: str
    fault: str
    cure: str


@dataclass(frozen=True)
class CheckedFile:
    """What a department may know of its file before it sends it: the account of its records and every finding."""

    receipt: ledger.Receipt
    account: dict[str, int]
    findings: list[Finding]


ACCOUNT = ("records", "accepted", "rejected", "superseded", "duplicate", "blank", "held", "refused")


def check_file(path: Path) -> CheckedFile:
    """Hold one file against its contract, just as the night would, in a home that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="lowincome-check-") as folder:
        home = Home.at(folder)
        (home.inbox / "check").mkdir()
        (home.inbox / "check" / path.name).write_bytes(path.read_bytes())
        manifest = path.with_name(path.name + inbox.MANIFEST)
        if manifest.exists():
            (home.inbox / "check" / manifest.name).write_bytes(manifest.read_bytes())
        night = date(9999, 12, 1)
        receipts = inbox.take_in(home, night)
        if not receipts:
            raise Refusal(f"{path.name} is not a delivery: manifests and temporary files are passed over.")
        receipt = receipts[0]
        with Night.of(home, night) as opened:
            if receipt.state == ledger.TAKEN:
                extracts.take_in(home, opened.connection, contracts()[receipt.extract], night)
            account = _account(opened, receipt.delivery_no)
            findings = _findings(opened, [receipt.delivery_no])[receipt.delivery_no]
        return CheckedFile(receipt, account, findings)


def write(night: Night, deliveries: Sequence[int]) -> None:
    """One CSV a delivery in `outbox/feedback/<department>/`, in the form of the nightly data-quality list."""
    columns = [c for c in lists()["data_quality"].columns if c.key not in ("body", "file")]
    receipts = {r.delivery_no: r for r in ledger.receipts(night.home, night.as_of)}
    for number, findings in _findings(night, deliveries).items():
        receipt = receipts[number]
        rows = [
            [safe_cell(v) for v in (f.line_no, f.column, f.value, f.code, f.outcome, f.fault, f.cure)] for f in findings
        ]
        contract = contracts().get(receipt.extract)
        folder = night.home.outbox / "feedback" / (contract.folder if contract else "unknown")
        content = as_csv([c.header for c in columns], rows, csv_encodings(night, [receipt.area6])[receipt.area6])
        write_whole(folder / f"{number:08d}.csv", content)


def _account(night: Night, delivery_no: int) -> dict[str, int]:
    night.open("deliveries")
    row = night.connection.execute(
        f"select {', '.join(ACCOUNT)} from deliveries where delivery_no = $1", [delivery_no]
    ).fetchall()[0]
    return dict(zip(ACCOUNT, row, strict=True))


def _findings(night: Night, deliveries: Sequence[int]) -> dict[int, list[Finding]]:
    night.open("findings")
    rows = night.connection.execute(
        "select delivery_no, line_no, column_name, value, code, outcome, fault, cure from findings "
        "where delivery_no in (select unnest($1::bigint[])) order by all",
        [list(deliveries)],
    ).fetchall()
    found: dict[int, list[Finding]] = {number: [] for number in deliveries}
    for number, *finding in rows:
        found[number].append(Finding(*finding))
    return found
