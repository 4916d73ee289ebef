"""Thresholds weighed by what visits found, through the command line; and one that a person puts into force."""

from __future__ import annotations

import csv
import io
import json
import os
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import once
from homes import NIGHT as DEMO_NIGHT
from homes import copy_of, differing, published

from assets import reference
from assets.home import Home, Refusal
from assets.night import Night
from pipelines.cli import main
from pipelines.replaying import replay
from pipelines.running import run_night
from pipelines.tuning.signing import Change, sign
from pipelines.tuning.trials import Trial, in_force
from tests.spec.county import NIGHT, County

TOMORROW = NIGHT + timedelta(days=1)
FEW = "tune_visits,,any,20,count,2000-01-01,,2000-01-01,made up\n"
FOUND, IN_VAIN = [f"h{i}" for i in range(12)], [f"h{i}" for i in range(12, 24)]
COLUMNS = ["name", "area_prefix", "residence", "value", "unit", "valid_from", "valid_to", "known_at", "document"]
SIGNED = ("--valid-from", "2026-02-01", "--by", "王敏", "--document", "某民发〔2026〕2号")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread, and no waiting for the disk."""
    monkeypatch.setenv("LOWINCOME_THREADS", "1")
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture(scope="session")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Twelve families who paid 40,000 for treatment, all found in need, and twelve who paid 27,000, none of them. Copy it."""

    def make(root: Path) -> None:
        county = County.at(root, parameters=FEW)
        bills = [f"{name} | t-12..t-1 | {cost}" for names, cost in ((FOUND, 3400), (IN_VAIN, 2250)) for name in names]
        county.receive(
            members="household | person\n" + "\n".join(f"{name} | {name}" for name in (*FOUND, *IN_VAIN, "neighbour")),
            settlements="person | settled_at | total\n" + "\n".join([*bills, "neighbour | t-12..t-1 | 2000"]),
        )
        cases = county.judge().of("cases")
        rows = [f"{cases[n]['case_id']} | 2026-01-22 | {'06' if n in FOUND else '11'} | t" for n in (*FOUND, *IN_VAIN)]
        answers = "case_id | visit_date | outcome | period\n" + "\n".join(rows)
        county.receive(TOMORROW, followups=answers).judge(TOMORROW)

    return once(tmp_path_factory, "visited", make)


@pytest.fixture
def home(visited: Home, tmp_path: Path) -> Home:
    """One's own: a scratch home that another test is working in would be seen."""
    return copy_of(visited, tmp_path / "home")


def invoke(home: Home, *arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["tune", "--home", str(home.root), *(str(argument) for argument in arguments)])
    return result.exit_code, result.output


def everything(home: Home) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in home.root.rglob("*") if p.is_file() and p.name != ".lock"}


def signed(home: Home, value: str, valid_from: str = "2026-02-01", area: str = "") -> Change:
    """As `--apply` does, without weighing the value once more."""
    trial = Trial("med_abs_others", "yuan", Decimal(26000), (Decimal(value),), ("MED-ABS",))
    return sign(home, trial, area, date.fromisoformat(valid_from), "王敏", "某民发〔2026〕2号", {"sentence": ""})


def test_a_proposal_says_what_is_saved_and_what_nobody_knows_and_changes_nothing(home: Home) -> None:
    before = everything(home)
    code, text = invoke(home, "--parameter", "med_abs_others", "--values", "30000,45000")
    assert code == 0, text
    assert "建议：med_abs_others 由 26000 改为 30000，24 次核查少走访 12 次，属实的一次不漏" in text
    assert "proposed: med_abs_others from 26000 to 30000: 12 of 24 visits saved, no find lost" in text
    assert "nobody visited them: unknown, neither finds nor waste" in text
    lost = text[text.index("取 45000 漏掉的属实案件") :].splitlines()[0]
    assert len(lost.partition("/ finds lost: ")[2].split("、")) == 12
    assert not any(name in text for name in (*FOUND, *IN_VAIN))  # cases are named by their number alone
    assert everything(home) == before


