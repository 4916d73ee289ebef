"""What the plan says is what the files say: each event in its body's file, each near miss just beside it."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from drawn import drawn
from python_calamine import CalamineWorkbook

from assets import reference
from assets.engine import engine
from assets.home import Home
from expectations.contract import contracts
from expectations.verdict import spellings
from pipelines.sample import make_county
from pipelines.sample.happenings import HAPPENINGS
from pipelines.sample.manners import manner_of
from pipelines.sample.plan import PLAN

AS_OF = date(2026, 1, 21)
Row = Mapping[str, str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("county")
    make_county(home, 150, seed=5, as_of=AS_OF, nights=3)
    return home


def read(path: Path, extract: str, ago: int) -> list[Row]:
    """The rows of a file by column name, codes as codes."""
    contract, manner = contracts()[extract], manner_of(extract, ago)
    if path.suffix == ".xlsx":
        header, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    elif path.suffix == ".parquet":
        found = pq.read_table(path)
        header, rows = found.column_names, [list(row.values()) for row in found.to_pylist()]
    else:
        text = path.read_text(encoding="utf-16" if manner.encoding == "utf-16-le" else manner.encoding)
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=manner.separator)
    names = {spelling: c.name for c in contract.columns for spelling in (c.name, c.header, *c.aliases)}
    codes = {c.name: spellings(c) for c in contract.columns}
    columns = [names[cell] for cell in header]
    return [
        {name: codes[name].get(str(cell), str(cell)) for name, cell in zip(columns, row, strict=False)} for row in rows
    ]


def newest(home: Path, extract: str) -> list[Row]:
    paths = sorted((home / "inbox").rglob(f"{extract}_370402_*.*"))
    return read(paths[-1], extract, 1)


def every(home: Path, extract: str) -> list[Row]:
    """All rows of an extract whose bodies write all files alike."""
    return [row for path in sorted((home / "inbox").rglob(f"{extract}_370402_*.*")) for row in read(path, extract, 1)]


@pytest.fixture(scope="module")
def truth(home: Path) -> dict[str, list[str]]:
    """Household numbers by event."""
    found = defaultdict(list)
    with (home / "truth" / "events.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["event"]].append(row["household_no"])
    return found


@pytest.fixture(scope="module")
def families(home: Path) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in newest(home, "civil_affairs_members"):
        found[row["household_no"]].append(row)
    return found


def test_every_event_of_the_plan_happens() -> None:
    assert {event.kind for event in PLAN} - {"moved_in", "in_two_households"} == set(HAPPENINGS)


# In the newest file of an extract: the rows of the family's people. `-` is a blank cell, `nobody` no row at all,
# `all` every row of them, `one` at least one, `some` that there is a row whatever it says.
TOLD = """
    event                | extract                  | which | column             | says
    severe_disability    | disability_cards         | one   | grade              | 1
    mental_disability    | disability_cards         | one   | kind               | 6
    mental_disability    | disability_cards         | one   | grade              | 3
    disability_grade_3   | disability_cards         | all   | kind               | 4
    disability_raised    | disability_cards         | one   | grade              | 2
    disability_raised    | disability_cards         | one   | grade              | 4
    subsidies_missing    | disability_cards         | all   | care_subsidy       | 0.00
    aided_bill_over      | disability_cards         | all   | care_subsidy       | 180.00
    earner_died          | public_security_registry | one   | status             | 2
    orphaned             | civil_affairs_members    | all   | relation           | 02 10 40
    never_applied        | education_aid            | some  | aid_kind           | any
    orphaned             | public_security_registry | one   | status             | 2
    unattended_child     | public_security_registry | one   | custody            | 1
    unattended_child     | public_security_registry | one   | missing            | 1
    father_in_prison     | public_security_registry | one   | custody            | 1
    father_in_prison     | public_security_registry | all   | missing            | 0
    birth_without_number | public_security_registry | all   | relation           | 02 10
    monitored_bill_over  | agriculture_monitoring   | all   | kind               | 1
    not_insured          | health_insurance         | all   | subsidy            | 1
    dangerous_dwelling   | housing_dwellings        | all   | danger             | D
    dwelling_to_repair   | housing_dwellings        | all   | danger             | B
    dangerous_and_empty  | housing_dwellings        | all   | danger             | D
    dropped_out          | education_students       | one   | status             | 3
    left_after_junior    | education_students       | one   | status             | 3
    moved_school         | education_students       | one   | status             | 5
    student_without_aid  | education_aid            | all   | aid_kind           | nobody
    aided_bill_under     | education_aid            | some  | aid_kind           | any
    dropped_out          | education_aid            | all   | aid_kind           | nobody
    aid_after_death      | civil_affairs_assistance | all   | end_month          | -
    aid_ended_with_death | civil_affairs_assistance | one   | end_month          | 202508
    never_applied        | civil_affairs_assistance | all   | aid_type           | nobody
    aid_goes_on          | civil_affairs_assistance | all   | aid_type           | 110
