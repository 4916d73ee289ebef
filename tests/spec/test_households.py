"""Who counts in which household and when, from drawn member lists: n, its changes, and what a person brings along."""

from datetime import date
from pathlib import Path

from assets import extracts
from assets.engine import engine
from assets.home import Home
from assets.intake import inbox
from expectations.contract import contracts
from expectations.identity import check_character
from tests.spec.county import NIGHT, County


def test_who_counts(county: County) -> None:
    county.receive(
        members="""
            household | person          | is_coliving | is_supporter | from_month | to_month
            family    | the head        |             |              |            |
            family    | his wife        |             | false        |            |
            family    | works elsewhere | false       |              |            |
            family    | daughter away   | true        | true         |            |
            family    | died last month |             |              |            | t-1
            family    | left before     |             |              |            | t-2
            family    | born last month |             |              | t-1        |
            family    | comes next      |             |              | t          |
        """,
    ).work_out().profile("household | members\n family | 4")


def test_only_what_a_counted_member_earns_counts(county: County) -> None:
    county.receive(
        members="""
            household | person          | is_coliving | is_supporter
            family    | the head        |             |
            family    | works elsewhere | false       |
            family    | daughter away   | true        | true
        """,
        wages="""
            person          | pay_month
            the head        | t-24..t-1
            works elsewhere | t-24..t-1
            daughter away   | t-24..t-1
        """,
    ).work_out().months("income", "household | t-24..t-1\n family | 3000 B")


def test_members_changed_says_whether_the_same_persons_count_in_every_month(county: County) -> None:
    county.receive(
        members="""
            household       | person | from_month | to_month
            the same        | Li     |            |
            joined t-15     | Wang   |            |
            joined t-15     | Wang 2 | t-15       |
            joined t-14     | Zhao   |            |
            joined t-14     | Zhao 2 | t-14       |
            left in t-16    | Qian   |            |
            left in t-16    | Qian 2 |            | t-16
            left in t-15    | Sun    |            |
            left in t-15    | Sun 2  |            | t-15
            left in t-2     | Zhou   |            |
            left in t-2     | Zhou 2 |            | t-2
            one for one     | Wu     |            |
            one for one     | Wu 2   |            | t-6
            one for one     | Wu 3   | t-5        |
            away for months | Zheng  |            |
            away for months | Feng   |            | t-8
            away for months | Feng   | t-5        |
            comes next      | Chen   |            |
            comes next      | Chen 2 | t          |
        """,
    ).work_out().profile(
        """
            household       | members | members_before | members_changed
            the same        | 1       | 1              | false
            joined t-15     | 2       | 2              | false
            joined t-14     | 2       | 1              | true
            left in t-16    | 1       | 1              | false
            left in t-15    | 1       | 2              | true
            left in t-2     | 1       | 2              | true
            one for one     | 2       | 2              | true
            away for months | 2       | 2              | true
            comes next      | 1       | 1              | false
        """
    )


def test_what_a_member_who_left_earned_still_counts(county: County) -> None:
    night = county.receive(
        members="""
            household | person  | to_month
            family    | the son | t-4
            family    | mother  |
        """,
        wages="person | pay_month | base\n the son | t-24..t-1 | 4000",
        pensions="person | pay_month\n mother | t-24..t-1",
        settlements="person | settled_at | total\n the son | t-5 | 300\n the son | t-3 | 500",
    ).work_out()
    night.months("income", "household | t-24..t-4 | t-3..t-1\n family | 5000 B | 1000 A")
    night.months("oop", "household | t-24..t-6 | t-5 | t-4..t-1\n family | 0 | 300 | 0")
    night.profile("household | income_before | income_now | members\n family | 5000 | 1000 | 1")


def test_a_register_speaks_from_its_month_until_the_next(county: County) -> None:
    """The earliest speaks for the months before it too; what a later one says of earlier months is not heard."""
    night = county.receive(
        members="""
            household | person   | period | from_month
            family    | Li       | t-10   | t-30
            family    | his wife | t-10   | t-30
            family    | Li       | t-4    | t-30
            family    | the baby | t-4    | t-8
            other     | his wife | t-4    | t-8
            ended     | Wang     | t-10   |
        """,
        wages="person | pay_month | base\n Li | t-24..t-1 | 3000\n his wife | t-24..t-1 | 1000\n the baby | t-24..t-1 | 10",
    ).work_out()
    night.months("income", "household | t-24..t-5 | t-4..t-1\n family | 4000 B | 3010 B\n other | ? | 1000 B")
    assert "ended" not in night.of("households")


def test_of_one_period_the_highest_seq_stands_whole(county: County) -> None:
    county.receive(
        members="""
            household | person   | seq | is_coliving
            family    | Li       | 1   |
            family    | his wife | 1   |
            family    | his aunt | 1   |
            family    | Li       | 2   |
            family    | his wife | 2   |
        """,
    ).work_out().profile("household | members\n family | 2")


