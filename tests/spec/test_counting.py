"""Who counts and who does not: the dead, prisoners, the missing, newborns, people in two lists, people in none."""

from pathlib import Path

from assets import extracts
from assets.engine import engine
from assets.home import Home
from assets.intake import inbox
from expectations.contract import contracts
from expectations.identity import check_character
from tests.drawn import drawn
from tests.spec.county import NIGHT, County, Worked, month, person_key


def counting(night: Worked, table: str) -> None:
    """Holds the months in which persons count (`t-24..t-8 t-3..t-1`) against a drawn table."""
    found = {}
    for row in night.tables["household_members"]:
        backs = [back for back in range(24, 0, -1) if row["months"] >> (back - 1) & 1]
        starts = [back for back in backs if back + 1 not in backs]
        ends = [back for back in backs if back - 1 not in backs]
        found[row["person_key"]] = " ".join(f"t-{a}..t-{b}" for a, b in zip(starts, ends, strict=True))
    rows = drawn(table)
    assert [f"{row['person']}: {found[person_key(row['person'])]}" for row in rows] == [
        f"{row['person']}: {row['counts']}" for row in rows
    ]


def test_the_dead_prisoners_and_the_missing_do_not_count(county: County) -> None:
    """A month is counted in which someone dies; one is away from the first month on that a register says so."""
    night = county.receive(
        members="""
            household | person
            family    | the head
            family    | died at home
            family    | died, no day
            family    | died by fire
            family    | dead long ago
            family    | dies now
            family    | in prison
            family    | in detox
            family    | missing
            family    | back again
        """,
        records="""
            person        | record | recorded_on
            died at home  | 4      | t-6
            dead long ago | 4      | 2020-05-03
            dies now      | 4      | t/15
        """,
        events="person | harm | happened_on\n died by fire | 2 | t-2\n missing | 3 | t-9",
        registry="""
            person       | status | custody | changed_on | period
            the head     | 1      |         |            | t-30
            in prison    | 1      | 1       | t-4        | t-30
            back again   | 1      | 0       |            | t-30
            the head     | 1      |         |            | t-8
            in prison    | 1      | 1       | t-4        | t-8
            in detox     | 1      | 2       |            | t-8
            back again   | 1      | 1       |            | t-8
            died, no day | 2      |         |            | t-8
            the head     | 1      |         |            | t-3
            in prison    | 1      | 1       | t-4        | t-3
            in detox     | 1      | 2       |            | t-3
            back again   | 1      | 0       |            | t-3
            died, no day | 2      |         |            | t-3
        """,
    ).work_out()
    counting(
        night,
        """
            person        | counts
            the head      | t-24..t-1
            died at home  | t-24..t-6
            died, no day  | t-24..t-8
            died by fire  | t-24..t-2
            dead long ago |
            dies now      | t-24..t-1
            in prison     | t-24..t-9
            in detox      | t-24..t-9
            missing       | t-24..t-10
            back again    | t-24..t-9 t-3..t-1
        """,
    )
    night.profile("household | members | members_before | members_changed\n family | 3 | 9 | true")
    told = {(row["month"], row["kind"]): row["persons"] for row in night.tables["structure_changes"]}
    assert told == {
        (month(9), "taken away"): 1,
        (month(8), "taken away"): 3,
        (month(8), "death"): 1,
        (month(6), "death"): 1,
        (month(3), "came back"): 1,
        (month(2), "death"): 1,
    }


def test_members_who_have_not_counted_for_years_are_still_asked_about(county: County) -> None:
    """A child whose parents are dead and in prison; aid for someone long dead. Neither counts, both are in the list."""
    night = county.receive(
        members="""
            household | person | relation
            family    | father | 02
            family    | mother | 10
            family    | child  | 20
        """,
        people="person | born_on\n child | 2015-05-01",
        registry="person | custody | status\n father | 1 | 1\n mother | 0 | 1\n child | 0 | 1",
        records="person | record | recorded_on\n mother | 4 | 2020-05-03",
        aid="person | aid_type\n mother | 110",
    ).judge()
    assert night.levels("CHILD-NOCARE", "ADM-DEATH") == {"family": {"CHILD-NOCARE": 3, "ADM-DEATH": 2}}
    night.profile("household | members | aid_months_after_death\n family | 1 | 12")


