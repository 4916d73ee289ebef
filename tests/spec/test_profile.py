"""Figures of the household profile from drawn extract rows: windows, known months, standards, costs, events and aid."""

from datetime import date
from pathlib import Path

from tests.spec.county import STANDARDS, County
from tests.spec.judging import COLUMNS


def test_income_now_needs_two_known_months_of_three(county: County) -> None:
    county.receive(
        members="household | person\n three | Li\n two | Wang\n one | Zhao\n none | Qian",
        wages="""
            person | pay_month | base
            Li     | t-24..t-4 | 3000
            Li     | t-3       | 1000
            Li     | t-2       | 2000
            Li     | t-1       | 2000.01
            Wang   | t-24..t-4 | 3000
            Wang   | t-3       | 1000
            Wang   | t-1       | 2000
            Zhao   | t-24..t-4 | 3000
            Zhao   | t-1       | 2000
            Qian   | t-24..t-4 | 3000
        """,
    ).work_out().profile(
        """
            household | income_now | income_now_months | income_year_months
            three     | 500001/300 | 3                 | 12
            two       | 1500       | 2                 | 11
            one       |            | 1                 | 10
            none      |            | 0                 | 9
        """
    )


def test_income_before_is_the_median_of_at_least_nine_known_months_of_twelve(county: County) -> None:
    """t-15 ... t-4, uneven on purpose: a mean would be another number, and t-16 or t-3 would move the middle."""
    county.receive(
        members="household | person\n twelve | Li\n eleven | Wang\n nine | Zhao\n eight | Qian\n edges | Sun",
        wages="""
            person | pay_month  | base
            Li     | t-15..t-10 | 1000
            Li     | t-9        | 1500
            Li     | t-8..t-5   | 2000
            Li     | t-4        | 90000
            Li     | t-3..t-1   | 9000
            Wang   | t-14..t-10 | 1000
            Wang   | t-9        | 1500
            Wang   | t-8..t-4   | 2000
            Zhao   | t-24       | 1
            Zhao   | t-15..t-12 | 1000
            Zhao   | t-11       | 1700
            Zhao   | t-7..t-4   | 2000
            Qian   | t-24       | 1
            Qian   | t-15..t-12 | 1000
            Qian   | t-7..t-4   | 2000
            Sun    | t-24..t-16 | 90000
            Sun    | t-15..t-10 | 1000
            Sun    | t-9..t-4   | 3000
            Sun    | t-3..t-1   | 0
        """,
        delivered={"wages": "t-24..t-1"},
    ).work_out().profile(
        """
            household | income_before | income_before_known
            twelve    | 1250          | 12
            eleven    | 1500          | 11
            nine      | 1700          | 9
            eight     |               | 8
            edges     | 2000          | 12
        """
    )


def test_income_year_is_the_annual_rate_of_at_least_ten_known_months(county: County) -> None:
    county.receive(
        members="household | person\n twelve | Li\n eleven | Wang\n ten | Zhao\n nine | Qian\n negative | Sun",
        wages="""
            person | pay_month  | base
            Li     | t-24..t-13 | 9999
            Li     | t-12..t-1  | 1000.01
            Wang   | t-24..t-12 | 1000
            Wang   | t-10..t-1  | 2000
            Zhao   | t-24..t-13 | 9999
            Zhao   | t-10..t-1  | 1000
            Qian   | t-24..t-13 | 9999
            Qian   | t-9..t-1   | 1000
        """,
        income="person | item | amount | from_month | to_month\n Sun | B | -100 | t-24 | t-1",
    ).work_out().profile(
        """
            household | income_year | income_year_months
            twelve    | 12000.12    | 12
            eleven    | 252000/11   | 11
            ten       | 12000       | 10
            nine      |             | 9
            negative  | -1200       | 12
        """
    )


def test_how_many_months_must_be_known_is_a_parameter(tmp_path: Path, quick: None) -> None:
    county = County.at(
        tmp_path,
        parameters="income_now_known,,any,3,months,2000-01-01,,2000-01-01,drawn\n"
        "income_before_known,990402,any,12,months,2000-01-01,,2000-01-01,drawn\n"
        "income_year_known,990402001,urban,11,months,2000-01-01,,2000-01-01,drawn\n",
    )
    county.receive(
        members="household | person | hukou_type\n urban | Li | 1\n rural | Wang | 2",
        wages="""
            person | pay_month  | base
            Li     | t-24..t-15 | 1000
            Li     | t-13..t-5  | 1000
            Li     | t-3        | 1000
            Li     | t-1        | 1000
            Wang   | t-24..t-15 | 1000
            Wang   | t-13..t-5  | 1000
            Wang   | t-3        | 1000
            Wang   | t-1        | 1000
        """,
    ).work_out().profile("household | income_now | income_before | income_year\n urban | | |\n rural | | | 12000")


