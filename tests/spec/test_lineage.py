"""Households that last: which household a number stands for through splits, merges, renumberings and late corrections.

A household is named by the number that it had first; `A again` is a second one of a number given anew.
"""

import shutil
from datetime import date, timedelta

import pytest

from assets.home import Refusal
from tests.drawn import drawn
from tests.spec.county import NIGHT, County, Worked, month


def lineage(night: Worked, table: str) -> None:
    """Holds the numbers that the registers of the night tell of, and the households they stand for, against a drawn table."""
    rows = sorted(night.tables["lineage"], key=lambda row: (row["household_no"], row["since_month"]))
    names: dict[int, str] = {}
    for row in rows:
        is_own = row["number_key"] == row["household_id"]
        if is_own or row["predecessor_no"] is None:
            names[row["household_id"]] = row["household_no"] + ("" if is_own else " again")

    def back(day: date) -> int:
        return (night.as_of.year - day.year) * 12 + night.as_of.month - day.month

    found = [
        {
            "number": row["household_no"],
            "months": f"t-{back(row['since_month'])}..t-{back(row['until_month'])}",
            "household": names[row["household_id"]],
            "kind": row["kind"],
        }
        for row in rows
        if row["is_in_force"]
    ]
    wanted = drawn(table)
    assert [" | ".join(row.values()) for row in found] == [" | ".join(row.values()) for row in wanted]


def changes(night: Worked, table: str) -> None:
    """Holds the structure changes against a drawn table, households by the number they have tonight."""
    names = {row["household_id"]: row["household_no"] for row in night.tables["households"]}
    found = [
        f"{names[row['household_id']]} | {row['month']:%Y-%m} | {row['kind']} | {row['persons']}"
        for row in night.tables["structure_changes"]
        if row["household_id"] in names
    ]
    wanted = [
        f"{row['household']} | {month(int(row['month'].removeprefix('t-')), night.as_of):%Y-%m} | {row['kind']} | {row['persons']}"
        for row in drawn(table)
    ]
    assert sorted(found) == sorted(wanted)


def test_a_renumbered_household_is_the_same(county: County) -> None:
    """All go over to another number, with a child more: nothing has changed but the number."""
    night = county.receive(
        members="""
            household | person | from_month | to_month
            A         | Li     |            | t-6
            A         | wife   |            | t-6
            B         | Li     | t-5        |
            B         | wife   | t-5        |
        """,
        wages="person | pay_month | base\n Li | t-24..t-6 | 4000\n Li | t-5..t-1 | 2000",
    ).judge()
    lineage(
        night,
        """
            number | months     | household | kind
            A      | t-24..t-6  | A         | first
            B      | t-5..t-1   | A         | renumbered
        """,
    )
    changes(night, "household | month | kind | persons\n B | t-5 | renumbered | 2")
    night.profile("household | members | members_changed | members_before\n B | 2 | false | 2")
    assert night.levels("INC-DROP") == {"B": {"INC-DROP": 2}}


