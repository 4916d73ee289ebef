"""What if: who would enter and leave under other standards, what it would cost, and that nothing real is touched."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from homes import copy_of

from assets.home import Home, Refusal
from assets.night import Night
from assets.rules import catalogue
from assets.supposing import Supposed, Supposition, plan, suppose, suppose_today
from assets.tables import sql_tables
from pipelines.cli import main
from pipelines.what_if import read
from tests.drawn import drawn
from tests.spec.county import NIGHT, STANDARDS, UNBOUNDED, County

FAMILIES = {
    "members": """
        household    | person | hukou_type | area12
        poor         | a      | 1          | 990402001001
        edge         | b      | 1          | 990402001001
        edge         | b2     | 1          | 990402001001
        next town    | c      | 1          | 990402002001
        in a village | d      | 2          | 990402001001
        on aid       | e      | 1          | 990402001001
        unknown      | f      | 1          | 990402001001
        just under   | g      | 1          | 990402001001
    """,
    "income": """
        person | item | amount | from_month | to_month
        a      | A    | 2000   | t-16       | t-4
        a      | A    | 700    | t-3        | t-1
        b      | A    | 2400   | t-16       | t-4
        b      | A    | 1900   | t-3        | t-1
        c      | A    | 1200   | t-16       | t-4
        c      | A    | 950    | t-3        | t-1
        d      | A    | 1200   | t-16       | t-4
        d      | A    | 950    | t-3        | t-1
        e      | A    | 500    | t-16       | t-1
        g      | A    | 5000   | t-16       | t-4
        g      | A    | 3800   | t-3        | t-1
    """,
    "aid": """
        person | aid_type | start_month
        e      | 110      | t-20
        f      | 110      | t-20
    """,
}


@pytest.fixture(scope="module")
def drawn_county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """Urban standard 800 yuan a month, rural 600. Suppose what you like, never change it."""
    root = tmp_path_factory.mktemp("drawn") / "home"
    drawn_county = County.at(root, parameters=UNBOUNDED).receive(**FAMILIES)
    drawn_county.judge()
    return drawn_county


def moved(found: Supposed) -> list[str]:
    """`enters poor 0→3 INC-BELOW`, in the order of the families."""
    return sorted(
        f"{row['change']} {row['household_no']} {row['level_before'] or 0}→{row['level'] or 0} {row['main_rule']}"
        for row in found.changes.to_pylist()
    )


def costs(found: Supposed) -> list[str]:
    return [
        f"{row['families_are']} {row['families']}+{row['unknown']}: {row['before'] / 100:g} → {row['after'] / 100:g}"
        for row in found.costs
    ]


def supposed(
    drawn_county: County, *told: str, area: str = "", residence: str = "any", since: date | None = None
) -> Supposed:
    return suppose(drawn_county.home, NIGHT, read(drawn_county.home, NIGHT, told, area, residence, since))


def test_what_counts_already_changes_nothing(drawn_county: County) -> None:
    found = supposed(drawn_county, "inc_drop_note=0.25", "gate_rate=3")
    assert moved(found) == [] and all(row["before"] == row["after"] for row in found.counts)


def test_a_higher_standard_says_who_enters_and_what_it_costs(drawn_county: County) -> None:
    """Two of 1900 live below 2 x 1000, one of 950 below 1000; the rural standard rises with the urban one."""
    found = supposed(drawn_county, "dibao=1000")
    assert moved(found) == [
        "enters in a village 0→3 INC-BELOW", "rises edge 2→3 INC-BELOW", "rises next town 2→3 INC-BELOW",
    ]  # fmt: skip
    assert costs(found) == ["dibao 1+1: 300 → 500", "newly eligible 2+0: 0 → 150", "newly eligible 1+0: 0 → 50"]
    towns = {
        row["item"]: (row["before"], row["after"], row["enters"]) for row in found.counts if row["measure"] == "town"
    }
    assert towns == {"990402001": (2, 3, 1), "990402002": (1, 1, 0)}
    aids = {row["item"]: (row["enters"], row["rises"]) for row in found.counts if row["measure"] == "aid"}
    assert aids["低保"] == (1, 2)


@pytest.mark.parametrize(("place", "wanted"), [
    ({"area": "990402002"}, ["rises next town 2→3 INC-BELOW"]),
    pytest.param({"residence": "rural"}, ["enters in a village 0→3 INC-BELOW"], marks=pytest.mark.slow),
    ({"area": "990402001", "residence": "urban"}, ["rises edge 2→3 INC-BELOW"]),
], ids=str)  # fmt: skip
def test_it_counts_where_it_is_said_to(drawn_county: County, place: dict[str, str], wanted: list[str]) -> None:
    assert moved(supposed(drawn_county, "dibao=1000", **place)) == wanted


def test_a_lower_standard_lets_families_go(drawn_county: County) -> None:
    found = supposed(drawn_county, "dibao=600", "inc_drop_note=70%", residence="urban")
    assert moved(found) == ["falls poor 3→2 INC-EDGE", "leaves edge 2→0 INC-EDGE", "leaves next town 2→0 INC-EDGE"]
    assert costs(found) == ["dibao 1+1: 300 → 100", "no longer eligible 1+0: 100 → 0"]


@pytest.mark.slow
def test_it_is_what_a_night_with_that_parameter_would_have_said(tmp_path: Path) -> None:
    """Same rules, same tables: a home that wrote the row into its reference files comes to the same levels."""
    as_it_is = County.at(tmp_path / "as it is", parameters=UNBOUNDED).receive(**FAMILIES)
    before = as_it_is.judge().levels()
    found = supposed(as_it_is, "inc_drop_note=0.2", "edge_multiple=1.2")
    rows = (
        "inc_drop_note,,any,0.2,ratio,2000-01-01,,2000-01-01,x\nedge_multiple,,any,1.2,ratio,2000-01-01,,2000-01-01,x\n"
    )
    after = County.at(tmp_path / "other", parameters=UNBOUNDED + rows).receive(**FAMILIES).judge().levels()

    def highest(levels: dict[str, dict[str, int]]) -> dict[str, int]:
        acted_on = {
            name: [n for rule, n in hits.items() if n and not rule.startswith("ADM")] for name, hits in levels.items()
        }
        return {name: max(hits) for name, hits in acted_on.items() if hits}

    was, would_be = highest(before), highest(after)
    changed = {name for name in was.keys() | would_be.keys() if was.get(name) != would_be.get(name)}
    assert changed == {row["household_no"] for row in found.changes.to_pylist()} != set()


@pytest.mark.slow
def test_what_own_cost_leaves_is_a_parameter_like_any_other(tmp_path: Path) -> None:
    """A head of `edge` has 950 of 800, of `just under` 3800: who is sent for up to one and a half standards, and up to five."""
    as_it_is = County.at(tmp_path / "home").receive(**FAMILIES)
    as_it_is.judge()
    assert moved(supposed(as_it_is, "residual_yellow=1.5")) == [
        "enters edge 0→1 INC-EDGE", "enters next town 0→1 INC-EDGE",
    ]  # fmt: skip
    assert moved(supposed(as_it_is, "residual_yellow=1.1")) == []


def test_on_a_first_night_the_level_of_the_hits_is_that_of_the_case(tmp_path: Path) -> None:
    """COMBO, EXIT-WATCH and what nobody knows the members of are weighed alike, or what-if would answer for another list."""
    drawn_county = County.at(tmp_path / "home").receive(
        members="""
            household      | person
            one dimension  | a
            two dimensions | b
            left aid       | c
            both           | d
        """,
        jobless="person | registered_on\n a | t-2\n b | t-2\n c | t-2\n d | t-2\n in no list | t-2\n",
        settlements="person | settled_at | total\n b | t-2 | 12000\n d | t-2 | 12000\n in no list | t-2 | 60000\n",
        aid="""
            person | aid_type | start_month | end_month | result | result_date
            c      | 600      | t-20        | t-5       | 3      | t-5
            d      | 600      | t-20        | t-5       | 3      | t-5
        """,
    )
    cases = {row["household_id"]: row["level"] for row in drawn_county.judge().tables["cases"]}
    levels = sql_tables("supposed")["levels"]
    with Night.of(drawn_county.home, NIGHT) as night:
        night.open(*levels.reads)
        found = dict(night.connection.execute(f"select household_id, level from ({levels.sql})").fetchall())
    assert found == cases and sorted(found.values()) == [1, 2, 2, 2, 3]


def test_the_real_home_is_not_touched(drawn_county: County) -> None:
    def everything() -> dict[str, bytes]:
        return {str(p): p.read_bytes() for p in drawn_county.home.root.rglob("*") if p.is_file() and p.name != ".lock"}

    before = everything()
    assert moved(supposed(drawn_county, "dibao=1000"))
    assert everything() == before and list(drawn_county.home.staging.iterdir()) == []


def test_from_a_month_on_what_counted_before_goes_on(drawn_county: County) -> None:
    """Standards are summed month by month: one that rises in t-1 alone hardly moves a year's sum."""
    assert moved(supposed(drawn_county, "dibao=1000", since=date(2025, 12, 1))) == moved(
        supposed(drawn_county, "dibao=1000")
    )
    assert plan({"dibao"}).keys() == {"settings", "household_profile", "hits", "hit_months", "held"}
    assert {"gates", "household_months"} <= plan(None).keys()