def test_the_dead_have_no_pension_that_stops(county: County) -> None:
    """Also who died in the last closed month, and so still counts in it."""
    night = county.receive(
        members="household | person\n alive | Li\n alive | Wang\n dead | Zhao\n dead | Qian",
        pensions="""
            person | pay_month | status
            Li     | t-24..t-3 | 1
            Li     | t-2..t-1  | 2
            Zhao   | t-24..t-2 | 1
            Zhao   | t-1..t-1  | 2
        """,
        records="person | record | recorded_on\n Zhao | 4 | t-1",
    ).judge()
    assert night.levels("PENSION-STOP") == {"alive": {"PENSION-STOP": 1}}
    night.profile("household | members\n alive | 2\n dead | 2")


def test_who_stands_in_two_lists_counts_once_and_is_told_of(county: County) -> None:
    night = county.receive(
        members="""
            household | person  | from_month | to_month | is_coliving
            old       | father  | t-30       |          |
            old       | the son | t-30       |          |
            new       | wife    | t-6        |          |
            new       | the son | t-6        |          |
            visited   | uncle   | t-30       |          |
            visited   | wife    | t-2        |          | false
            before    | aunt    | t-30       |          |
            before    | girl    | t-30       | t-4      |
            now       | mother  | t-30       |          |
            now       | girl    | t-8        |          |
        """,
    ).work_out()
    names = {row["household_id"]: row["household_no"] for row in night.tables["households"]}
    assert [(row["person_key"], row["household_nos"], names[row["counted_in"]]) for row in night.tables["doubled"]] == [
        (person_key("the son"), ["new", "old"], "new")
    ]
    night.profile(
        """
            household | members | members_in_two
            old       | 1       | 1
            new       | 2       | 1
            visited   | 1       | 0
            before    | 1       | 0
            now       | 2       | 0
        """
    )


def test_two_numbers_of_one_household_are_no_two_lists(county: County) -> None:
    """A number that was not closed when its people got another."""
    night = county.receive(
        members="household | person | from_month\n A | Li | t-30\n A | wife | t-30\n B | Li | t-5\n B | wife | t-5",
    ).work_out()
    assert night.tables["doubled"] == []
    night.profile("household | members | members_changed | members_in_two\n B | 2 | false | 0")


def test_who_stands_in_no_list_lives_with_the_police_register(county: County) -> None:
    """The composition stays unknown: level 2 at most. A collective register, or one that let go, makes no household."""
    night = county.receive(
        members="household | person\n family | Li\n family | wife",
        registry="""
            person    | registry_no | relation | status | period | area12
            Li        | r1          | 02       | 1      | t-3    |
            father    | r1          | 50       | 1      | t-3    | 990402001009
            mother    | r1          | 50       | 1      | t-3    | 990402001009
            moved in  | r2          | 97       | 4      | t-9    |
            moved in  | r3          | 02       | 4      | t-3    |
            his wife  | r3          | 10       | 1      | t-3    |
            moved out | r3          | 20       | 3      | t-3    |
            buried    | r3          | 50       | 2      | t-3    |
            worker 1  | r4          | 97       | 1      | t-3    |
            worker 2  | r4          | 97       | 1      | t-3    |
            worker 3  | r4          | 02       | 1      | t-3    |
        """,
        settlements="""
            person   | settled_at | total
            father   | t-2        | 40000
            mother   | t-2        | 40000
            in none  | t-2        | 100
        """,
    ).judge()
    told = {row["household_id"]: row for row in night.tables["households"] if row["is_provisional"]}
    together: dict[int, set[int]] = {}
    for row in night.tables["persons"]:
        if row["is_provisional"]:
            together.setdefault(row["household_id"], set()).add(row["person_key"])
    groups = [
        {"father", "mother"},
        {"moved in", "his wife"},
        {"moved out"},
        {"worker 1"},
        {"worker 2"},
        {"worker 3"},
        {"in none"},
    ]
    assert {frozenset(keys) for keys in together.values()} == {frozenset(map(person_key, names)) for names in groups}
    (parents,) = (one for one, keys in together.items() if person_key("father") in keys)
    assert told[parents]["members"] == 2 and told[parents]["area12"] == "990402001009"
    hits = {hit["rule"]: hit["level"] for hit in night.tables["hits"] if hit["household_id"] == parents}
    assert hits["MED-ABS"] == 2
    assert {row["level"] for row in night.tables["cases"] if row["household_id"] == parents} == {2}