def test_who_moves_how_many_decides_where_a_household_goes_on(county: County) -> None:
    """The larger part of a split, the larger part of a merge; the number where as many stay as leave."""
    night = county.receive(
        members="""
            household       | person    | relation | from_month | to_month
            1 son leaves    | father 1  |          |            |
            1 son leaves    | mother 1  |          |            |
            1 son leaves    | son 1     |          |            | t-6
            1 son's own     | son 1     |          | t-5        |
            2 parents stay  | father 2  |          |            |
            2 parents stay  | son 2     |          |            | t-6
            2 parents stay  | wife 2    |          |            | t-6
            2 young family  | son 2     |          | t-5        |
            2 young family  | wife 2    |          | t-5        |
            3 half leaves   | father 3  |          |            |
            3 half leaves   | son 3     |          |            | t-6
            3 half          | son 3     |          | t-5        |
            4 both new      | father 4  |          |            | t-6
            4 both new      | mother 4  |          |            | t-6
            4 both new      | son 4     |          |            | t-6
            4 larger        | father 4  |          | t-5        |
            4 larger        | mother 4  |          | t-5        |
            4 smaller       | son 4     |          | t-5        |
            5 joins         | granny 5  |          |            | t-6
            5 large         | father 5  |          |            |
            5 large         | mother 5  |          |            |
            5 large         | granny 5  |          | t-5        |
            6 large joins   | father 6  | 02       |            | t-6
            6 large joins   | mother 6  |          |            | t-6
            6 small         | granny 6  | 02       |            |
            6 small         | father 6  | 20       | t-5        |
            6 small         | mother 6  | 97       | t-5        |
        """,
    ).work_out()
    lineage(
        night,
        """
            number         | months    | household      | kind
            1 son leaves   | t-24..t-1 | 1 son leaves   | first
            1 son's own    | t-5..t-1  | 1 son's own    | split
            2 parents stay | t-24..t-6 | 2 parents stay | first
            2 parents stay | t-5..t-1  | 2 parents stay again | split
            2 young family | t-5..t-1  | 2 parents stay | split
            3 half         | t-5..t-1  | 3 half         | split
            3 half leaves  | t-24..t-1 | 3 half leaves  | first
            4 both new     | t-24..t-6 | 4 both new     | first
            4 larger       | t-5..t-1  | 4 both new     | renumbered
            4 smaller      | t-5..t-1  | 4 smaller      | split
            5 joins        | t-24..t-6 | 5 joins        | first
            5 large        | t-24..t-1 | 5 large        | first
            6 large joins  | t-24..t-6 | 6 large joins  | first
            6 small        | t-24..t-6 | 6 small        | first
            6 small        | t-5..t-1  | 6 large joins  | merged
        """,
    )
    changes(
        night,
        """
            household      | month | kind       | persons
            1 son leaves   | t-5   | split      | 1
            1 son's own    | t-5   | split      | 1
            2 parents stay | t-5   | split      | 1
            2 young family | t-5   | split      | 1
            2 young family | t-5   | renumbered | 2
            3 half leaves  | t-5   | split      | 1
            3 half         | t-5   | split      | 1
            4 larger       | t-5   | split      | 1
            4 larger       | t-5   | renumbered | 2
            4 smaller      | t-5   | split      | 1
            5 large        | t-5   | merge      | 1
            6 small        | t-5   | merge      | 1
            6 small        | t-5   | renumbered | 3
            6 small        | t-5   | new head   | 1
        """,
    )


def test_two_that_come_together_in_equal_parts_stay_where_they_come(county: County) -> None:
    night = county.receive(
        members="""
            household | person | relation | from_month | to_month
            A         | Li     | 02       |            | t-6
            B         | Wang   | 02       |            |
            B         | Li     | 10       | t-5        |
            C         | Zhao   | 02       |            | t-6
            D         | Qian   | 02       |            | t-6
            E         | Qian   | 02       | t-5        |
            E         | Zhao   | 10       | t-5        |
        """,
    ).work_out()
    lineage(
        night,
        """
            number | months    | household | kind
            A      | t-24..t-6 | A         | first
            B      | t-24..t-1 | B         | first
            C      | t-24..t-6 | C         | first
            D      | t-24..t-6 | D         | first
            E      | t-5..t-1  | D         | renumbered
        """,
    )
    changes(
        night,
        """
            household | month | kind       | persons
            B         | t-5   | marriage   | 1
            E         | t-5   | renumbered | 2
            E         | t-5   | marriage   | 1
        """,
    )


def test_what_befalls_members_leaves_the_household_as_it_is(county: County) -> None:
    """Death, birth, marriage and a new head change who counts, never which household it is."""
    night = county.receive(
        members="""
            household | person   | relation | from_month | to_month | period
            family    | the head | 02       |            |          | t-24
            family    | his son  | 20       |            |          | t-24
            family    | his son  | 02       |            |          | t-7
            family    | the wife | 10       | t-6        |          | t-6
            family    | his son  | 02       |            |          | t-6
            family    | the wife | 10       | t-6        |          | t-3
            family    | his son  | 02       |            |          | t-3
            family    | the baby | 30       | t-3        |          | t-3
        """,
        people="person | born_on\n the baby | 2025-10-03",
        records="person | record | recorded_on\n the head | 4 | t-8",
    ).work_out()
    lineage(night, "number | months | household | kind\n family | t-24..t-1 | family | first")
    changes(
        night,
        """
            household | month | kind     | persons
            family    | t-8   | death    | 1
            family    | t-7   | new head | 1
            family    | t-6   | marriage | 1
            family    | t-3   | birth    | 1
        """,
    )
    night.profile("household | members | members_before | members_changed\n family | 3 | 2 | true")
    profile = night.of("household_profile")["family"]
    assert profile["last_change"] == month(3)
    assert profile["change_kinds"] == ["birth", "marriage", "new head", "death"]
    assert profile["change_months"] == [month(3), month(6), month(7), month(8)]