def test_before_the_20th_income_windows_end_a_month_earlier(county: County) -> None:
    """Where a wage, pension or unemployment feed was ever delivered: its last month is open until the due day."""
    drawn_county = {
        "members": "household | person\n family | Li",
        "wages": """
            person | pay_month  | base
            Li     | t-24..t-17 | 100
            Li     | t-16       | 1000
            Li     | t-15..t-11 | 1000
            Li     | t-10..t-5  | 2000
            Li     | t-4        | 3000
            Li     | t-3        | 300
            Li     | t-2        | 200
            Li     | t-1        | 70
        """,
    }
    county.receive(date(2026, 1, 19), **drawn_county)
    county.work_out(date(2026, 1, 19)).profile(
        """
            household | income_lag | income_now | income_before | income_year | members
            family    | 1          | 3500/3     | 1500          | 18500       | 1
        """
    )
    county.work_out(date(2026, 1, 20)).profile(
        """
            household | income_lag | income_now | income_before | income_year | members
            family    | 0          | 190        | 2000          | 17570       | 1
        """
    )


def test_before_the_20th_the_open_month_is_no_absence(county: County) -> None:
    county.receive(
        date(2026, 1, 19),
        members="household | person\n to come | Li\n gone | Wang",
        wages="person | pay_month\n Li | t-24..t-2\n Wang | t-24..t-5",
    )
    early = county.judge(date(2026, 1, 19))
    early.profile(
        "household | has_earner | lapsed_members | income_now\n to come | true | 0 | 3000\n gone | false | 1 |"
    )
    assert early.levels() == {"gone": {"EARN-LOST": 1, "SI-LAPSE": 1}}
    late = county.judge(date(2026, 1, 20))
    late.profile("household | lapsed_members | income_now\n to come | | 3000\n gone | |")
    assert late.levels() == {} and late.of("household_profile")["gone"]["late"] == [
        "civil_affairs_members",
        "employment_contributions",
    ]


def test_a_change_of_size_compares_with_the_members_of_t_1(county: County) -> None:
    """INC-DROP compares nothing; the level rules take n of t-1 on both sides."""
    night = county.receive(
        members="""
            household   | person     | from_month | to_month
            grown       | Li         |            |
            grown       | a baby     | t-2        |
            grown, poor | Wang       |            |
            grown, poor | her mother | t-2        |
            shrunk      | Zhao       |            |
            shrunk      | his aunt   |            | t-4
            unchanged   | Qian       |            |
        """,
        wages="""
            person   | pay_month | base
            Li       | t-24..t-4 | 1600
            Li       | t-3..t-1  | 1000
            Wang     | t-24..t-4 | 1599.99
            Wang     | t-3..t-1  | 1000
            Zhao     | t-24..t-1 | 900
            his aunt | t-24..t-4 | 900
            Qian     | t-24..t-4 | 1600
            Qian     | t-3..t-1  | 700
        """,
    ).judge()
    assert night.levels("INC-DROP", "INC-BELOW", "INC-EDGE") == {
        "grown": {"INC-BELOW": 3},
        "shrunk": {"INC-EDGE": 2},
        "unchanged": {"INC-DROP": 2, "INC-BELOW": 3},
    }


def test_declared_income_and_settlements_are_closed_at_once(county: County) -> None:
    county.receive(
        date(2026, 1, 5),
        members="household | person\n family | Li",
        income="person | item | amount | from_month | to_month\n Li | A | 1000 | t-24 | t-2\n Li | A | 70 | t-1 | t-1",
        settlements="person | settled_at | total\n Li | t-1/31 | 500\n Li | t/1 | 9000\n Li | t-12/1 | 20\n Li | t-13/31 | 700",
    ).work_out(date(2026, 1, 5)).profile(
        "household | income_lag | income_now | oop_quarter | oop_year\n family | 0 | 690 | 500 | 520"
    )