def test_each_value_as_a_row_of_a_file(home: Home) -> None:
    code, text = invoke(home, "--parameter", "med_abs_others", "--values", "20000", "--format", "csv")
    assert code == 0, text
    rows = list(csv.DictReader(io.StringIO(text[text.index("parameter,value") :])))
    names = ("value", "visits", "found", "saved", "lost", "unvisited", "verdict")
    assert [[row[name] for name in names] for row in rows] == [
        ["", "24", "12", "0", "0", "0", "as it was"],
        ["20000", "24", "12", "0", "0", "1", "never visited"],
    ]


@pytest.mark.slow
def test_without_a_parameter_each_of_every_rule_with_enough_visits_is_tried(home: Home) -> None:
    code, text = invoke(home)
    assert code == 0, text
    for name in ("med_abs_listed", "med_abs_others", "med_abs_high"):
        assert f"{name}（MED-ABS，现为" in text
    assert "20800" in text and "31200" in text  # a fifth to either side


def test_what_was_proposed_is_in_force_once_someone_has_signed(home: Home) -> None:
    code, text = invoke(home, "--apply", "med_abs_others=30000", *SIGNED)
    assert code == 0 and "2026-03 起的夜晚采用" in text, text
    lines = (home.reference / "parameters.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1:] == [
        FEW.strip(),
        "med_abs_others,,any,26000,yuan,2000-01-01,,2000-01-01,西安 2025",
        "med_abs_others,,any,30000,yuan,2026-02-01,,2026-01-23,某民发〔2026〕2号（王敏 签，改动 1）",
    ]
    kept = json.loads((home.ledger / "parameter-00000001.json").read_bytes())
    assert (kept["signed_by"], kept["document"], kept["value_before"]) == ("王敏", "某民发〔2026〕2号", "26000")
    assert kept["evidence"]["nights"] == [NIGHT.isoformat()] and kept["evidence"]["would_be"]["saved"] == 12
    assert "26000 → 30000" in invoke(home, "--list")[1]
    later = date(2026, 3, 5)
    in_force_then = {night: in_force(home, night, "")["med_abs_others"].value for night in (date(2026, 2, 5), later)}
    assert in_force_then == {date(2026, 2, 5): 26000, later: 30000}
    hits = County(home).judge(later).tables["hits"]
    assert {hit["threshold"] for hit in hits if hit["rule"] == "MED-ABS"} == {3_000_000}


def test_a_night_that_has_run_stays_what_it_was(home: Home) -> None:
    tables = ("settings", "hits", "cases", "held")
    before = told(home, tables)
    signed(home, "30000")
    County(home).judge(NIGHT)
    assert told(home, tables) == before


def told(home: Home, tables: tuple[str, ...]) -> list[list[dict[str, object]]]:
    with Night.of(home, NIGHT) as night:
        night.open(*tables)
        return [night.connection.sql(f"from {name} order by all").to_arrow_table().to_pylist() for name in tables]


def test_without_enough_visits_that_is_what_is_said(home: Home) -> None:
    (home.reference / "parameters.csv").unlink()
    code, text = invoke(home)
    assert code == 0 and text.startswith("证据不足：自 2025-01-01 没有规则的核查满 40 次"), text


@pytest.mark.slow
def test_a_published_night_comes_out_byte_for_byte_after_a_change(demo: Home, tmp_path: Path) -> None:
    home = copy_of(demo, tmp_path / "home")
    before = published(home, DEMO_NIGHT)
    code, text = invoke(home, "--apply", "inc_drop_note=0.4", *SIGNED)
    assert code == 0 and "证据不足，核查 0 次" in text, text
    assert replay(home, DEMO_NIGHT).differing == ()
    run_night(home, DEMO_NIGHT)
    assert set(differing(published(home, DEMO_NIGHT), before)) <= {"manifest.json"}