def test_who_joins_and_leaves_otherwise(county: County) -> None:
    night = county.receive(
        members="""
            household | person  | relation | from_month | to_month
            A         | Li      |          |            |
            A         | his son | 20       |            |
            A         | cousin  | 97       |            | t-6
            B         | Wang    |          |            |
            B         | mother  | 50       |            |
            B         | cousin  | 97       | t-5        |
            B         | nephew  | 97       | t-2        |
        """,
    ).work_out()
    changes(
        night,
        """
            household | month | kind      | persons
            A         | t-5   | moved out | 1
            B         | t-5   | moved in  | 1
            B         | t-2   | moved in  | 1
        """,
    )


def test_a_number_given_to_other_people_is_another_household(county: County) -> None:
    """At once, after a gap, and where its first people live on under another number."""
    county.receive(
        members="""
            household  | person | from_month | to_month
            at once    | Li     |            | t-6
            at once    | Wang   | t-5        |
            gap        | Zhao   |            | t-9
            gap        | Qian   | t-5        |
            gone       | Sun    |            | t-6
            gone       | Zhou   | t-5        |
            new number | Sun    | t-5        |
        """,
    )
    night = county.judge()
    lineage(
        night,
        """
            number     | months    | household     | kind
            at once    | t-24..t-6 | at once       | first
            at once    | t-5..t-1  | at once again | reused
            gap        | t-24..t-9 | gap           | first
            gap        | t-5..t-1  | gap again     | reused
            gone       | t-24..t-6 | gone          | first
            gone       | t-5..t-1  | gone again    | reused
            new number | t-5..t-1  | gone          | renumbered
        """,
    )
    later = county.judge(NIGHT + timedelta(days=1))
    assert later.tables["lineage"] == night.tables["lineage"]


def test_a_chain_of_numbers_is_one_household(county: County) -> None:
    night = county.receive(
        members="""
            household | person | from_month | to_month
            C         | Li     |            | t-12
            C         | wife   |            | t-12
            A         | Li     | t-11       | t-6
            A         | wife   | t-11       | t-6
            B         | Li     | t-5        |
            B         | wife   | t-5        |
        """,
    ).work_out()
    lineage(
        night,
        """
            number | months     | household | kind
            A      | t-11..t-6  | C         | renumbered
            B      | t-5..t-1   | C         | renumbered
            C      | t-24..t-12 | C         | first
        """,
    )
    night.profile("household | members | members_changed\n B | 2 | false")


@pytest.mark.slow
def test_an_id_stays_when_the_renumbering_has_left_the_kept_months(county: County) -> None:
    """Night after night over three years; the old number's rows are history then, and its id is not given again."""
    county.receive(
        members="""
            household | person | from_month | to_month
            A         | Li     |            | t-6
            B         | Li     | t-5        |
            split     | Wang   |            |
            split     | son    |            | t-6
            part      | son    | t-5        |
        """,
    )
    ids = None
    for back in (0, -1, -7, -18, -19, -30, -42):
        night = county.judge(month(back))
        found = {name: row["household_id"] for name, row in night.of("households").items()}
        ids = ids or found
        assert found == ids
    assert {row["household_no"]: row["is_in_force"] for row in night.tables["lineage"]} == {
        "A": False, "B": True, "split": True, "part": True,
    }  # fmt: skip
    county.receive(
        month(-42),
        members="""
            household | person | period
            A         | Zhao   | t+41
            B         | Li     | t+41
            split     | Wang   | t+41
            part      | son    | t+41
        """,
    )
    night = county.judge(month(-43))
    new = {name: row["household_id"] for name, row in night.of("households").items()}
    assert {name: new[name] for name in ids} == ids and new["A"] not in ids.values()