def test_any_of_the_three_feeds_opens_the_month_of_its_county_alone(county: County) -> None:
    county.receive(
        date(2026, 1, 5),
        members="""
            household | person | area12
            with feed | Li     | 990402001001
            without   | Wang   | 990403001001
        """,
        income="""
            person | item | amount | from_month | to_month
            Li     | A    | 1000   | t-24       | t-2
            Li     | A    | 70     | t-1        | t-1
            Wang   | A    | 1000   | t-24       | t-2
            Wang   | A    | 70     | t-1        | t-1
        """,
        jobless="person | registered_on\n nobody here | t-30",
    ).work_out(date(2026, 1, 5)).profile(
        "household | income_lag | income_now\n with feed | 1 | 1000\n without | 0 | 690"
    )


def test_a_refund_counts_in_the_month_of_its_original(county: County) -> None:
    night = county.receive(
        members="household | person\n next month | Li\n after the alert | Wang\n no original | Zhao\n in part | Qian\n positive | Sun\n other's | Zhou\n other's | Zhou 2",
        settlements="""
            person | settled_at | total | fund_total | hospital_borne | settlement_id | is_refund | refunded_settlement_id
            Li     | t-5        | 5000  | 1000       |                | a1            |           |
            Li     | t-4        | -5000 | -1000      |                | a2            | true      | a1
            Wang   | t-3        | 60000 | 20000      | 1000           | b1            |           |
            Wang   | t          | -60000| -20000     | -1000          | b2            | true      | b1
            Zhao   | t-6        | 900   | 0          |                | c1            |           |
            Zhao   | t-2        | -400  | 0          |                | c2            | true      | gone
            Qian   | t-5        | 5000  | 1000       |                | d1            |           |
            Qian   | t-3        | -1000 | -200       |                | d2            | true      | d1
            Qian   | t-2        | -500  | 0          |                | d3            | true      | d1
            Sun    | t-5        | 5000  | 1000       |                | e1            |           |
            Sun    | t-4        | 5000  | -1000      |                | e2            | true      | e1
            Zhou   | t-5        | 5000  | 1000       |                | f1            |           |
            Zhou 2 | t-4        | -5000 | -1000      |                | f2            | true      | f1
        """,
    ).work_out()
    night.months(
        "oop",
        """
            household       | t-24..t-7 | t-6 | t-5  | t-4   | t-3 | t-2  | t-1
            next month      | 0         | 0   | 0    | 0     | 0   | 0    | 0
            after the alert | 0         | 0   | 0    | 0     | 0   | 0    | 0
            no original     | 0         | 900 | 0    | 0     | 0   | -400 | 0
            in part         | 0         | 0   | 2700 | 0     | 0   | 0    | 0
            positive        | 0         | 0   | 0    | 0     | 0   | 0    | 0
            other's         | 0         | 0   | 4000 | -4000 | 0   | 0    | 0
        """,
    )


def test_a_refund_after_the_alert_takes_the_hit_away(county: County) -> None:
    county.receive(
        members="household | person\n family | Li",
        settlements="person | settled_at | total | settlement_id\n Li | t-1 | 40000 | a1",
    )
    assert county.judge().levels("MED-ABS", "MED-STAY") == {"family": {"MED-ABS": 2, "MED-STAY": 1}}
    county.receive(
        date(2026, 1, 22),
        settlements="""
            person | settled_at | total  | settlement_id | is_refund | refunded_settlement_id
            Li     | t          | -40000 | a2            | true      | a1
        """,
    )
    assert county.judge(date(2026, 1, 22)).levels("MED-ABS", "MED-STAY") == {}
    assert county.judge().levels("MED-ABS") == {"family": {"MED-ABS": 2}}


def test_costs_are_dated_by_settlement(county: County) -> None:
    """A stay of the year before that is settled in t-12 counts; the fund's and the hospital's parts do not."""
    county.receive(
        members="household | person\n family | Li",
        settlements="""
            person | admitted | discharged | settled_at | total | fund_total | hospital_borne
            Li     | t-14     | t-13       | t-12/1     | 1000  | 300        | 50
            Li     | t-13     | t-12       | t-13/31    | 7000  | 0          |
        """,
    ).work_out().profile("household | oop_year\n family | 650")


