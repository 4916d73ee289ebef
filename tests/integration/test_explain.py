"""Why a family was not on the list: one sentence first, then the rule that nearly fired, with its numbers."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from homes import copy_of

from assets import extracts
from assets.home import Home, Refusal
from assets.night import Night
from assets.tables import sql_tables
from pipelines.cli import main
from pipelines.explaining import Explained, State, explain
from pipelines.explanation import sentence, tell
from tests.drawn import drawn
from tests.spec.county import NIGHT, UNBOUNDED, County

pytestmark = pytest.mark.xdist_group("explain")

WHOLE_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")


@pytest.fixture
def drawn_county(tmp_path: Path) -> County:
    return County.at(tmp_path / "home", parameters=UNBOUNDED)


def judged(drawn_county: County, night: date = NIGHT) -> Home:
    """The night of a drawn county, with its risk list."""
    drawn_county.judge(night)
    with Night.of(drawn_county.home, night) as opened:
        extracts.unlock(opened.connection, b"drawn")
        opened.write(sql_tables("lists")["risk_list"])
    return drawn_county.home


def states(found: Explained, *codes: str) -> str:
    return " ".join(one.state for one in found.judged if one.rule.code in codes)


def families(drawn_county: County) -> Home:
    return judged(drawn_county.receive(
        members="""
            household  | person | from_month
            just under | a      |
            fallen     | b      |
            silent     | c      |
            joined     | d      |
            joined     | e      | t-2
            costly     | f      |
        """,
        income="""
            person | item | amount | from_month | to_month
            a      | A    | 4000   | t-16       | t-4
            a      | A    | 3040   | t-3        | t-1
            b      | A    | 4000   | t-16       | t-4
            b      | A    | 2900   | t-3        | t-1
            d      | A    | 4000   | t-16       | t-4
            d      | A    | 2000   | t-3        | t-1
            f      | A    | 9000   | t-16       | t-1
        """,
        settlements="""
            person | settled_at | total
            f      | t-6        | 25900
        """,
    ))  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """These families after their night. Look at it, never change it."""
    return families(County.at(tmp_path_factory.mktemp("families") / "home", parameters=UNBOUNDED))


def test_each_rule_says_its_state_and_the_sentence_names_the_nearest(home: Home) -> None:
    found = {
        name: explain(home, name, NIGHT) for name in ("just under", "fallen", "silent", "joined", "costly")
    }  # fmt: skip
    wanted = """
        household  | INC-DROP        | MED-ABS | SI-LAPSE
        just under | near            | not met | off
        fallen     | fired           | not met | off
        silent     | unknown         | not met | off
        joined     | members changed | not met | off
        costly     | not met         | near    | off
    """
    for row in drawn(wanted):
        seen = {code: states(found[row["household"]], code) for code in row if code != "household"}
        assert {"household": row["household"], **seen} == row
    assert sentence(found["just under"]).endswith(
        "没有规则命中；最接近的是 INC-DROP 收入骤减（960.00 元 ≥ 1000.00 元 不成立）"
    )
    assert sentence(found["fallen"]).startswith("在风险清单上：1 黄，INC-DROP：近三个月月均收入 2900.00 元")
    assert "条规则无法判断" in sentence(found["silent"]) and "未知" in sentence(found["silent"])
    assert "25900.00 元 ≥ 26000.00 元 不成立" in sentence(found["costly"])


def test_one_screen_tells_the_numbers_the_threshold_and_the_rows_of_origin(home: Home) -> None:
    lines = list(tell(explain(home, "just under", NIGHT), is_whole=False))
    text = "\n".join(lines)
    assert len(lines) <= 40 and max(map(len, lines)) < 160
    assert "0.25〔inc_drop_note〕" in text and "24.0%（线 25.0%）" in text
    assert re.search(r"家庭收支  civil_affairs_income_990402_\d+_01\.csv 第 2 3 行（2026-01-21 收到）", text)
    assert "SI-LAPSE" not in text and "停用（从未收到数据）" in text
    whole = "\n".join(tell(explain(home, "just under", NIGHT), is_whole=True))
    assert "SI-LAPSE" in whole and "MED-ABS" in whole and len(whole) > 3 * len(text)


def test_the_parts_of_a_rule_come_to_what_the_rule_came_to(home: Home) -> None:
    """Nothing is judged a second way: where all conditions hold there is a hit, and nowhere else."""
    for name in ("just under", "fallen", "silent", "joined", "costly"):
        for one in explain(home, name, NIGHT).judged:
            if one.state is not State.OFF:
                assert (one.hit is not None) == all(part.holds is True for part in one.parts), one.rule.code


def test_a_held_feed_is_named_with_its_month(drawn_county: County) -> None:
    drawn_county.receive(
        delivered={"pensions": "t-20..t-2"},
        members="household | person\n waits | a\n",
        income="person | item | amount | from_month | to_month\n a | A | 4000 | t-16 | t-1\n",
    )
    found = explain(judged(drawn_county), "waits", NIGHT)
    assert states(found, "PENSION-STOP", "INC-DROP") == "held held"
    told = next(one.why for one in found.judged if one.rule.code == "INC-DROP")
    assert "养老金发放" in told and "自 2025-12" in told


def test_a_threshold_is_the_one_that_counted_there(tmp_path: Path) -> None:
    stricter = "inc_drop_note,990402,any,0.2,ratio,2000-01-01,,2000-01-01,drawn\n"
    home = families(County.at(tmp_path / "home", parameters=UNBOUNDED + stricter))
    found = explain(home, "just under", NIGHT)
    assert states(found, "INC-DROP") == "fired"
    assert any("0.2〔inc_drop_note〕" in line for line in tell(found, is_whole=False))


def test_who_is_not_there_is_told_why(home: Home, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no member list has ever named household nobody"):
        explain(home, "nobody", NIGHT)
    bare = copy_of(home, tmp_path / "home")
    shutil.rmtree(bare.root / "lake" / "household_profile")
    with pytest.raises(Refusal, match="lowincome replay --as-of 2026-01-21 --keep FOLDER"):
        explain(bare, "fallen", NIGHT)


def test_the_command_shows_no_name_and_no_number(demo: Home) -> None:
    with Night.of(demo, NIGHT) as night:
        night.open("cases")
        listed, _, other = (
            row[0] for row in night.connection.execute("select household_no from cases order by case_id").fetchmany(3)
        )  # fmt: skip
    for number in (listed, other):
        told = CliRunner().invoke(main, ["explain", number, "--as-of", str(NIGHT), "--home", str(demo.root), "--all"])
        assert told.exit_code == 0, told.output
        assert number in told.output.splitlines()[0] and "风险清单上" in told.output.splitlines()[1]
        assert not WHOLE_NUMBER.search(told.output)