def test_another_county_code_is_another_number_of_the_same_household(county: County) -> None:
    """Registers of the abolished county stand until the new county's speak; both join months are the old one."""
    county.receive(
        members="""
            household | person | area12       | period
            A         | Li     | 990402001001 | t-24
            A         | wife   | 990402001001 | t-24
            C         | Wang   | 990402001001 | t-24
        """,
    )
    before = county.judge()
    county.receive(
        month(-1),
        members="""
            household | person | area12       | period | from_month
            B         | Li     | 990499001001 | t      | t
            B         | wife   | 990499001001 | t      | t
            D         | Wang   | 990499001001 | t      |
        """,
    )
    night = county.judge(month(-1))
    lineage(
        night,
        """
            number | months    | household | kind
            A      | t-25..t-2 | A         | first
            B      | t-1..t-1  | A         | renumbered
            D      | t-24..t-1 | C         | renumbered
        """,
    )
    assert {row["area6"] for row in night.of("households").values()} == {"990499"}
    ids = {name: row["household_id"] for name, row in before.of("households").items()}
    now = {name: row["household_id"] for name, row in night.of("households").items()}
    assert now == {"B": ids["A"], "D": ids["C"]}
    changes(night, "household | month | kind | persons\n B | t-1 | renumbered | 2\n D | t-1 | renumbered | 1")


def test_a_late_correction_makes_no_second_household(county: County) -> None:
    """The same period anew with other numbers: no month shows the change, so last night's members tell who it is."""
    county.receive(
        members="""
            household | person | period
            A         | Li     | t-1
            A         | wife   | t-1
            A         | son    | t-1
            C         | Wang   | t-1
            C         | mother | t-1
            C         | aunt   | t-1
        """,
    )
    ids = {name: row["household_id"] for name, row in county.judge().of("households").items()}
    county.receive(
        NIGHT + timedelta(days=1),
        members="""
            household | person | period | seq
            B         | Li     | t-1    | 2
            B         | wife   | t-1    | 2
            D         | son    | t-1    | 2
            E         | Wang   | t-1    | 2
            F         | mother | t-1    | 2
            G         | aunt   | t-1    | 2
        """,
    )
    night = county.judge(NIGHT + timedelta(days=1))
    again = county.judge(NIGHT + timedelta(days=1))
    now = {name: row["household_id"] for name, row in night.of("households").items()}
    assert now["B"] == ids["A"] and len({*now.values(), ids["C"]}) == 6
    assert again.tables == night.tables
    changes(night, "household | month | kind | persons\n B | t-1 | renumbered | 2")


@pytest.mark.parametrize(
    "correction",
    [
        "B | Li | t-7 | 1\n B | wife | t-7 | 1",
        "A | Li | t-5 | 2\n A | wife | t-5 | 2\n B | Li | t-3 | 1\n B | wife | t-3 | 1",
        "A | Li | t-5 | 2\n A | wife | t-5 | 2",
    ],
    ids=["earlier", "later", "never"],
)
def test_a_correction_of_the_month_of_a_renumbering_changes_no_id(county: County, correction: str) -> None:
    county.receive(
        members="""
            household | person | period
            A         | Li     | t-24
            A         | wife   | t-24
            B         | Li     | t-5
            B         | wife   | t-5
        """,
    )
    first = county.judge()
    county.receive(
        NIGHT + timedelta(days=1),
        members=f"household | person | period | seq\n{correction}",
    )
    night = county.judge(NIGHT + timedelta(days=1))
    ids = {row["household_id"] for table in (first, night) for row in table.tables["lineage"]}
    assert len(ids) == 1
    assert [row["members_changed"] for row in night.tables["household_profile"]] == [False]