def test_medical_windows(county: County) -> None:
    """oop_before: median month of t-15 ... t-4; oop_earlier_quarter: median of its four quarters."""
    county.receive(
        members="household | person\n family | Li\n family | Wang",
        settlements="""
            person | settled_at | total
            Li     | t-16       | 99999
            Li     | t-15       | 100
            Li     | t-14       | 200
            Li     | t-13       | 300
            Li     | t-12       | 400
            Li     | t-11       | 500
            Li     | t-10       | 600
            Li     | t-9        | 800
            Wang   | t-8        | 900
            Wang   | t-7        | 1000
            Wang   | t-4        | 70
            Wang   | t-3        | 10
            Wang   | t-2        | 20
            Wang   | t-1        | 30.01
            Wang   | t          | 99999
        """,
    ).work_out().profile(
        """
            household | oop_year | oop_quarter | oop_before | oop_earlier_quarter
            family    | 4330.01  | 60.01       | 350        | 1050
        """
    )


def test_one_persons_cost_of_the_calendar_year(county: County) -> None:
    """Up to t-1; in January the year before."""
    county.receive(
        members="household | person\n family | Li\n family | Wang",
        settlements="""
            person | settled_at | total
            Li     | 2024-12-31 | 70000
            Li     | 2025-01-01 | 500
            Li     | 2025-12-31 | 600
            Li     | 2026-01-01 | 5000
            Li     | 2026-02-28 | 3000
            Wang   | 2025-06-10 | 1000
            Wang   | 2026-01-20 | 8001
        """,
    )
    county.work_out(date(2026, 1, 31)).profile("household | person_oop_calendar\n family | 1100")
    county.work_out(date(2026, 2, 1)).profile("household | person_oop_calendar\n family | 8001")
    county.work_out(date(2026, 3, 1)).profile("household | person_oop_calendar\n family | 8001")


def test_the_largest_settlement_of_92_days(county: County) -> None:
    county.receive(
        members="household | person\n today | Li\n first day | Wang\n too old | Zhao\n to come | Qian\n refunded | Sun",
        settlements="""
            person | settled_at | total | settlement_id | is_refund | refunded_settlement_id
            Li     | night      | 700   |               |           |
            Li     | night-1    | 600   |               |           |
            Wang   | night-91   | 700   |               |           |
            Zhao   | night-92   | 700   |               |           |
            Qian   | night+1    | 700   |               |           |
            Sun    | night-80   | 700   | a1            |           |
            Sun    | night-70   | 100   | a2            |           |
            Sun    | night      | -700  | a3            | true      | a1
        """,
    ).work_out().profile(
        "household | stay_oop\n today | 700\n first day | 700\n too old | 0\n to come | 0\n refunded | 100"
    )


def test_a_standard_that_rises_counts_month_by_month_in_the_year_and_at_once_today(tmp_path: Path, quick: None) -> None:
    county = County.at(
        tmp_path,
        standards=STANDARDS.splitlines()[0]
        + """
dibao,990402,urban,800,month,2024-01-01,2025-09-30,2024-01-01,drawn
dibao,990402,urban,900,month,2025-10-01,,2025-09-15,drawn
dibao,990402,rural,7200.5,year,2025-01-01,,2025-01-01,drawn
dibao,990403,any,700,month,2025-02-01,,2025-01-01,drawn
""",
    )
    county.receive(
        members="""
            household | person | hukou_type | area12
            urban     | Li     | 1          | 990402001001
            rural     | Wang   | 2          | 990402001001
            too young | Zhao   | 2          | 990403001001
            nowhere   | Qian   | 1          | 990404001001
        """,
    ).work_out().profile(
        """
            household | standard | standard_year | standard_since
            urban     | 900      | 9900          | 2025-10-01
            rural     | 14401/24 | 7200.5        | 2025-01-01
            too young | 700      |               | 2025-02-01
            nowhere   |          |               |
        """
    )


def test_a_rise_of_the_standard_alone_can_fire(tmp_path: Path, quick: None) -> None:
    county = County.at(
        tmp_path,
        standards=STANDARDS.splitlines()[0]
        + """
dibao,990402,any,800,month,2024-01-01,2025-11-30,2024-01-01,drawn
dibao,990402,any,900,month,2025-12-01,,2025-11-01,drawn
""",
    )
    county.receive(
        date(2025, 12, 21),
        members="household | person\n family | Li",
        wages="person | pay_month | base\n Li | t-24..t-4 | 910\n Li | t-3..t-1 | 890",
    )
    assert county.judge(date(2025, 12, 21)).levels("INC-BELOW") == {}
    assert county.judge().levels("INC-BELOW") == {"family": {"INC-BELOW": 3}}