def test_a_provisional_household_ends_when_its_people_enter_a_list(county: County) -> None:
    """It passes its id to nobody: the list says who the family is, the register did not know."""
    county.receive(
        registry="person | registry_no\n Li | r1\n wife | r1",
        settlements="person | settled_at | total\n Li | t-2 | 60000",
        members="household | person\n other | Wang",
    )
    first = county.judge()
    night = county.receive(
        NIGHT.replace(day=22), members="household | person | seq\n other | Wang | 2\n A | Li | 2\n A | wife | 2"
    ).judge(NIGHT.replace(day=22))
    (provisional,) = (row["household_id"] for row in first.tables["households"] if row["is_provisional"])
    assert provisional not in {row["household_id"] for row in night.tables["households"]}
    night.cases("household | change | level\n A | new | 3")


def test_a_newborn_who_gets_a_number_changes_nothing(county: County) -> None:
    """It ends where a numbered member begins who joined in the same month, or was born in it of a mother who lives there."""
    night = county.receive(
        members="""
            household  | person   | is_unnumbered | from_month | to_month | period
            same month | Li       |               |            |          | t-30
            same month | baby     | true          | t-17       |          | t-17
            same month | Li       |               |            |          | t-17
            by birth   | Wang     |               |            |          | t-17
            by birth   | baby 2   | true          | t-17       |          | t-17
            twins      | Zhao     |               |            |          | t-17
            twins      | baby 3   | true          | t-17       |          | t-17
            twins      | baby 4   | true          | t-17       |          | t-17
            a cousin   | Qian     |               |            |          | t-17
            a cousin   | baby 5   | true          | t-17       |          | t-17
            same month | Li       |               |            |          | t-5
            same month | numbered |               | t-17       |          | t-5
            by birth   | Wang     |               |            |          | t-5
            by birth   | born 2   |               | t-5        |          | t-5
            twins      | Zhao     |               |            |          | t-5
            twins      | born 3   |               | t-17       |          | t-5
            twins      | born 4   |               | t-17       |          | t-5
            a cousin   | Qian     |               |            |          | t-5
            a cousin   | cousin   |               | t-5        |          | t-5
        """,
        records="person | record | recorded_on | mother\n born 2 | 5 | t-17 | Wang\n cousin | 5 | t-17 | Li",
        people="person | born_on\n numbered | 2024-08-03\n born 2 | 2024-08-10\n born 3 | 2024-08-04\n born 4 | 2024-08-04",
    ).work_out()
    night.profile(
        """
            household  | members | members_before | members_changed | children
            same month | 2       | 2              | false           | 1
            by birth   | 2       | 2              | false           | 1
            twins      | 3       | 3              | false           | 2
            a cousin   | 2       | 2              | true            | 0
        """
    )
    counting(
        night, "person | counts\n numbered | t-17..t-1\n born 3 | t-17..t-1\n born 4 | t-17..t-1\n cousin | t-5..t-1"
    )


def test_the_number_comes_through_the_real_intake(tmp_path: Path, quick: None) -> None:
    """The key of an unnumbered member is made at intake, and nothing but the list tells that it is the same child."""
    home = Home.at(tmp_path / "home")
    numbers = [first + check_character(first) for first in ("99040219900101001", "99040220240803002")]
    head = "家庭编号,身份证号,姓名,与户主关系,是否共同生活,居住地区划,户口性质,起始年月"
    mother = f"H1,{numbers[0]},甲,户主,是,990402001001,城镇,202301"
    folder = home.inbox / "civil_affairs"
    folder.mkdir()
    for period, child in (
        ("202408", "H1,,丙,女,是,990402001001,城镇,202408"),
        ("202509", f"H1,{numbers[1]},丙,女,是,990402001001,城镇,202408"),
    ):
        name = f"civil_affairs_members_990402_{period}_01.csv"
        (folder / name).write_text("\n".join([head, mother, child]), encoding="utf-8")
    inbox.take_in(home, NIGHT)
    with engine(home) as connection:
        extracts.take_in(home, connection, contracts()["civil_affairs_members"], NIGHT)
    night = County(home).work_out()
    night.profile("household | members | members_before | members_changed | children\n H1 | 2 | 2 | false | 1")
    assert [row["kind"] for row in night.tables["structure_changes"]] == ["birth"]
