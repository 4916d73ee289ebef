"""Figures of the profile beyond income and cost, from drawn extract rows: disability, losses, school, housing, gaps."""

from __future__ import annotations

from tests.spec.county import County


def test_disability(county: County) -> None:
    county.receive(
        people="""
            person | born_on
            old    | 1950-03-01
            son    | 1985-03-01
        """,
        members="""
            household   | person
            new         | a
            renewed     | b
            raised      | c
            of the mind | d
            of the limb | e
            cancelled   | f
            long ago    | g
            tomorrow    | h
            old and son | old
            old and son | son
        """,
        cards="""
            person | kind | grade | issued_on  | cancelled_on | period | care_subsidy | living_subsidy
            a      | 4    | 2     | night-91   |              | t-1    | 0            | 0
            b      | 4    | 2     | t-30       | night-60     | t-1    |              |
            b      | 4    | 2     | night-60   |              | t-1    |              |
            c      | 4    | 3     | t-30       | night-60     | t-1    |              |
            c      | 4    | 1     | night-60   |              | t-1    | 100          |
            d      | 6    | 3     | night-60   |              | t-1    |              | 0
            e      | 4    | 3     | night-60   |              | t-1    |              |
            f      | 4    | 1     | t-30       | night-10     | t-1    | 0            |
            g      | 4    | 2     | night-92   |              | t-1    | 100          | 100
            h      | 4    | 2     | night1     |              | t-1    |              |
            son    | 5    | 1     | t-30       |              | t-1    | 100          |
        """,
    ).work_out().profile(
        """
            household   | disabled_members | severely_disabled_members | severely_disabled_adults | newly_disabled_members | without_care_subsidy | without_living_subsidy
            new         | 1                | 1                         | 1                        | 1                      | 1                    | 1
            renewed     | 1                | 1                         | 1                        | 0                      | 0                    | 0
            raised      | 1                | 1                         | 1                        | 1                      | 0                    | 0
            of the mind | 1                | 1                         | 1                        | 1                      | 0                    | 1
            of the limb | 1                | 0                         | 0                        | 0                      | 0                    | 0
            cancelled   | 0                | 0                         | 0                        | 0                      | 0                    | 0
            long ago    | 1                | 1                         | 1                        | 0                      | 0                    | 0
            tomorrow    | 0                | 0                         | 0                        | 0                      | 0                    | 0
            old and son | 1                | 1                         | 1                        | 0                      | 0                    | 0
        """
    )


def test_who_was_lost(county: County) -> None:
    county.receive(
        people="""
            person  | born_on
            child1  | 2015-03-01
            child2  | 2015-03-01
            child3  | 2015-03-01
            child4  | 2015-03-01
            grown   | 2006-03-01
            father1 | 1985-03-01
            mother1 | 1986-03-01
            father2 | 1985-03-01
            mother2 | 1986-03-01
            father3 | 1985-03-01
            granny4 | 1955-03-01
            father4 | 1984-03-01
            mother4 | 1985-03-01
            aunt4   | 1988-03-01
            fatherg | 1980-03-01
            motherg | 1981-03-01
        """,
        members="""
            household  | person  | relation | to_month
            both gone  | granny1 | 50       |
            both gone  | father1 | 02       | t-5
            both gone  | mother1 | 10       |
            both gone  | child1  | 20       |
            one there  | father2 | 02       | t-5
            one there  | mother2 | 10       |
            one there  | child2  | 20       |
            one known  | granny3 | 50       |
            one known  | father3 | 02       | t-5
            one known  | child3  | 30       |
            with granny | granny4 | 02      |
            with granny | child4 | 40       |
            grown up   | fatherg | 02       | t-5
            grown up   | motherg | 10       | t-5
            grown up   | grown   | 20       |
            earner     | worker  | 10       |
            earner     | wife    | 02       |
            nobody     | elder   | 50       |
            nobody     | young   | 02       |
            long ago   | worker2 | 02       | t-5
            long ago   | wife2   | 10       |
        """,
        wages="person | pay_month\n worker | t-15..t-2\n worker2 | t-24..t-6",
        students="""
            person | guardian1_key | stage | term
            child4 | father4       | 2     | 2025S2
        """,
        records="""
            person  | record | recorded_on
            father1 | 4      | t-5
            father2 | 4      | t-5
            father3 | 4      | t-5
            fatherg | 4      | t-5
            motherg | 4      | t-5
            father4 | 4      | t-20
            worker  | 4      | night-91
            elder   | 4      | night-10
            worker2 | 4      | t-5
        """,
        registry="""
            person  | custody | missing | period
            mother1 | 1       |         | t-3
            mother2 | 0       | false   | t-3
        """,
    ).work_out().profile(
        """
            household   | died_members | died_pillars | unattended_children | half_unattended_children
            both gone   | 0            | 0            | 1                   | 0
            one there   | 0            | 0            | 0                   | 0
            one known   | 0            | 0            | 0                   | 1
            with granny | 0            | 0            | 0                   | 1
            grown up    | 0            | 0            | 0                   | 0
            earner      | 1            | 1            | 0                   | 0
            nobody      | 1            | 0            | 0                   | 0
            long ago    | 0            | 0            | 0                   | 0
        """
    )