def test_the_longest_prefix_wins_then_the_residence(tmp_path: Path, quick: None) -> None:
    county = County.at(
        tmp_path,
        standards=STANDARDS.splitlines()[0]
        + """
dibao,,urban,500,month,2020-01-01,,2020-01-01,drawn
dibao,9904,any,600,month,2020-01-01,,2020-01-01,drawn
dibao,990402,any,700,month,2020-01-01,,2020-01-01,drawn
dibao,990402,rural,650,month,2020-01-01,,2020-01-01,drawn
dibao,990402001,any,750,month,2020-01-01,,2020-01-01,drawn
dibao,990402001002,urban,780,month,2020-01-01,2025-11-30,2020-01-01,drawn
""",
    )
    county.receive(
        members="""
            household     | person | hukou_type | area12
            other county  | a      | 1          | 990499001001
            other place   | b      | 1          | 110101001001
            other, rural  | c      | 2          | 110101001001
            county, urban | d      | 1          | 990402009001
            county, rural | e      | 2          | 990402009001
            town, rural   | f      | 2          | 990402001009
            village ended | g      | 1          | 990402001002
        """,
    ).work_out().profile(
        """
            household     | standard
            other county  | 600
            other place   | 500
            other, rural  |
            county, urban | 700
            county, rural | 650
            town, rural   | 750
            village ended | 750
        """
    )


def test_a_standard_counts_from_the_night_that_knows_it(tmp_path: Path, quick: None) -> None:
    county = County.at(
        tmp_path,
        standards=STANDARDS.splitlines()[0]
        + """
dibao,990402,any,800,month,2020-01-01,,2020-01-01,drawn
dibao,990402,any,900,month,2025-07-01,,2026-01-22,drawn
""",
    )
    county.receive(members="household | person\n family | Li")
    county.work_out(date(2026, 1, 21)).profile("household | standard | standard_year\n family | 800 | 9600")
    county.work_out(date(2026, 1, 22)).profile("household | standard | standard_year\n family | 900 | 10200")


def test_rows_of_the_home_replace_shipped_ones_of_the_same_name_prefix_and_residence(
    tmp_path: Path, quick: None
) -> None:
    """The shipped disposable income of 2025 is 54,188 urban and 23,119 rural."""
    county = County.at(
        tmp_path,
        standards=STANDARDS.splitlines()[0] + "\npcdi,,urban,30000,year,2025-01-01,,2025-01-01,drawn\n",
        parameters="edge_multiple,99,any,2.0,ratio,2000-01-01,,2000-01-01,drawn\nmed_abs_others,,any,9,yuan,2000-01-01,,2000-01-01,drawn\n",
    )
    night = county.receive(
        members="household | person | hukou_type\n urban | Li | 1\n rural | Wang | 2",
        settlements="person | settled_at | total\n Li | t-5 | 9\n Wang | t-5 | 8.99",
    ).judge()
    night.profile("household | disposable | standard\n urban | 30000 |\n rural | 23119 |")
    assert night.levels("MED-ABS") == {"urban": {"MED-ABS": 2}}


def test_an_event_counts_within_92_days(county: County) -> None:
    """UNEMP-REG and UI-END: dates in (as_of - 92, as_of]; a benefit also where it ends within 30 days to come."""
    county.receive(
        members="""
            household   | person
            today       | a
            first day   | b
            too old     | c
            to come     | d
            found work  | e
            ends soon   | f
            ends later  | g
            ended long  | h
            ended just  | i
            ends, works | j
        """,
        jobless="""
            person | registered_on | cancelled_on | benefit_from | benefit_to | benefit
            a      | night         |              |              |            |
            b      | night-91      |              |              |            |
            c      | night-92      |              |              |            |
            d      | night+1       |              |              |            |
            e      | night-20      | night        |              |            |
            f      | t-12          |              | t-12         | t          | 1500
            g      | t-12          |              | t-12         | t+1        | 1500
            h      | t-24          |              | t-24         | t-4        | 1500
            i      | t-24          |              | t-24         | t-3        | 1500
            j      | t-12          | t-1          | t-12         | t          | 1500
        """,
    ).work_out().profile(
        """
            household   | has_new_unemployed | has_benefit_ending
            today       | true               | false
            first day   | true               | false
            too old     | false              | false
            to come     | false              | false
            found work  | false              | false
            ends soon   | false              | true
            ends later  | false              | false
            ended long  | false              | false
            ended just  | false              | true
            ends, works | false              | false
        """
    )


