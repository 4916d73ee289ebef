"""Nobody's number, name or phone anywhere but where persons are kept: planted people, looked for byte by byte."""

from __future__ import annotations

import re
import stat
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from canaries import (
    AS_CODE,
    AS_DATE,
    AS_FILE_NAME,
    AS_HEADER,
    AS_MONEY,
    AS_MONTH,
    AS_SHEET,
    ENDS_WRONG,
    EVERYBODY,
    HOUSEHOLD,
    IN_THE_LAKE,
    OPEN_QUOTE,
    RAGGED,
    RUNNABLE_HOUSEHOLDS,
    TAKEN,
    UNDECODABLE,
    found_under,
    traces_in,
)
from homes import NIGHT, cells, cli, copy_of, published, records
from ui import Ui

from assets.home import Home, Refusal
from assets.night import Night
from expectations.identity import fault
from pipelines.running import run_night

NEXT = NIGHT + timedelta(days=1)
NOT_HERE = ("dagster", "alarms", "staging", "outbox", "reference")
"""Where no trace may be found. Persons are kept in inbox, archive, rejects and vault, their keys alone in the lake."""
TOLD_BY_FILES = {f"number of canary {who.place}" for who in (AS_FILE_NAME, AS_HEADER, AS_SHEET)}
"""A number in a file's name, header or sheet name is the file's own word: receipts and what is worked out from them keep it."""


def leaks(home: Home, *more: Path) -> dict[str, list[str]]:
    """What is found where nothing may be."""
    return found_under(*(home.root / folder for folder in NOT_HERE), *more)


def test_the_canaries_are_found_where_persons_are_kept(planted: Home) -> None:
    """Else their absence elsewhere would say nothing."""
    archived = {t for traces in found_under(planted.archive).values() for t in traces}
    for who in (TAKEN, ENDS_WRONG, AS_DATE, RAGGED, OPEN_QUOTE, UNDECODABLE):
        assert f"number of canary {who.place}" in archived
    with duckdb.connect() as connection:
        kept = connection.execute(
            f"select name, phone from read_parquet('{planted.root}/vault/*/*/identities.parquet', union_by_name = true) "
            "where id_no = $1 and phone is not null", [TAKEN.id_no],
        ).fetchall()  # fmt: skip
        rejected = connection.execute(
            f"select value from read_parquet('{planted.root}/rejects/*/*/rejects.parquet', union_by_name = true)"
        ).fetchall()
    assert kept == [(TAKEN.name, TAKEN.phone)]
    told = traces_in("\n".join(str(row[0]) for row in rejected).encode())
    for who, kind in ((ENDS_WRONG, "number"), (AS_DATE, "number"), (AS_MONTH, "phone"), (AS_MONEY, "name"), (AS_CODE, "name"),
                      (RAGGED, "name"), (OPEN_QUOTE, "name"), (UNDECODABLE, "number")):  # fmt: skip
        assert f"{kind} of canary {who.place}" in told


def test_no_trace_of_anybody_after_a_night(planted: Home) -> None:
    assert not leaks(planted)
    lake = found_under(planted.root / "lake")
    assert {t for traces in lake.values() for t in traces} <= TOLD_BY_FILES, lake.keys()


def test_a_receipt_holds_no_more_than_the_file_told_of_itself(planted: Home) -> None:
    assert {t for traces in found_under(planted.ledger).values() for t in traces} <= TOLD_BY_FILES


def test_the_list_shows_who_to_visit_and_masks_who_they_are(planted: Home) -> None:
    rows = records(published(planted, NIGHT)["risk_list_370402.csv"])
    row = next(row for row in rows if row["家庭编号"] == HOUSEHOLD)
    assert row["户主姓名"] == TAKEN.name[0] + "***"
    assert row["户主身份证号"] == f"{TAKEN.id_no[:6]}********{TAKEN.id_no[-4:]}"
    assert row["联系电话"] == f"{TAKEN.phone[:3]}****{TAKEN.phone[-4:]}"
    for row in rows:
        assert re.fullmatch(r".\*+|", row["户主姓名"].removeprefix("'"))
        assert re.fullmatch(r"[0-9]{6}\*{8}[0-9]{3}[0-9X]|", row["户主身份证号"])
        assert re.fullmatch(r"[0-9]{3}\*+[0-9]{4}|", row["联系电话"])