def test_an_id_that_stands_elsewhere_is_not_given_twice(county: County) -> None:
    """A correction shows another number between; where both stand at once last night's word holds."""
    county.receive(
        members="""
            household | person | period
            A         | Li     | t-24
            A         | wife   | t-24
            A         | son    | t-24
            B         | Li     | t-5
            B         | wife   | t-5
            B         | son    | t-5
        """,
    )
    county.judge()
    county.receive(
        NIGHT + timedelta(days=1),
        members="household | person | period\n C | Li | t-8\n C | wife | t-8\n A | son | t-8",
    )
    between = county.judge(NIGHT + timedelta(days=1))
    lineage(
        between,
        """
            number | months    | household | kind
            A      | t-24..t-9 | A         | first
            A      | t-8..t-6  | A again   | split
            B      | t-5..t-1  | A         | renumbered
            C      | t-8..t-6  | A         | split
        """,
    )
    county.receive(
        NIGHT + timedelta(days=2),
        members="""
            household | person | period | seq
            D         | Li     | t-5    | 2
            D         | wife   | t-5    | 2
            B         | son    | t-5    | 2
        """,
    )
    at_once = county.judge(NIGHT + timedelta(days=2))
    lineage(
        at_once,
        """
            number | months    | household | kind
            A      | t-24..t-9 | A         | first
            A      | t-8..t-6  | A again   | split
            B      | t-5..t-1  | A         | renumbered
            C      | t-8..t-6  | A         | split
            D      | t-5..t-1  | D         | split
        """,
    )


def test_a_register_that_comes_late_still_decides_by_most_persons(county: County) -> None:
    """Until it came the old one spoke for its months too."""
    county.receive(members="household | person | period\n A | Li | t-24\n A | wife | t-24\n A | son | t-24")
    first = county.judge()
    county.receive(
        NIGHT + timedelta(days=1),
        members="household | person | period\n A | son | t-5\n B | Li | t-5\n B | wife | t-5",
    )
    night = county.judge(NIGHT + timedelta(days=1))
    lineage(
        night,
        """
            number | months    | household | kind
            A      | t-24..t-6 | A         | first
            A      | t-5..t-1  | A again   | split
            B      | t-5..t-1  | A         | split
        """,
    )
    assert night.of("households")["B"]["household_id"] == first.of("households")["A"]["household_id"]


def test_one_away_for_years_comes_back_to_the_same_household(county: County) -> None:
    """Alone and in prison: nobody counts, yet the household is there."""
    county.receive(
        month(4),
        members="household | person\n A | Li",
        registry="person | custody | changed_on | period\n Li | 1 | t-3 | t-3\n Li | 0 | - | t+30",
    )
    before = county.judge(month(4))
    away = county.judge(month(-28))
    back = county.judge(month(-33))
    assert "A" not in away.of("households")
    assert back.of("households")["A"]["household_id"] == before.of("households")["A"]["household_id"]


def test_a_case_goes_on_through_a_renumbering(county: County) -> None:
    """Three nights: the case opens, the family gets another number, and its household leaves the old one for good."""
    county.receive(
        members="household | person | period\n A | Li | t-24\n A | wife | t-24\n other | Wang | t-24",
        settlements="person | settled_at | total\n Li | t-1 | 30000\n Wang | t-1 | 30000",
    )
    first = county.judge()
    county.receive(
        month(-1),
        members="household | person | period | from_month\n B | Li | t | t\n B | wife | t | t\n other | Wang | t |",
    )
    second = county.judge(month(-1))
    third = county.judge(month(-1) + timedelta(days=1))
    case_ids = [night.of("cases")[name]["case_id"] for night, name in ((first, "A"), (second, "B"), (third, "B"))]
    assert len(set(case_ids)) == 1
    third.cases(
        """
            household | change    | nights_running | opened_on
            B         | continued | 3              | 2026-01-21
            other     | continued | 3              | 2026-01-21
        """
    )
    third.profile("household | oop_year\n B | 30000")


def test_without_last_nights_lineage_a_night_is_refused(county: County) -> None:
    county.receive(members="household | person\n A | Li")
    county.judge()
    shutil.rmtree(county.home.table("lineage", NIGHT))
    with pytest.raises(Refusal, match="lineage of 2026-01-21"):
        county.judge(NIGHT + timedelta(days=1))