def test_newly_unemployed_beside_another_earner(county: County) -> None:
    """Another earner is a member with a wage, paid or declared, who is not registered as unemployed too."""
    county.receive(
        members="""
            household     | person
            alone         | a
            wife earns    | b
            wife earns    | b2
            wife stopped  | c
            wife stopped  | c2
            both lost     | d
            both lost     | d2
            declared      | e
            declared      | e2
            pension only  | f
            pension only  | f2
            ran out       | g
            ran out       | g2
        """,
        wages="""
            person | pay_month | is_paid
            a      | t-24..t-3 |
            b      | t-24..t-3 |
            b2     | t-24..t-1 |
            c      | t-24..t-3 |
            c2     | t-24..t-4 |
            c2     | t-3..t-1  | false
            d      | t-24..t-3 |
            d2     | t-24..t-3 |
            e      | t-24..t-3 |
            f      | t-24..t-3 |
            g      | t-24..t-3 |
        """,
        pensions="person | pay_month\n f2 | t-24..t-1",
        income="person | item | amount | from_month\n e2 | A | 900 | t-6\n g2 | A | 900 | t-16",
        jobless="person | registered_on\n a | t-2\n b | t-2\n c | t-2\n d | t-2\n d2 | t-2\n e | t-2\n f | t-2\n g | t-2",
    ).work_out().profile(
        """
            household    | has_new_unemployed
            alone        | true
            wife earns   | false
            wife stopped | true
            both lost    | true
            declared     | false
            pension only | true
            ran out      | true
        """
    )


def test_a_pension_stopped_within_92_days(county: County) -> None:
    """Its month begins on the 1st: at the night of 21 January 2026 November is within 92 days and October is not."""
    county.receive(
        members="household | person\n suspended | a\n ended | b\n long ago | c\n resumed | d\n only late | e\n never paid | f\n susp., ended | g\n one of two | h",
        pensions="""
            person | pay_month | kind | status
            a      | t-24..t-2 |      |
            a      | t-1       |      | 2
            b      | t-24..t-3 |      |
            b      | t-2..t-1  |      | 3
            c      | t-24..t-4 |      |
            c      | t-3..t-1  |      | 3
            d      | t-24..t-3 |      |
            d      | t-2       |      | 2
            d      | t-1       |      |
            e      | t-24..t-2 |      |
            f      | t-2..t-1  |      | 2
            g      | t-24..t-5 |      |
            g      | t-4..t-2  |      | 2
            g      | t-1       |      | 3
            h      | t-24..t-1 | 110  |
            h      | t-24..t-2 | 120  |
            h      | t-1       | 120  | 3
        """,
    ).work_out().profile(
        """
            household    | has_pension_stopped
            suspended    | true
            ended        | true
            long ago     | false
            resumed      | false
            only late    | false
            never paid   | false
            susp., ended | false
            one of two   | true
        """
    )


def test_lapsed_contributions(tmp_path: Path, quick: None) -> None:
    """Six paid months of that person within t-15 ... t-4, none in t-3 ... t-1, no pension, not a student.

    Ten of twelve who fall silent at once would close the gate of the feed, and then absence would say nothing.
    """
    wide_open = "gate_noise,,any,100,ratio,2000-01-01,,2000-01-01,drawn"
    County.at(tmp_path / "home", parameters=wide_open).receive(
        members="household | person\n six paid | a\n five paid | b\n paid in t-3 | c\n long ago | d\n retired | e\n student | f\n on leave | g\n unpaid rows | h\n registered | i\n left | j\n left | j2",
        wages="""
            person | pay_month  | insurance | is_paid
            a      | t-9..t-4   |           |
            b      | t-8..t-4   | 110       |
            b      | t-8..t-4   | 310       |
            c      | t-9..t-3   |           |
            d      | t-24..t-11 |           |
            e      | t-9..t-4   |           |
            f      | t-9..t-4   |           |
            g      | t-9..t-4   |           |
            h      | t-9..t-4   |           |
            h      | t-3..t-1   |           | false
            i      | t-9..t-4   |           |
            j      | t-9..t-4   |           |
        """,
        pensions="person | pay_month\n e | t-3..t-1",
        students="person | stage | status\n f | 6 | 1\n g | 6 | 2",
        jobless="person | registered_on\n i | t-3",
        delivered={"wages": "t-24..t-1"},
    ).work_out().profile(
        """
            household   | lapsed_members | is_lapse_sure
            six paid    | 1              | false
            five paid   | 0              | false
            paid in t-3 | 0              | false
            long ago    | 0              | false
            retired     | 0              | false
            student     | 0              | false
            on leave    | 0              | false
            unpaid rows | 1              | true
            registered  | 1              | true
            left        | 1              | false
        """
    )