def test_no_published_file_holds_a_whole_number_or_a_phone(planted: Home, demo: Home) -> None:
    """Checked by shape, so that nobody's number slips through, planted or not."""
    whole = re.compile(rb"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
    for home in (planted, demo):
        for name, content in published(home, NIGHT).items():
            assert not whole.search(name.encode()), "a file's name holds a number"
            text = repr(cells(content)).encode() if name.endswith(".xlsx") else content
            assert not whole.search(text), name
            if name != "manifest.json" and not name.startswith("data_quality_"):
                phones = [c for row in cells(content) for c in row if re.fullmatch(r"1[3-9][0-9]{9}", c)]
                assert not phones, name


def test_no_cell_runs_in_a_spreadsheet(planted: Home) -> None:
    """Households, names and amounts that begin with = + - @ and their full-width forms were handed in and listed."""
    listed = {row["家庭编号"] for row in records(published(planted, NIGHT)["risk_list_370402.csv"])}
    assert {f"'{number}" for number in RUNNABLE_HOUSEHOLDS} <= listed
    for name, content in published(planted, NIGHT).items():
        if name.endswith((".csv", ".xlsx")):
            starts = {cell[0] for row in cells(content) for cell in row if cell}
            assert not starts & set("=+-@\t\r\n＝＋－＠"), name


def test_everything_is_readable_by_its_owner_alone(planted: Home) -> None:
    for path in planted.root.rglob("*"):
        mode = stat.S_IMODE(path.lstat().st_mode)
        assert not mode & 0o077, f"{path.relative_to(planted.root)}: {mode:o}"
    key = planted.root / "secrets" / "pseudonym.key"
    assert (stat.S_IMODE(key.stat().st_mode), key.stat().st_size) == (0o400, 32)
    assert {stat.S_IMODE(path.stat().st_mode) for path in planted.archive.rglob("*") if path.is_file()} == {0o400}


def test_the_key_is_nowhere_but_in_its_file(planted: Home) -> None:
    key = planted.pseudonym_key()
    for path in planted.root.rglob("*"):
        if path.is_file() and path.parent.name != "secrets":
            content = path.read_bytes()
            assert key not in content, path.name
            assert key.hex().encode() not in content.lower(), path.name


# Failures ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def home(planted: Home, tmp_path: Path) -> Home:
    return copy_of(planted, tmp_path / "home")


WORDS = f"{TAKEN.id_no} {TAKEN.name} {TAKEN.phone}"


def conversion(night: Night, *_: Any) -> None:
    """DuckDB's own message quotes the value."""
    night.connection.execute("select $1::varchar::integer", [WORDS])


def chained(*_: Any) -> None:
    try:
        raise KeyError(WORDS)
    except KeyError as error:
        raise ValueError(f"cannot take {WORDS}") from error


def grouped(*_: Any) -> None:
    raise ExceptionGroup(WORDS, [TypeError(WORDS), OSError(5, WORDS, WORDS)])


def noted(*_: Any) -> None:
    error = RuntimeError()
    error.add_note(WORDS)
    raise error


def asserted(*_: Any) -> None:
    assert WORDS == "", WORDS


def undecodable(*_: Any) -> None:
    WORDS.encode().decode("ascii")


FAULTS = (
    ("write_hits", conversion), ("write_hits", chained), ("write_facts", grouped), ("write_household_profile", noted),
    ("write", asserted), ("count_buckets", undecodable), ("copy", conversion),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("step", "fault"), FAULTS)
def test_no_exception_carries_anybody_out_of_a_step(
    home: Home, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture,
    step: str, fault: Any,
) -> None:  # fmt: skip
    monkeypatch.setattr(Night, step, fault)
    with pytest.raises(Refusal) as refused:
        run_night(home, NEXT)
    monkeypatch.undo()
    told = "".join((*capfd.readouterr(), caplog.text, str(refused.value)))
    assert not traces_in(told.encode("utf-8", "surrogateescape"))
    assert not leaks(home)


def damage(home: Home) -> None:
    """A table of the lake that holds text where numbers belong: whoever reads it is told of the value."""
    path = home.table("civil_affairs_income", NIGHT) / "accepted.parquet"
    table = pq.read_table(path)
    words = " ".join(IN_THE_LAKE.traces)
    text = pa.array([words] * table.num_rows, pa.string())
    pq.write_table(table.set_column(table.column_names.index("amount"), "amount", text), path)


def test_a_night_that_fails_on_a_value_keeps_it_to_itself(home: Home) -> None:
    """As an operator runs it: what the command line prints, and what stays behind in the home."""
    damage(home)
    run = cli("run", "--home", home.root, "--as-of", NEXT)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.splitlines()[-1].startswith("错误：The night failed at")
    assert not traces_in(run.stderr.encode())
    assert not leaks(home)


def test_a_wrong_reference_file_is_refused_without_its_values(home: Home) -> None:
    (home.reference / "parameters.csv").write_text(
        "name,area_prefix,residence,value,unit,valid_from,valid_to,known_at,document\n"
        f"{TAKEN.name},{TAKEN.id_no},any,{TAKEN.phone}.x,yuan,2020-01-01,,2020-01-01,\n", encoding="utf-8",
    )  # fmt: skip
    run = cli("run", "--home", home.root, "--as-of", NEXT)
    assert run.returncode == 1
    assert "reference/parameters.csv line 2" in run.stderr
    assert not traces_in(run.stderr.encode())
    (home.reference / "parameters.csv").unlink()
    assert not leaks(home)


@pytest.mark.slow
def test_the_ui_tells_of_nobody(home: Home, tmp_path: Path) -> None:
    """Every asset, check, run and log line as the web server answers them, after a good night and a failed one."""
    damage(home)
    with Ui(home, tmp_path / "ui.log") as ui:
        run_id = ui.launch("nightly", NEXT)
        assert ui.wait(run_id) == "FAILURE"
        answers = [ui.runs(), ui.assets(), *(ui.events(run["runId"]) for run in ui.runs()["runsOrError"]["results"])]
        answers += [
            ui.checks(name) for name in ("health_settlements", "employment_contributions", "civil_affairs_members")
        ]
        alarm = home.alarms / f"{run_id}.json"
        ui.until(alarm.exists, "the failure sensor has written its alarm")
    text = repr(answers)
    assert len(text) > 100_000, "the answers are too short to say anything"
    assert "employment_contributions" in text
    assert not traces_in(text.encode())
    assert not leaks(home, tmp_path / "ui.log")


def test_a_department_that_checks_its_file_hears_of_its_own_values_alone(
    planted: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`lowincome check` works in a folder of its own, which goes with it."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    lines = (
        f"身份证号,姓名,险种,发放年月,发放金额,状态\n{ENDS_WRONG.id_no},{ENDS_WRONG.name},职工,2025-12,1.00,正常\n"
    ).encode()
    path = tmp_path / "employment_pensions_370402_202512_09.csv"
    path.write_bytes(lines)
    run = cli("check", path)
    assert run.returncode == 1
    assert not traces_in((run.stdout + run.stderr).encode())
    assert not list(scratch.glob("lowincome-check-*"))


def test_everybody_is_somebody_else() -> None:
    """The canaries are as unlike as their places, and valid where they say so."""
    assert len({t for who in EVERYBODY for t in who.traces}) == 3 * len(EVERYBODY)
    for who in EVERYBODY:
        assert (fault(who.id_no, date(2026, 1, 31)) is None) == who.is_valid