@pytest.mark.parametrize("written", [
    ("gb18030", "\t", "value\tname\tarea_prefix\tresidence\tunit\tvalid_from\tvalid_to\tknown_at\tdocument"),
    ("utf-8-sig", ",", ",".join(COLUMNS)),
], ids=["GB18030, tabs, another order", "UTF-8 with its mark"])  # fmt: skip
def test_the_file_of_the_home_goes_on_as_it_was_written(home: Home, written: tuple[str, str, str]) -> None:
    encoding, separator, head = written
    cells = ("tune_visits", "", "any", "20", "count", "2000-01-01", "", "2000-01-01", "本地默认")
    row = dict(zip(COLUMNS, cells, strict=True))
    path = home.reference / "parameters.csv"
    path.write_bytes(f"{head}\n{separator.join(row[name] for name in head.split(separator))}".encode(encoding))
    before = path.read_bytes()
    signed(home, "30000")
    assert path.read_bytes().startswith(before) and reference.faults(home) == []
    rows = reference.standing(home, "standing_values").to_pylist()
    assert [int(row["value"]) for row in rows if row["name"] == "med_abs_others"] == [26000, 30000]


def test_an_area_gets_a_row_of_its_own_and_keeps_it(home: Home) -> None:
    signed(home, "30000", area="990402")
    last = (home.reference / "parameters.csv").read_text(encoding="utf-8").splitlines()[-1]
    assert last.startswith("med_abs_others,990402,any,30000,yuan,2026-02-01")
    code, text = invoke(home, "--apply", "med_abs_others=31000", "--since", NIGHT + timedelta(days=1), *SIGNED)
    assert code == 0 and "what has rows of its own keeps them: 990402" in text, text


@pytest.mark.parametrize(("arguments", "sentence"), [
    (["--apply", "med_abs_others=30000", "--valid-from", "2026-02-01", "--by", "王敏"], "--by and --document"),
    (["--apply", "med_abs_others=30000", "--valid-from", "2026-02-01", "--document", "x"], "--by and --document"),
    (["--apply", "med_abs_others=30000", *SIGNED[:3], " ", *SIGNED[4:]], "who signs it and on which document"),
    (["--apply", "med_abs_others=30000", *SIGNED[:5], "990402195001011230"], "without identity numbers"),
    (["--apply", "med_abs_others=30000", "--valid-from", "2026-01-22", *SIGNED[2:]], "lies in the past"),
    (["--apply", "med_abs_others=30000", "--area", "99x", *SIGNED], "--area 99x is not an area code"),
    (["--apply", "med_abs_others=1.23456", *SIGNED], "is not name=value"),
    (["--apply", "med_abs_others", *SIGNED], "is not name=value"),
    (["--apply", "med_abs_others=26000", *SIGNED], "no value but the present one"),
    (["--apply", "med_abs_other=30000", *SIGNED], "did you mean med_abs_others"),
    (["--parameter", "dibao"], "is a standard"),
    (["--parameter", "gate_rate"], "decides what is held"),
    (["--parameter", "snooze_days"], "does not decide who is at risk"),
    (["--rule", "INC-DROP", "--parameter", "med_abs_others"], "MED-ABS does"),
    (["--rule", "MED-AB"], "did you mean MED-ABS"),
    (["--rule", "MED-ABS", "--values", "3"], "--values are of one --parameter"),
    (["--parameter", "med_abs_others", "--since", "2026-02-01"], "No night since 2026-02-01"),
], ids=lambda given: " ".join(given) if isinstance(given, list) else "")  # fmt: skip
def test_a_mistake_is_told_in_one_sentence_and_changes_nothing(home: Home, arguments: list[str], sentence: str) -> None:
    before = everything(home)
    code, text = invoke(home, *arguments)
    assert code == 1 and sentence in text and text.startswith("错误："), text
    assert everything(home) == before


def test_two_values_known_since_the_same_night_contradict_each_other(home: Home) -> None:
    signed(home, "30000")
    before = everything(home)
    with pytest.raises(Refusal, match="Nothing was written") as refused:
        signed(home, "32000", valid_from="2026-04-01")
    assert "a second value from 2026-04-01" in str(refused.value)
    assert everything(home) == before


def test_no_change_while_a_night_is_running(home: Home) -> None:
    before = everything(home)
    with home.owned(), pytest.raises(Refusal, match="Another run is writing"):
        signed(home, "30000")
    assert everything(home) == before