def test_absence_behind_a_closed_gate_says_nothing(county: County) -> None:
    """Eight of ten earners who fall silent in one month are a fault of the feed; one of ten is a person."""
    crowd = [f"worker {i}" for i in range(10)]
    members = "\n".join(f"{name} | {name}" for name in crowd)
    county.receive(
        members=f"household | person\n{members}",
        wages="person | pay_month\n" + "\n".join(f"{name} | t-24..t-{1 if name > 'worker 7' else 4}" for name in crowd),
        delivered={"wages": "t-24..t-1"},
    )
    night = county.judge()
    assert night.levels("EARN-LOST", "SI-LAPSE") == {} and night.of("cases") == {}
    night.profile("household | lapsed_members | is_wage_feed_complete\n worker 0 | | false\n worker 9 | | false")


def test_absence_in_a_feed_whose_gate_is_open_is_a_sign(county: County) -> None:
    crowd = [f"worker {i}" for i in range(10)]
    members = "\n".join(f"{name} | {name}" for name in crowd)
    county.receive(
        members=f"household | person\n{members}",
        wages="person | pay_month\n" + "\n".join(f"{name} | t-24..t-{1 if name > 'worker 0' else 4}" for name in crowd),
        delivered={"wages": "t-24..t-1"},
    )
    assert county.judge().levels("EARN-LOST", "SI-LAPSE") == {"worker 0": {"EARN-LOST": 1, "SI-LAPSE": 1}}


def test_absence_from_a_feed_that_is_not_complete_says_nothing(county: County) -> None:
    night = county.receive(
        members="household | person\n family | Li\n other | Wang",
        wages="person | pay_month\n Li | t-24..t-4\n Wang | t-24..t-2",
    ).judge()
    assert night.levels("EARN-LOST", "SI-LAPSE") == {}
    county.receive(date(2026, 1, 22), wages="person | pay_month\n Wang | t-1")
    assert county.judge(date(2026, 1, 22)).levels() == {"family": {"EARN-LOST": 1, "SI-LAPSE": 1}}


def test_aid_in_force_left_or_refused(county: County) -> None:
    night = county.receive(
        members="household | person\n"
        + "\n".join(
            f"{one} | of {one}"
            for one in ("open", "tapering", "last month", "left t-1", "left t-12", "left t-13", "left, no end", "left early",
                        "renewed", "moved down", "refused", "refused then", "refused long", "no result", "to come")
        ),
        aid="""
            person          | aid_type | start_month | end_month | result | result_date
            of open         | 110      |             |           | 1      |
            of tapering     | 120      |             |           | 4      |
            of last month   | 131      |             | t-1       | 1      |
            of left t-1     | 600      |             | t-1       | 3      |
            of left t-12    | 110      |             | t-12      | 3      |
            of left t-13    | 110      |             | t-13      | 3      |
            of left, no end | 110      |             |           | 3      | t-2
            of left early   | 110      |             |           | 3      | t-14
            of renewed      | 110      | t-30        | t-7       | 1      |
            of renewed      | 110      | t-6         |           | 1      |
            of moved down   | 110      | t-30        | t-7       | 3      |
            of moved down   | 600      | t-6         |           | 1      |
            of refused      | 110      | t-3         |           | 2      | night
            of refused then | 110      | t-13        |           | 2      | 2025-01-21
            of refused long | 110      | t-14        |           | 2      | 2025-01-20
            of no result    | 650      | t-3         |           | -      |
            of to come      | 650      | t           |           | 1      |
        """,
    ).work_out()  # fmt: skip
    night.profile(
        """
            household    | is_listed | has_dibao | has_tekun | has_edge | has_rigid | has_left_aid | aid_types
            open         | true      | true      | false     | false    | false     | false        | 110
            tapering     | true      | true      | false     | false    | false     | false        | 120
            last month   | true      | false     | true      | false    | false     | false        | 131
            left t-1     | false     | false     | false     | false    | false     | true         |
            left t-12    | false     | false     | false     | false    | false     | true         |
            left t-13    | false     | false     | false     | false    | false     | false        |
            left, no end | false     | false     | false     | false    | false     | true         |
            left early   | false     | false     | false     | false    | false     | false        |
            renewed      | true      | true      | false     | false    | false     | false        | 110
            moved down   | true      | false     | false     | true     | false     | true         | 600
            refused      | false     | false     | false     | false    | false     | true         |
            refused then | false     | false     | false     | false    | false     | true         |
            refused long | false     | false     | false     | false    | false     | false        |
            no result    | true      | false     | false     | false    | true      | false        | 650
            to come      | false     | false     | false     | false    | false     | false        |
        """
    )