"""


@pytest.mark.parametrize("told", drawn(TOLD), ids=lambda row: f"{row['event']} {row['column']} {row['says']}")
def test_what_a_body_says_of_an_event(
    home: Path, truth: dict[str, list[str]], families: dict[str, list[Row]], told: Mapping[str, str]
) -> None:
    numbers = {row["id_no"] for household in truth[told["event"]] for row in families[household]} - {""}
    cells = [row[told["column"]] for row in newest(home, told["extract"]) if row["id_no"] in numbers]
    if told["says"] == "nobody":
        assert cells == []
    elif told["which"] == "some":
        assert cells
    elif told["which"] == "one":
        assert told["says"] in cells
    else:
        assert set(cells) == ({""} if told["says"] == "-" else set(told["says"].split()))


def people(truth: dict[str, list[str]], families: dict[str, list[Row]], event: str) -> list[str]:
    return [row["id_no"] for household in truth[event] for row in families[household] if row["id_no"]]


def test_one_member_of_the_aided_family_is_insured_and_the_other_not(
    home: Path, truth: dict[str, list[str]], families: dict[str, list[Row]]
) -> None:
    insured = {row["id_no"] for row in newest(home, "health_insurance")}
    assert [number in insured for number in people(truth, families, "not_insured")] == [True, False]
    assert [number in insured for number in people(truth, families, "not_insured_by_choice")] == [True, True, False]


def test_bills_lie_just_over_and_just_under(
    home: Path, truth: dict[str, list[str]], families: dict[str, list[Row]]
) -> None:
    left = defaultdict(float)
    for ago in range(1, 25):
        month = 2026 * 12 - ago
        path = next((home / "inbox").rglob(f"health_settlements_370402_{month // 12}{month % 12 + 1:02d}_01.*"))
        for row in read(path, "health_settlements", ago):
            if len(row) > 16 and row["personal_total"]:
                left[row["id_no"]] += float(row["personal_total"])
    sums = {event: sum(left[number] for number in people(truth, families, event)) for event in truth}
    assert sums["bill_just_under"] < 26_000 < sums["bill_just_over"]
    assert sums["aided_bill_under"] < 10_000 < sums["aided_bill_over"]
    assert sums["stay_just_under"] < 10_000 < sums["stay_just_over"]
    assert sums["monitored_bill_under"] < 23_119 / 2 < sums["monitored_bill_over"]
    assert sums["bill_refunded"] == 2_100 and sums["bill_refunded_later"] == 31_000


def test_a_house_that_burns_is_one_event_of_one_family(
    home: Path, truth: dict[str, list[str]], families: dict[str, list[Row]]
) -> None:
    happened = {row["id_no"]: row for row in every(home, "emergency_events")}
    fire = [happened[number] for number in people(truth, families, "fire_loss") if number in happened]
    assert [(row["kind"], row["loss"], row["dwelling"]) for row in fire] == [("2", "86000.00", "2")]
    dead = [happened[number]["harm"] for number in people(truth, families, "orphaned") if number in happened]
    assert dead == ["2", "2"]


def test_a_zero_is_stated_and_an_unknown_is_not(
    home: Path, truth: dict[str, list[str]], families: dict[str, list[Row]]
) -> None:
    paths = sorted((home / "inbox").rglob("civil_affairs_income_*"))
    stated = [row for path, ago in zip(paths, (24, 12), strict=True) for row in read(path, "civil_affairs_income", ago)]
    zero = [row for row in stated if row["id_no"] in people(truth, families, "no_income_at_all")]
    assert {(row["item"], row["amount"], row["source"]) for row in zero} >= {("D", "0.00", "2")}
    assert not [row for row in stated if row["id_no"] in people(truth, families, "income_unknown")]


def test_numbers_of_households_change_and_people_stay(
    truth: dict[str, list[str]], families: dict[str, list[Row]]
) -> None:
    def members(household: str, is_open: bool) -> set[str]:
        return {row["id_no"] for row in families[household] if (row["to_month"] == "") == is_open}

    old, new = sorted(truth["renumbered"])
    assert members(old, is_open=False) == members(new, is_open=True) and not members(old, is_open=True)
    home_of_parents, former = sorted(truth["households_merged"])
    assert members(former, is_open=False) < members(home_of_parents, is_open=True)
    first, second = sorted(truth["aid_twice"])
    assert len(members(first, is_open=True) & members(second, is_open=True)) == 1


def test_a_child_gets_its_number_in_the_register_of_a_later_month(home: Path, truth: dict[str, list[str]]) -> None:
    def blank(month: str, ago: int) -> int:
        path = next((home / "inbox").rglob(f"civil_affairs_members_370402_{month}_01.*"))
        rows = read(path, "civil_affairs_members", ago)
        return sum(row["household_no"] in truth["number_came_later"] and not row["id_no"] for row in rows)

    assert [blank("202505", 8), blank("202508", 5), blank("202509", 4), blank("202512", 1)] == [1, 1, 0, 0]


def test_registers_come_every_month_long_enough_to_be_judged(home: Path) -> None:
    months = [f"2025{month:02d}" for month in range(3, 13)]
    for contract in contracts().values():
        if contract.speaks_of_period or contract.month_of == "pay_month":
            found = {path.name.split("_")[-2] for path in (home / "inbox").rglob(f"{contract.extract}_370402_*")}
            assert found >= set(months[:-1]), contract.extract


def test_a_merged_town_stands_under_its_former_code_in_old_registers(home: Path) -> None:
    def towns(month: str, ago: int) -> set[str]:
        path = next((home / "inbox").rglob(f"civil_affairs_members_370402_{month}_01.*"))
        return {row["area12"][6:9] for row in read(path, "civil_affairs_members", ago)}

    assert {"008", "018"} & towns("202503", 10) == {"018"}
    assert {"008", "018"} & towns("202512", 1) == {"008"}


def test_the_county_s_own_standards_rise_inside_the_window_and_the_rural_one_is_per_year(home: Path) -> None:
    with engine(Home.at(home)) as connection:
        reference.open_values(Home.at(home), date(2026, 1, 21), connection)
        rows = connection.execute(
            "select residence, unit, value::integer, valid_from from given_values where name = 'dibao' order by all"
        ).fetchall()
    risen = date(2025, 8, 1)
    assert rows == [
        ("rural", "year", 9576, date(2000, 1, 1)), ("rural", "year", 9888, risen),
        ("urban", "month", 912, date(2000, 1, 1)), ("urban", "month", 941, risen),
    ]  # fmt: skip


def test_standards_that_a_home_has_are_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "reference" / "standards.csv"
    own.parent.mkdir()
    own.write_text("mine")
    make_county(tmp_path, 150, seed=5, as_of=AS_OF)
    assert own.read_text() == "mine"


# Later nights ---------------------------------------------------------------------------------------------------------


def night(home: Path, days: int) -> Path:
    return home / "later" / (AS_OF + timedelta(days=days)).isoformat()


def test_a_late_feed_comes_the_night_after(home: Path) -> None:
    late = "housing/housing_fund_370402_202512_01.csv"
    assert not (home / "inbox" / late).exists() and (night(home, 1) / late).exists()


def test_a_short_feed_lacks_a_town_until_it_is_sent_whole(home: Path, families: dict[str, list[Row]]) -> None:
    name = "health/health_insurance_370402_202512_{:02d}.csv"
    short = {row["id_no"] for row in read(home / "inbox" / name.format(1), "health_insurance", 1)}
    whole = {row["id_no"] for row in read(night(home, 2) / name.format(2), "health_insurance", 1)}
    towns = {row["id_no"]: row["area12"][6:9] for rows in families.values() for row in rows}
    assert short < whole
    assert {towns[number] for number in whole - short if number in towns} == {"007"}


def test_a_bill_is_taken_back_after_the_list(home: Path) -> None:
    refund, new = read(next(night(home, 1).rglob("health_settlements_*")), "health_settlements", 0)
    assert (refund["is_refund"], refund["personal_total"], new["personal_total"]) == ("1", "-31000.00", "2200.00")
    november = next((home / "inbox").rglob("health_settlements_370402_202511_01.csv"))
    assert refund["refunded_settlement_id"] in november.read_text(encoding="utf-8-sig")


def test_a_number_comes_with_the_register_sent_again(home: Path, truth: dict[str, list[str]]) -> None:
    again = read(next(night(home, 2).rglob("civil_affairs_members_*_02.csv")), "civil_affairs_members", 1)
    assert {row["household_no"] for row in again} >= set(truth["birth_without_number"])
    assert all(row["id_no"] for row in again)


def test_without_nights_nothing_comes_later(tmp_path: Path) -> None:
    make_county(tmp_path, 150, seed=5, as_of=AS_OF)
    assert not (tmp_path / "later").exists()