def test_a_person_of_two_households_counts_in_the_one_joined_last(county: County) -> None:
    night = county.receive(
        members="""
            household | person  | from_month | to_month | is_coliving
            old       | father  | t-30       |          |
            old       | the son | t-30       |          |
            new       | wife    | t-6        |          |
            new       | the son | t-6        |          |
            visited   | uncle   | t-30       |          |
            visited   | the son | t-2        |          | false
            for short | aunt    | t-30       |          |
            for short | girl    | t-12       | t-10     |
            home      | granny  | t-30       |          |
            home      | girl    | t-30       |          |
        """,
        wages="person | pay_month\n the son | t-24..t-1\n girl | t-24..t-1",
        pensions="person | pay_month\n"
        + "\n".join(f"{one} | t-24..t-1" for one in ("father", "wife", "uncle", "aunt", "granny")),
    ).work_out()
    night.months(
        "income",
        """
            household | t-24..t-13 | t-12..t-10 | t-9..t-7 | t-6..t-1
            old       | 4000 B     | 4000 B     | 4000 B   | 1000 A
            new       | ?          | ?          | ?        | 4000 B
            visited   | 1000 A     | 1000 A     | 1000 A   | 1000 A
            for short | 1000 A     | 4000 B     | 1000 A   | 1000 A
            home      | 4000 B     | 1000 A     | 4000 B   | 4000 B
        """,
    )
    night.profile(
        """
            household | members | members_before | members_changed
            old       | 1       | 2              | true
            new       | 2       | 0              | true
            visited   | 1       | 1              | false
            for short | 1       | 1              | true
            home      | 2       | 2              | true
        """
    )


def test_who_stands_in_no_list_is_a_provisional_household_of_one(county: County) -> None:
    night = county.receive(
        members="household | person\n family | Li",
        wages="person | pay_month | base | is_paid\n Wang | t-24..t-4 | 3000 |\n Wang | t-3..t-1 | 3000 | false",
    ).judge()
    (household,) = (row for row in night.tables["households"] if row["is_provisional"])
    assert household["household_no"].startswith("临") and household["residence"] == "urban"
    assert not household["is_residence_known"] and household["area12"] == "990402000000"
    night.profile("household | members | income_before | income_now\n (alone) | 1 | 3000 | 0")
    assert night.levels() == {"(alone)": {"INC-DROP": 2, "INC-BELOW": 2, "EARN-LOST": 2, "SI-LAPSE": 2, "INC-LOW": 1}}


def test_a_student_of_18_still_counts(county: County) -> None:
    night = county.receive(
        members="household | person\n family | mother\n family | daughter\n family | son",
        people="person | born_on\n daughter | 2008-01-21\n son | 2008-01-22",
        students="person | stage | tuition\n daughter | 4 | 1200\n son | 4 | 1200",
    ).work_out()
    night.profile("household | members | children | education_cost\n family | 3 | 1 | 2400")


def test_the_head_decides_place_and_standard(county: County) -> None:
    night = county.receive(
        members="""
            household    | person  | relation | hukou_type | area12
            rural head   | Li      | 02       | 2          | 990402001001
            rural head   | wife    | 10       | 1          | 990402001002
            rural head   | mother  | 50       | 1          | 990402001003
            head unknown | Wang    | 02       | -          |
            head unknown | son     | 20       | 1          |
            head unknown | brother | 70       | 2          |
            head unknown | granny  | 60       | 2          |
            one each     | Qian    | 02       | -          |
            one each     | parent  | 50       | 2          |
            one each     | uncle   | 97       | 1          |
            all unknown  | Zhao    | 02       | -          |
            no head      | cousin  | 97       | 2          | 990402001002
            no head      | aunt    | 10       | 1          | 990402001001
        """,
    ).work_out()
    found = {
        name: (row["residence"], row["is_residence_known"], row["area12"][-3:])
        for name, row in night.of("households").items()
    }
    assert found == {
        "rural head": ("rural", True, "001"),
        "head unknown": ("rural", True, "001"),
        "one each": ("urban", True, "001"),
        "all unknown": ("urban", False, "001"),
        "no head": ("urban", True, "001"),
    }


def test_a_newborn_without_a_number_counts(tmp_path: Path, quick: None) -> None:
    """Through the real intake, for the key of an unnumbered member is made there."""
    home = Home.at(tmp_path / "home")
    numbers = [first + check_character(first) for first in ("99040219900101001", "99040219920202002")]
    lines = [
        "家庭编号,身份证号,姓名,与户主关系,是否共同生活,居住地区划,户口性质,起始年月",
        f"H1,{numbers[0]},甲,户主,是,990402001001,城镇,202301",
        f"H1,{numbers[1]},乙,配偶,是,990402001001,城镇,202301",
        "H1,,丙,女,是,990402001001,城镇,202512",
        "H1,,丁,子,是,990402001001,城镇,202512",
    ]
    folder = home.inbox / "civil_affairs"
    folder.mkdir()
    (folder / "civil_affairs_members_990402_202512_01.csv").write_text("\n".join(lines), encoding="utf-8")
    inbox.take_in(home, NIGHT)
    with engine(home) as connection:
        extracts.take_in(home, connection, contracts()["civil_affairs_members"], NIGHT)
    night = County(home).work_out()
    night.profile("household | members | members_before | members_changed\n H1 | 4 | 2 | true")
    assert [row["is_unnumbered"] for row in night.tables["household_members"]].count(True) == 2


def test_age_is_that_of_the_night(county: County) -> None:
    county.receive(
        members="household | person\n family | father\n family | mother\n family | leap day",
        people="person | born_on\n father | 1966-01-21\n mother | 1966-01-22\n leap day | 1966-02-28",
    ).work_out(date(2026, 1, 21)).profile("household | elders\n family | 1")