def test_rigid_cost_beside_living_and_medical(county: County) -> None:
    county.receive(
        members="household | person\n college | a\n junior | b\n on leave | c\n two of them | d\n two of them | d2\n declared | e\n verified | f\n old | g\n open | h",
        students="""
            person | stage | status | tuition | boarding
            a      | 7     | 1      | 5000    | 800
            b      | 3     | 1      | 5000    | 800
            c      | 7     | 2      | 5000    | 800
            d      | 1     | 1      | 3000    |
            d2     | 4     | 1      |         | 600
        """,
        income="""
            person | item | amount | from_month | to_month | source
            e      | Z    | 300    | t-12       | t-1      | 1
            e      | W    | 300    | t-12       | t-1      | 3
            f      | Z    | 300    | t-13       | t-3      | 2
            f      | W    | 9000   | t-5        |          | 2
            g      | W    | 9000   | t-13       |          | 2
            h      | Z    | 200    | t-6        |          | 2
            h      | Z    | 100    | t-2        |          | 2
        """,
    ).work_out().profile(
        """
            household   | education_cost | tertiary_students | rehabilitation_cost | disaster_loss
            college     | 5800           | 1                 | 0                   | 0
            junior      | 0              | 0                 | 0                   | 0
            on leave    | 0              | 0                 | 0                   | 0
            two of them | 3600           | 0                 | 0                   | 0
            declared    | 0              | 0                 | 0                   | 0
            verified    | 0              | 0                 | 3000                | 9000
            old         | 0              | 0                 | 0                   | 0
            open        | 0              | 0                 | 1000                | 0
        """
    )


def test_the_profile_drawn_for_the_rules_is_the_real_one(county: County) -> None:
    (row,) = county.receive(members="household | person\n family | Li").work_out().tables["household_profile"]
    assert set(COLUMNS) <= set(row) and {row[f"{name}_months"] for name in ("standard", "oop_before")} == {12, 2}


def test_what_own_cost_leaves_against_the_standard(county: County) -> None:
    """The lesser of the year and of three months, in standards a head; at a line is not under it. Urban: 800 yuan."""
    incomes = {
        "at a quarter": 200, "under a quarter": 199.99, "at a half": 400, "under a half": 399.99, "at the whole": 800,
        "under the whole": 799.99, "a year's cost, at": 900, "a year's cost, over": 900, "a quarter's, at": 900,
        "a quarter's, over": 900, "more than all": 900,
    }  # fmt: skip
    county.receive(
        members="household | person\n unknown | unknown\n" + "\n".join(f"{name} | {name}" for name in incomes),
        income="person | item | amount | from_month | to_month\n"
        + "\n".join(f"{name} | B | {amount} | t-12 | t-1" for name, amount in incomes.items()),
        settlements="""
            person              | settled_at | total
            a year's cost, at   | t-6        | 1200
            a year's cost, over | t-6        | 1200.01
            a quarter's, at     | t-2        | 300
            a quarter's, over   | t-2        | 300.01
            more than all       | t-2        | 3000
            unknown             | t-2        | 30000
        """,
    ).work_out().profile(
        """
            household           | residual_level | is_residual_pressing
            at a quarter        | 2              | true
            under a quarter     | 3              | true
            at a half           | 1              | false
            under a half        | 2              | true
            at the whole        | 0              | false
            under the whole     | 1              | false
            a year's cost, at   | 0              | false
            a year's cost, over | 1              | false
            a quarter's, at     | 0              | false
            a quarter's, over   | 1              | false
            more than all       | 3              | true
            unknown             |                |
        """
    )
