"""The command line as people meet it: help with examples, one clear sentence for each mistake."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from homes import NIGHT, cli

from assets.home import Home
from pipelines.cli import main


def invoke(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_help_is_chinese_first_and_has_examples() -> None:
    code, text = invoke("--help")
    assert code == 0 and "低收入家庭主动发现" in text and "lowincome demo" in text


@pytest.mark.parametrize(
    "name", ["demo", "run", "check", "sample", "sql", "release", "ui", "replay", "explain", "what-if"]
)
def test_every_command_has_an_example(name: str) -> None:
    code, text = invoke(name, "--help")
    assert code == 0 and f"  lowincome {name}" in text


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"]])
def test_help_and_check_need_no_dagster(arguments: list[str]) -> None:
    program = (
        "import sys\nfrom pipelines.cli import main\nfrom assets.lists import feedback\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    pass\nsys.exit('dagster' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 0


def write(folder: Path, name: str, *rows: str) -> Path:
    path = folder / name
    path.write_text("\n".join(("身份证号,姓名,险种,发放年月,发放金额,状态", *rows, "")), encoding="utf-8")
    return path


GOOD = "990402195001011230"


def good_number() -> str:
    from expectations.identity import check_character

    return GOOD[:17] + check_character(GOOD[:17])


def test_check_says_what_would_be_rejected_where_and_how_to_mend_it(tmp_path: Path) -> None:
    clean = write(tmp_path, "employment_pensions_370402_202512_01.csv", f"{good_number()},张三,110,202512,1200.00,1")
    assert invoke("check", clean)[0] == 0
    dirty = write(
        tmp_path, "employment_pensions_370402_202511_01.csv",
        f"{good_number()},张三,110,202511,1.2万,1", f"{good_number()},张三,110,202510,1200.00,9", "3.7E+17,李四,110,202511,1,1",
    )  # fmt: skip
    code, text = invoke("check", dirty)
    assert code == 1
    for said in ("第 2 行 发放金额", "MONEY", "第 3 行 状态", "CODE", "第 4 行 身份证号", "ID-DESTROYED", "→"):
        assert said in text


def test_check_refuses_a_file_by_name_and_by_header(tmp_path: Path) -> None:
    code, text = invoke("check", write(tmp_path, "pensions.csv", "x"))
    assert code == 1 and "FILE-NAME" in text and "命名为" in text
    path = tmp_path / "employment_pensions_370402_202512_01.csv"
    path.write_text("身份证号,姓名,险种\n1,2,3\n", encoding="utf-8")
    code, text = invoke("check", path)
    assert code == 1 and "FILE-HEADER" in text and "发放年月" in text


def test_questions_are_answered_in_three_forms(demo: Home, tmp_path: Path) -> None:
    question = "select rule, count(*) as n from hits group by rule order by rule"
    code, text = invoke("sql", "--home", demo.root, question, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert code == 0 and rows and int(rows[0]["n"]) > 0
    code, text = invoke("sql", "--home", demo.root, question)
    assert code == 0 and rows[0]["rule"] in text
    out = tmp_path / "hits.parquet"
    assert invoke("sql", "--home", demo.root, question, "--format", "parquet", "--out", out)[0] == 0
    assert pq.read_table(out).num_rows == len(rows)


@pytest.mark.parametrize(("question", "sentence"), [
    ("from nothing_there", "There is no table nothing_there"),
    ("drop table hits", "nothing here can be changed"),
    ("select 1; select 2", "one select"),
    ("select no_such_column from hits", "no_such_column"),
])  # fmt: skip
def test_a_wrong_question_gets_one_sentence(demo: Home, question: str, sentence: str) -> None:
    code, text = invoke("sql", "--home", demo.root, question)
    assert code == 1 and sentence in text and "Traceback" not in text


@pytest.mark.parametrize("table", [
    "deliveries", "rejects", "feeds", "persons", "households", "household_months", "household_profile", "hits", "held",
    "cases", "risk_list", "evidence", "civil_affairs_members",
])  # fmt: skip
def test_the_tables_that_others_rely_on_answer(demo: Home, table: str) -> None:
    assert invoke("sql", "--home", demo.root, f"select count(*) from {table}", "--format", "csv")[0] == 0


def test_hits_and_rejects_have_their_columns(demo: Home) -> None:
    text = invoke("sql", "--home", demo.root, "from hits limit 1", "--format", "csv")[1]
    assert set(text.splitlines()[0].split(",")) >= {
        "household_id", "household_no", "rule", "dimension", "level", "value", "threshold", "evidence",
    }  # fmt: skip
    text = invoke("sql", "--home", demo.root, "from rejects limit 1", "--format", "csv")[1]
    assert "value" not in text.splitlines()[0] and "raw" not in text.splitlines()[0]


def test_mistakes_are_told_in_one_sentence(tmp_path: Path) -> None:
    future = cli("run", "--as-of", "2090-01-01", "--home", tmp_path / "home")
    assert future.returncode == 1 and "2090-01-01" in future.stderr and "Traceback" not in future.stderr
    nothing = cli("sql", "from hits", "--home", tmp_path / "home")
    assert nothing.returncode == 1 and "No night has run" in nothing.stderr
    few = cli("sample", "--out", tmp_path / "few", "--households", "5")
    assert few.returncode == 1 and "Traceback" not in few.stderr


def test_a_wrong_standard_names_file_line_and_fault(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    (home.reference / "standards.csv").write_text(
        "name,area_prefix,residence,value,unit,valid_from,valid_to,known_at,document\n"
        "dibao,370402,urban,941,month,2025-01-01,,2025-01-01,x\ndibao,370402,urban,950,week,2026-01-01,,2026-01-01,x\n",
        encoding="utf-8",
    )
    run = cli("run", "--as-of", NIGHT, "--home", home.root)
    assert run.returncode == 1
    assert "standards.csv line 3" in run.stderr and "unit" in run.stderr
