"""What registers say that must not be misread: renewals, moves, later words, old snapshots, terms still to come."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.spec.county import County


def test_a_grade_raised_on_the_same_card_is_new(county: County) -> None:
    """The day of issue stays; the register of November says grade 4, that of December grade 2."""
    county.receive(
        members="household | person\n raised | a\n raised long ago | b\n lowered | c\n first told | d\n two cards | e",
        cards="""
            person | kind | grade | issued_on | period
            a      | 4    | 4     | t-30      | t-2
            a      | 4    | 2     | t-30      | t-1
            b      | 4    | 4     | t-30      | t-6
            b      | 4    | 2     | t-30      | t-4
            b      | 4    | 2     | t-30      | t-2
            b      | 4    | 2     | t-30      | t-1
            c      | 4    | 1     | t-30      | t-2
            c      | 4    | 4     | t-30      | t-1
            d      | 4    | 2     | t-30      | t-1
            e      | 1    | 4     | t-30      | t-1
            e      | 4    | 2     | t-30      | t-1
        """,
    ).work_out().profile(
        """
            household       | severely_disabled_members | newly_disabled_members
            raised          | 1                         | 1
            raised long ago | 1                         | 0
            lowered         | 0                         | 0
            first told      | 1                         | 0
            two cards       | 1                         | 0
        """
    )


def test_a_disabled_spouse_of_an_elder_may_be_an_elder_too(county: County) -> None:
    night = county.receive(
        people="""
            person  | born_on
            old     | 1950-03-01
            old2    | 1951-03-01
            old3    | 1950-03-01
            old4    | 1950-03-01
            son     | 1985-03-01
            girl    | 2010-03-01
            alone   | 1950-03-01
            sound   | 1950-03-01
            sound2  | 1950-03-01
        """,
        members="""
            household     | person
            two elders    | old
            two elders    | old2
            elder and son | old3
            elder and son | son
            with a child  | old4
            with a child  | girl
            alone         | alone
            both sound    | sound
            both sound    | sound2
        """,
        cards="person | grade | period\n old2 | 1 | t-1\n son | 1 | t-1\n girl | 1 | t-1\n alone | 1 | t-1",
    ).judge()
    night.profile(
        """
            household     | severely_disabled_adults | severely_disabled_elders
            two elders    | 1                        | 1
            elder and son | 1                        | 0
            with a child  | 0                        | 0
            alone         | 1                        | 1
        """
    )
    assert night.levels("OLD-DIS") == {"two elders": {"OLD-DIS": 1}, "elder and son": {"OLD-DIS": 1}}


def test_an_event_is_of_the_household_that_it_struck(county: County) -> None:
    """Who moved before the event brings nothing back to the old household, nor an older event to the new one."""
    county.receive(
        members="""
            household | person | from_month | to_month
            old home  | mother |            |
            old home  | son    |            | t-8
            new home  | wife   |            |
            new home  | son    | t-7        |
            next home | uncle  |            |
            next home | guest  | t-1        |
            left home | aunt   |            |
            left home | guest  |            | t-2
        """,
        events="""
            person | event_no | happened_on | loss | relief | dwelling
            son    | one      | t-2         | 5000 |        | 2
            son    | two      | t-10        | 9000 |        |
            guest  | three    | t-3/25      | 700  | 900    |
            guest  | four     | t-2         | 400  | 100    |
        """,
    ).work_out().profile(
        """
            household | event_loss | is_dwelling_damaged | disaster_loss
            old home  | 0          | false               | 9000
            new home  | 5000       | true                | 5000
            left home | 1100       | false               | 300
            next home | 0          | false               | 0
        """
    )


def test_the_same_illness_told_again_is_not_new(county: County) -> None:
    county.receive(
        members="household | person\n again | a\n another | b\n spread | c",
        records="""
            person | record | disease_code | recorded_on
            a      | 1      | C50.900      | t-12
            a      | 1      | C50.901      | night-20
            b      | 1      | C50.900      | t-12
            b      | 1      | I63.900      | night-20
            c      | 2      | C50.900      | t-12
            c      | 1      | C50.900      | night-20
        """,
    ).work_out().profile("household | newly_ill_members\n again | 0\n another | 1\n spread | 1")


def test_insured_is_whom_the_last_word_of_the_year_calls_so(county: County) -> None:
    """Absence from the newest register ends no insurance; a word that it ended does, and so does one that it began."""
    county.receive(
        members="household | person\n not in the newest | a\n ended since | b\n paid late | c\n other kind | d\n to come | e",
        insured="""
            person | insurance | year | status | period
            a      | 390       | 2025 | 1      | t-2
            b      | 390       | 2025 | 1      | t-2
            b      | 390       | 2025 | 3      | t-1
            c      | 390       | 2025 | 2      | t-2
            c      | 390       | 2025 | 1      | t-1
            d      | 390       | 2025 | 3      | t-1
            d      | 310       | 2025 | 1      | t-1
            e      | 390       | 2025 | 1      | t-2
        """,
    ).work_out().profile(
        """
            household         | uninsured_members | is_uninsured_sure
            not in the newest | 0                 | false
            ended since       | 1                 | true
            paid late         | 0                 | false
            other kind        | 0                 | false
            to come           | 0                 | false
        """
    )


def test_a_terms_aid_that_has_not_come_yet_makes_school_no_dearer(county: County) -> None:
    """At the night of October the aid of the autumn is out: the last two terms of which aid was delivered count."""
    night = date(2025, 10, 21)
    county.night = night
    county.receive(
        night,
        members="household | person\n family | a\n other | b",
        students="person | stage | term | tuition\n a | 7 | 2024S2 | 5000\n a | 7 | 2025S2 | 5000\n b | 7 | 2025S2 | 5000",
        school_aid="""
            person | term   | amount
            a      | 2024S1 | 3000
            a      | 2024S2 | 1500
            a      | 2025S1 | 1600
        """,
    )
    county.work_out(night).profile("household | education_cost\n family | 1900\n other | 5000")
    county.receive(date(2025, 11, 21), school_aid="person | term | amount\n b | 2025S2 | 1700")
    county.work_out(date(2025, 11, 21)).profile("household | education_cost\n family | 3400\n other | 3300")


def test_a_student_of_a_listed_group_is_disabled_himself_or_of_a_listed_family(county: County) -> None:
    night = county.receive(
        members="""
            household       | person
            disabled pupil  | a
            disabled mother | b
            disabled mother | b2
            card cancelled  | c
            aided pupil     | d
            ordinary        | e
            on aid          | f
        """,
        students="person | stage\n a | 4\n b | 4\n c | 4\n d | 4\n e | 4\n f | 4",
        school_aid="person | aid_kind\n d | 1",
        cards="""
            person | grade | issued_on | cancelled_on | period
            a      | 3     | t-30      |              | t-1
            b2     | 1     | t-30      |              | t-1
            c      | 1     | t-30      | t-2          | t-1
            d      | 1     | t-30      |              | t-1
        """,
        aid="person | aid_type\n f | 600",
    ).judge()
    assert night.levels("EDU-NOAID") == {"disabled pupil": {"EDU-NOAID": 1}, "on aid": {"EDU-NOAID": 1}}


def test_only_the_dwellings_register_in_force_speaks(county: County) -> None:
    county.receive(
        members="household | person\n rebuilt | a\n gone from it | b\n fell to pieces | c",
        dwellings="person | danger | period\n a | D | t-7\n b | D | t-7\n a | A | t-4\n c | C | t-4",
    ).work_out().profile(
        "household | has_dangerous_dwelling\n rebuilt | false\n gone from it | false\n fell to pieces | true"
    )


def test_parents_are_those_whom_school_and_birth_name_before_a_new_head(county: County) -> None:
    """Grandmother heads the household now and the child still stands as son: she is not the mother."""
    county.receive(
        people="""
            person   | born_on
            child    | 2012-03-01
            granny   | 1964-03-01
            father   | 1985-03-01
            mother   | 1986-03-01
            child2   | 2012-03-01
            father2  | 1985-03-01
            child3   | 2012-03-01
            father3  | 1985-03-01
            mother3  | 1986-03-01
        """,
        members="""
            household   | person  | relation | to_month
            orphaned    | granny  | 02       |
            orphaned    | father  | 02       | t-2
            orphaned    | mother  | 10       | t-2
            orphaned    | child   | 20       |
            stranger    | aunt    | 70       |
            stranger    | father2 | 02       | t-2
            stranger    | child2  | 20       |
            long ago    | uncle   | 70       |
            long ago    | father3 | 02       | t-29
            long ago    | mother3 | 10       | t-29
            long ago    | child3  | 20       |
        """,
        students="""
            person | guardian1_key | guardian2_key | stage
            child  | father        | mother        | 2
            child2 | father2       | nobody knows  | 2
        """,
        records="""
            person  | record | recorded_on
            father  | 4      | t-2
            mother  | 4      | t-2
            father2 | 4      | t-2
            father3 | 4      | t-29
            mother3 | 4      | t-29
        """,
    ).work_out().profile(
        """
            household | unattended_children | half_unattended_children
            orphaned  | 1                   | 0
            stranger  | 0                   | 0
            long ago  | 1                   | 0
        """
    )


def test_a_death_after_the_night_is_not_known_yet(county: County) -> None:
    county.receive(
        members="household | person\n family | a\n family | b",
        records="person | record | recorded_on\n a | 4 | night1",
        wages="person | pay_month\n a | t-12..t-1",
    ).work_out().profile("household | died_members | died_pillars\n family | 0 | 0")


def test_who_held_aid_at_an_evaluation_was_not_left_out(county: County) -> None:
    """Income under the standard in all of them: what differs is the aid, and since when."""
    night = county.receive(
        members="household | person\n never | a\n left t-4 | b\n left t-3 | c\n refused | d\n edge | e\n on the line | f\n up and down | g",
        income="""
            person | item | amount | from_month | to_month | source
            a      | A    | 700    | t-24       | t-1      | 2
            b      | A    | 700    | t-24       | t-1      | 2
            c      | A    | 700    | t-24       | t-1      | 2
            d      | A    | 700    | t-24       | t-1      | 2
            e      | A    | 700    | t-24       | t-1      | 2
            f      | A    | 1200   | t-24       | t-1      | 2
            g      | A    | 700    | t-24       | t-4      | 2
            g      | A    | 1100   | t-3        | t-1      | 2
        """,
        aid="""
            person | aid_type | start_month | end_month | result | result_date
            b      | 110      |             | t-4       | 3      | t-4
            c      | 110      |             | t-3       | 3      | t-3
            d      | 110      | t-3         |           | 2      | t-3
            e      | 600      | t-2         |           | 1      |
        """,
    ).judge()
    night.profile(
        """
            household   | poor_evaluations | edge_evaluations
            never       | 3                | 3
            left t-4    | 3                | 3
            left t-3    | 2                | 2
            refused     | 3                | 3
            edge        | 3                | 0
            on the line | 0                | 0
            up and down | 0                | 3
        """
    )
    assert night.levels("GAP-DIBAO", "GAP-EDGE") == {
        "never": {"GAP-DIBAO": 2}, "left t-4": {"GAP-DIBAO": 2}, "refused": {"GAP-DIBAO": 2}, "edge": {"GAP-DIBAO": 2},
        "up and down": {"GAP-EDGE": 1},
    }  # fmt: skip


def test_evaluations_of_rigid_expenditure(county: County) -> None:
    """24,000 a year a head under the urban 54,188: a bill of 14,400 is the share of .6, in the twelve months of each."""
    county.receive(
        members="household | person\n long ill | a\n last month | b\n a fen less | c\n a year ago | d\n declared | e\n held it | f\n gap in it | g",
        income="""
            person | item | amount | from_month | to_month | source
            a      | A    | 2000   | t-24       | t-1      | 2
            b      | A    | 2000   | t-24       | t-1      | 2
            c      | A    | 2000   | t-24       | t-1      | 2
            d      | A    | 2000   | t-24       | t-1      | 2
            e      | A    | 2000   | t-24       | t-1      | 1
            f      | A    | 2000   | t-24       | t-1      | 2
            g      | A    | 2000   | t-24       | t-15     | 2
            g      | A    | 2000   | t-13       | t-1      | 2
        """,
        settlements="""
            person | settled_at | total
            a      | t-6        | 14400
            b      | t-1        | 14400
            c      | t-6        | 14399.99
            d      | t-13       | 14400
            e      | t-6        | 14400
            f      | t-6        | 14400
            g      | t-6        | 14400
        """,
        aid="person | aid_type | start_month | end_month\n f | 650 | t-20 | t-2",
    ).work_out().profile(
        """
            household  | rigid_evaluations
            long ill   | 3
            last month | 1
            a fen less | 0
            a year ago | 0
            declared   | 0
            held it    | 1
            gap in it  | 2
        """
    )


def test_how_many_evaluations_is_a_parameter(tmp_path: Path, quick: None) -> None:
    county = County.at(tmp_path, parameters="gap_evaluations,990402,any,5,months,2000-01-01,,2000-01-01,drawn\n")
    night = county.receive(
        members="household | person\n five | a\n four | b",
        income="""
            person | item | amount | from_month | to_month | source
            a      | A    | 700    | t-24       | t-1      | 2
            b      | A    | 1200   | t-24       | t-7      | 2
            b      | A    | 700    | t-6        | t-1      | 2
        """,
        aid="person | aid_type\n other | 110",
    ).judge()
    night.profile("household | poor_evaluations\n five | 5\n four | 4")
    assert night.levels("GAP-DIBAO") == {"five": {"GAP-DIBAO": 2}}


@pytest.mark.slow
def test_several_nights_of_a_month_are_one_evaluation(county: County) -> None:
    """Poor from t-4 on: of the three windows of January two are below, whatever the night; of February's all three."""
    county.receive(
        members="household | person\n family | a",
        income="person | item | amount | from_month | to_month | source\n a | A | 1200 | t-24 | t-5 | 2\n a | A | 700 | t-4 | t | 2",
        aid="person | aid_type\n other | 110",
    )
    for night in (date(2026, 1, 21), date(2026, 1, 21), date(2026, 1, 22), date(2026, 1, 31)):
        worked = county.judge(night)
        worked.profile("household | poor_evaluations\n family | 2")
        assert worked.levels("GAP-DIBAO") == {}
    assert county.judge(date(2026, 2, 1)).levels("GAP-DIBAO") == {"family": {"GAP-DIBAO": 2}}