@pytest.mark.parametrize(("name", "first"), [
    ("inc_drop_note", "hits"), ("rigid_living", "household_profile"), ("gate_mads", "household_profile"),
    ("income_valid_months", "household_months"),
])  # fmt: skip
def test_only_what_leans_on_a_name_is_worked_out_again(name: str, first: str) -> None:
    bucketed = ["household_months", "household_profile", "hits"]
    worked_out = [table for table in plan({name}) if table in bucketed]
    assert worked_out == bucketed[bucketed.index(first) :]


VALUES = """
    area   | residence | value | from       | to
           | any       | 500   | 2020-01-01 |
    99     | urban     | 600   | 2020-01-01 | 2024-12-31
    99     | urban     | 700   | 2025-01-01 |
    9904   | any       | 800   | 2020-01-01 |
    990402 | rural     | 900   | 2020-01-01 |
"""


@pytest.mark.parametrize(("supposition", "wanted"), [
    (Supposition("dibao", Decimal(1), "month"), """
        area | residence | value | from       | to
             | any       | 1     | 1900-01-01 |
    """),
    (Supposition("dibao", Decimal(1), "month", area="9904"), """
        area | residence | value | from       | to
             | any       | 500   | 2020-01-01 |
        99   | urban     | 600   | 2020-01-01 | 2024-12-31
        99   | urban     | 700   | 2025-01-01 |
        9904 | any       | 1     | 1900-01-01 |
    """),
    (Supposition("dibao", Decimal(1), "month", area="99", residence="urban", since=date(2024, 7, 1)), """
        area   | residence | value | from       | to
               | any       | 500   | 2020-01-01 |
        99     | urban     | 600   | 2020-01-01 | 2024-06-30
        99     | urban     | 1     | 2024-07-01 |
        9904   | any       | 800   | 2020-01-01 | 2024-06-30
        9904   | rural     | 800   | 2020-01-01 |
        990402 | rural     | 900   | 2020-01-01 |
    """),
], ids=["everywhere", "in an area", "for a residence, from a month on"])  # fmt: skip
def test_a_supposition_is_laid_over_the_dated_rows(supposition: Supposition, wanted: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("set variable as_of = date '2026-01-21'")
        connection.execute(
            "create table given_values (name varchar, area_prefix varchar, residence varchar, value decimal(18, 4), "
            "unit varchar, valid_from date, valid_to date, known_at date, document varchar, is_renamed boolean)"
        )
        for row in drawn(VALUES):
            connection.execute(
                "insert into given_values values ('dibao', $1, $2, $3, 'month', $4, $5, date '2020-01-01', 'x', false)",
                [row["area"], row["residence"], row["value"], row["from"], row["to"] or None],
            )
        rows = connection.execute(
            "select area_prefix, residence, value::integer, valid_from, valid_to from "
            f"({sql_tables('supposed')['changed_values'].sql}) order by all", vars(supposition),
        ).fetchall()  # fmt: skip
    found = [" | ".join("" if cell is None else str(cell) for cell in row) for row in rows]
    assert found == sorted(" | ".join(row.values()) for row in drawn(wanted))


@pytest.fixture
def rules_of_today(tmp_path: Path) -> Path:
    """A catalogue in which a fall counts from a fifth on."""
    folder = tmp_path / "rules"
    shutil.copytree(catalogue.FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = (folder / "income.yaml").read_text(encoding="utf-8")
    changed = text.replace(">= $inc_drop_note * income_before", ">= 0.2 * income_before")
    (folder / "income.yaml").write_text(changed, encoding="utf-8")
    return folder


@pytest.mark.slow
def test_what_would_have_been_seen_by_the_rules_and_standards_of_today(
    drawn_county: County, rules_of_today: Path, tmp_path: Path
) -> None:
    """What the night knew was kept; a standard that became known later counts, as do the rules of today."""
    from assets import known
    from assets.home import write_json

    home = copy_of(drawn_county.home, tmp_path / "home")
    kept = {"inputs": {"known": known.keep(home), "night_before": None}, "files": []}
    write_json(home.outbox / str(NIGHT) / "manifest.json", kept)
    assert moved(suppose_today(home, NIGHT, home)) == []
    later = "dibao,990402,urban,1000,month,2025-07-01,,2026-05-01,raised later\n"
    text = STANDARDS.replace("800,month,2020-01-01,,", "800,month,2020-01-01,2025-06-30,")
    (home.reference / "standards.csv").write_text(text + later, encoding="utf-8")
    raised = ["rises edge 2→3 INC-BELOW", "rises next town 2→3 INC-BELOW"]
    assert moved(suppose_today(home, NIGHT, home)) == raised
    with catalogue.read_from(rules_of_today):
        by_today = moved(suppose_today(home, NIGHT, home))
    assert by_today == ["enters just under 0→1 INC-DROP", *raised]


@pytest.mark.parametrize(("told", "place", "sentence"), [
    (["inc_drop_not=0.3"], {}, "did you mean inc_drop_note"),
    (["inc_drop_note"], {}, "is not name=value"),
    (["inc_drop_note=-1"], {}, "is not name=value"),
    (["link_margin=3"], {}, "does not decide who is at risk"),
    (["inc_drop_note=0.3/year"], {}, "is no standard a month or year"),
    (["dibao=10%"], {}, "is no share; its unit is 元/人·月"),
    (["dibao=1000"], {"area": "99x"}, "--area 99x is not an area code"),
    (["dibao=1000"], {"since": date(2026, 1, 1)}, "after the last closed month"),
], ids=str)  # fmt: skip
def test_a_mistake_is_told_in_one_sentence(
    drawn_county: County, told: Sequence[str], place: dict[str, str], sentence: str
) -> None:
    arguments = {"area": "", "residence": "any", "since": None} | place
    with pytest.raises(Refusal, match=sentence.replace("(", r"\(")):
        read(drawn_county.home, NIGHT, told, **arguments)


def test_the_command_gives_a_table_and_a_file(demo: Home, tmp_path: Path) -> None:
    out = tmp_path / "who.csv"
    command = ["what-if", "--home", str(demo.root), "--as-of", str(NIGHT)]
    told = CliRunner().invoke(main, [*command, "--set", "dibao=1200", "--out", str(out)])
    assert told.exit_code == 0, told.output
    assert "dibao = 1200 元/人·月，全部地区，城乡，各月" in told.output and "低保补差 = 人数 × 低保标准" in told.output
    head, *rows = out.read_text(encoding="utf-8").splitlines()
    assert head.startswith("change,household_no,case_id,town_code,town,level_before,level,main_rule") and rows
    wrong = CliRunner().invoke(main, [*command, "--set", "dibo=1"])
    assert wrong.exit_code == 1 and "did you mean dibao" in wrong.output