def test_illness_and_insurance(county: County) -> None:
    county.receive(
        members="household | person\n new | a\n old | b\n chronic | c\n insured | d\n ended | e\n care alone | f\n no row | g\n last year | h",
        records="""
            person | record | disease_code | recorded_on
            a      | 1      | C50          | night-91
            b      | 1      | C50          | night-92
            c      | 2      | I10          | night-10
        """,
        insured="""
            person | insurance | year | status | period
            a      | 390       | 2025 | 1      | t-1
            b      | 310       | 2025 | 1      | t-1
            c      | 390       | 2025 | 1      | t-1
            d      | 390       | 2025 | 1      | t-1
            e      | 390       | 2025 | 3      | t-1
            f      | 410       | 2025 | 1      | t-1
            h      | 390       | 2024 | 1      | t-1
        """,
    ).work_out().profile(
        """
            household  | newly_ill_members | uninsured_members | is_uninsured_sure
            new        | 1                 | 0                 | false
            old        | 0                 | 0                 | false
            chronic    | 0                 | 0                 | false
            insured    | 0                 | 0                 | false
            ended      | 0                 | 1                 | true
            care alone | 0                 | 1                 | false
            no row     | 0                 | 1                 | false
            last year  | 0                 | 1                 | false
        """
    )


def test_without_a_register_of_the_year_nobody_is_uninsured(county: County) -> None:
    county.receive(
        members="household | person\n family | a",
        insured="person | insurance | year | status | period\n b | 390 | 2024 | 1 | t-13",
    ).work_out().profile("household | uninsured_members\n family |")


def test_school(county: County) -> None:
    county.receive(
        people="""
            person | born_on
            six    | 2019-08-31
            five   | 2019-09-01
            teen   | 2010-01-22
            grown  | 2010-01-21
            b      | 2014-01-01
            c      | 2014-01-01
        """,
        members="""
            household | person
            no school | six
            too young | five
            fifteen   | teen
            sixteen   | grown
            dropped   | b
            moved     | c
            aided     | d
            loan      | e
            last term | f
            two of them | g
            two of them | h
        """,
        students="""
            person | stage | status | term   | tuition | boarding
            b      | 2     | 3      | 2025S2 |         |
            c      | 2     | 5      | 2025S2 |         |
            d      | 7     | 1      | 2025S2 | 5000    | 800
            e      | 7     | 1      | 2025S2 | 5000    |
            f      | 4     | 1      | 2025S2 | 1000    |
            g      | 7     | 1      | 2025S2 | 5000    |
            h      | 6     | 2      | 2025S2 | 5000    |
        """,
        school_aid="""
            person | term   | aid_kind | amount
            d      | 2025S2 | 1        | 1500
            d      | 2025S2 | 2        | 300
            d      | 2024S2 | 1        | 9000
            e      | 2025S2 | 5        | 4000
            f      | 2025S1 | 1        | 400
            g      | 2025S2 | 1        | 9000
        """,
    ).work_out().profile(
        """
            household   | education_cost | tertiary_students | dropped_out | without_school | unaided_students
            no school   | 0              | 0                 | 0           | 1              | 0
            too young   | 0              | 0                 | 0           | 0              | 0
            fifteen     | 0              | 0                 | 0           | 1              | 0
            sixteen     | 0              | 0                 | 0           | 0              | 0
            dropped     | 0              | 0                 | 1           | 0              | 0
            moved       | 0              | 0                 | 0           | 0              | 0
            aided       | 4000           | 1                 | 0           | 0              | 0
            loan        | 5000           | 1                 | 0           | 0              | 1
            last term   | 600            | 0                 | 0           | 0              | 1
            two of them | 0              | 1                 | 0           | 0              | 0
        """
    )


def test_aid_is_missed_only_in_a_term_of_which_aid_was_delivered(county: County) -> None:
    county.receive(
        members="household | person\n family | a",
        students="person | stage | term\n a | 7 | 2025S2",
        school_aid="person | term\n b | 2025S1",
    ).work_out().profile("household | unaided_students\n family | 0")


def test_housing_monitoring_and_events(county: County) -> None:
    county.receive(
        members="household | person\n c | a\n d | b\n sound | e\n checked later | f\n struck | g\n struck | h\n long ago | i\n long ago | heir\n cleared | j\n safe | k",
        dwellings="""
            person | danger | checked_on | period
            a      | C      | t-9        | t-4
            b      | D      |            | t-4
            e      | B      | t-9        | t-4
            f      | D      | night1     | t-4
        """,
        monitored="""
            person | kind | identified_on | cleared_on | period
            a      | 0    | t-9           |            | t-1
            j      | 2    | t-9           | night-1    | t-1
            k      | 9    | t-9           |            | t-1
            heir   | 1    | t-9           | night1     | t-1
            e      | 1    | night1        |            | t-1
        """,
        events="""
            person | event_no | happened_on | loss | relief | dwelling | harm
            g      | one      | night-91    | 5000 | 1000   | 2        | 0
            h      | one      | night-91    | 3000 |        | 0        | 1
            i      | two      | night-92    | 9000 |        | 3        | 1
        """,
    ).work_out().profile(
        """
            household     | has_dangerous_dwelling | has_condemned_dwelling | is_monitored | event_loss | is_dwelling_damaged | is_dwelling_lost | event_deaths
            c             | true                   | false                  | true         | 0          | false               | false            | 0
            d             | true                   | true                   | false        | 0          | false               | false            | 0
            sound         | false                  | false                  | false        | 0          | false               | false            | 0
            checked later | false                  | false                  | false        | 0          | false               | false            | 0
            struck        | false                  | false                  | false        | 8000       | true                | false            | 0
            long ago      | false                  | false                  | true         | 0          | false               | false            | 0
            cleared       | false                  | false                  | false        | 0          | false               | false            | 0
            safe          | false                  | false                  | false        | 0          | false               | false            | 0
        """
    )


def test_rehabilitation_and_loss_from_the_registers_where_civil_affairs_says_nothing(county: County) -> None:
    county.receive(
        members="household | person\n carded | a\n verified too | b\n cancelled | c\n struck | d\n struck and verified | e",
        cards="""
            person | issued_on | cancelled_on | rehabilitation_cost | period
            a      | t-30      |              | 100                 | t-14
            b      | t-30      |              | 100                 | t-14
            c      | t-30      | t-10         | 100                 | t-14
        """,
        income="""
            person | item | amount | from_month | to_month | source
            b      | Z    | 70     | t-12       | t-7      | 2
            e      | W    | 700    | t-5        |          | 2
        """,
        events="""
            person | event_no | happened_on | loss | relief
            d      | one      | t-12        | 5000 | 1500
            d      | two      | t-13        | 9000 |
            e      | one      | t-5         | 5000 |
        """,
    ).work_out().profile(
        """
            household           | rehabilitation_cost | disaster_loss
            carded              | 1200                | 0
            verified too        | 1020                | 0
            cancelled           | 300                 | 0
            struck              | 0                   | 3500
            struck and verified | 0                   | 700
        """
    )


def test_an_evaluation_is_a_month_and_three_running_make_a_gap(county: County) -> None:
    """Standard 800 a head and month: below it in the windows that end at t-1, t-2 and t-3, or in some of them."""
    county.receive(
        members="household | person\n three | a\n two | b\n broken | c\n declared | d\n unknown | e\n edge | f\n at the line | g",
        income="""
            person | item | amount | from_month | to_month | source
            a      | A    | 700    | t-24       | t-1      | 2
            b      | A    | 900    | t-24       | t-4      | 2
            b      | A    | 700    | t-3        | t-1      | 2
            c      | A    | 700    | t-24       | t-2      | 2
            c      | A    | 1000   | t-1        | t-1      | 2
            d      | A    | 700    | t-24       | t-1      | 1
            e      | A    | 700    | t-24       | t-2      | 2
            f      | A    | 1100   | t-24       | t-1      | 2
            g      | A    | 800    | t-24       | t-1      | 2
        """,
    ).work_out().profile(
        """
            household   | poor_evaluations | edge_evaluations
            three       | 3                | 3
            two         | 2                | 3
            broken      | 0                | 3
            declared    | 0                | 0
            unknown     | 0                | 0
            edge        | 0                | 3
            at the line | 0                | 3
        """
    )


def test_aid_of_the_dead(county: County) -> None:
    county.receive(
        members="household | person\n dead | a\n dead | a2\n ended | b\n ended | b2\n alive | c\n nobody left | d\n no aid left | e",
        aid="""
            person | aid_type | start_month | end_month | period
            a      | 110      | t-20        |           | t-1
            b      | 110      | t-20        | t-4       | t-1
            c      | 110      | t-20        |           | t-1
            d      | 132      | t-20        |           | t-1
            e      | 132      | t-20        | t-4       | t-1
        """,
        records="person | record | recorded_on\n a | 4 | t-4\n b | 4 | t-4\n d | 4 | t-3\n e | 4 | t-4",
    )
    worked = county.work_out()
    worked.profile(
        """
            household   | members | aid_months_after_death
            dead        | 1       | 3
            ended       | 1       | 0
            alive       | 1       | 0
        """
    )
    assert not {"nobody left", "no aid left"} & set(worked.of("household_profile"))
