"""The income of a household's months, from drawn extract rows: whose, from which source, how reliable, or unknown."""

from pathlib import Path

from tests.spec.county import County


def test_a_wage_month_is_paid_stopped_or_unknown(county: County) -> None:
    county.receive(
        members="""
            household       | person
            paid            | Li
            unpaid          | Wang
            registered      | Zhao
            absent once     | Qian
            absent since    | Sun
            declared then   | Zhou
            nothing said    | Wu
        """,
        wages="""
            person | pay_month  | is_paid
            Li     | t-24..t-1  |
            Wang   | t-24..t-3  |
            Wang   | t-2..t-1   | false
            Zhao   | t-24..t-3  |
            Qian   | t-24..t-3  |
            Qian   | t-1        |
            Sun    | t-24..t-3  |
            Zhou   | t-24..t-3  |
        """,
        jobless="""
            person | unemployed_on | registered_on
            Zhao   | t-2           | t-1
        """,
        income="""
            person | item | amount | from_month
            Zhou   | A    | 1200   | t-2
        """,
    ).work_out().months(
        "income",
        """
            household       | t-24..t-3 | t-2    | t-1
            paid            | 3000 B    | 3000 B | 3000 B
            unpaid          | 3000 B    | 0 B    | 0 B
            registered      | 3000 B    | 0 B    | 0 B
            absent once     | 3000 B    | ?      | 3000 B
            absent since    | 3000 B    | ?      | ?
            declared then   | 3000 B    | 1200 C | 1200 C
            nothing said    | ?         | ?      | ?
        """,
    )


def test_who_never_stood_in_a_feed_is_no_earner(county: County) -> None:
    county.receive(
        members="""
            household     | person
            one earner    | Li
            one earner    | his wife
            one earner    | his mother
            started late  | Wang
            started late  | his wife too
        """,
        wages="""
            person       | pay_month
            Li           | t-24..t-1
            Wang         | t-24..t-1
            his wife too | t-10..t-1
        """,
    ).work_out().months(
        "income",
        """
            household    | t-24..t-11 | t-10..t-1
            one earner   | 3000 B     | 3000 B
            started late | 3000 B     | 6000 B
        """,
    )


def test_an_earner_of_whom_nothing_is_heard_since_he_joined_is_unknown(county: County) -> None:
    county.receive(
        members="household | person | from_month\n family | mother |\n family | Li | t-6",
        wages="person | pay_month\n Li | t-24..t-10",
        pensions="person | pay_month\n mother | t-24..t-1",
    ).work_out().months("income", "household | t-24..t-7 | t-6..t-1\n family | 1000 A | ?")


def test_before_the_feed_began_an_earner_is_unknown(county: County) -> None:
    night = county.receive(
        members="""
            household    | person
            there at once| Li
            there at once| his mother
            came later   | Wang
            came later   | his father
        """,
        wages="""
            person     | pay_month
            Li         | t-10..t-1
            Wang       | t-8..t-1
        """,
        pensions="""
            person     | pay_month
            his mother | t-24..t-1
            his father | t-24..t-1
        """,
    ).work_out()
    night.months(
        "income",
        """
            household     | t-24..t-11 | t-10..t-9 | t-8..t-1
            there at once | ?          | 4000 B    | 4000 B
            came later    | 1000 A     | 1000 A    | 4000 B
        """,
    )
    night.profile("""
            household     | income_now | income_before_known | income_before | income_year
            there at once | 4000       | 7                   |               | 48000
            came later    | 4000       | 12                  | 1000          | 36000
    """)


def test_a_back_payment_counts_in_its_own_month(county: County) -> None:
    county.receive(
        members="household | person\n late row | Li",
        wages="""
            person | pay_month | period
            Li     | t-24..t-4 | t-24
            Li     | t-2..t-1  | t-1
            Li     | t-3       | t-1
        """,
    ).work_out().months("income", "household | t-24..t-1\n late row | 3000 B")


def test_one_insurance_kind_counts_once_and_two_employers_add_up(county: County) -> None:
    county.receive(
        members="""
            household     | person
            three kinds   | Li
            uneven bases  | Wang
            two employers | Zhao
            second unpaid | Qian
        """,
        wages="""
            person | pay_month | insurance | base | employer_code | is_paid
            Li     | t-24..t-1 | 110       | 3000 | one           |
            Li     | t-24..t-1 | 210       | 3000 | one           |
            Li     | t-24..t-1 | 310       | 3000 | one           |
            Wang   | t-24..t-1 | 110       | 3000 | one           |
            Wang   | t-24..t-1 | 310       | 3500 | one           |
            Zhao   | t-24..t-1 | 110       | 3000 | one           |
            Zhao   | t-24..t-1 | 310       | 3000 | one           |
            Zhao   | t-24..t-1 | 110       | 1000 | two           |
            Qian   | t-24..t-1 | 110       | 3000 | one           |
            Qian   | t-24..t-1 | 110       | 1000 | two           | false
        """,
    ).work_out().months(
        "income",
        """
            household     | t-24..t-1
            three kinds   | 3000 B
            uneven bases  | 3500 B
            two employers | 4000 B
            second unpaid | 3000 B
        """,
    )


def test_a_pension_is_paid_stopped_or_unknown(county: County) -> None:
    county.receive(
        members="""
            household      | person
            paid           | Li
            suspended      | Wang
            ended          | Zhao
            ended, no row  | Qian
            susp., no row  | Sun
            absent once    | Zhou
            two kinds      | Wu
            one kind lost  | Zheng
            one kind ended | Feng
            new pension    | Chen
            new pension    | her husband
        """,
        pensions="""
            person      | pay_month | kind | amount | status
            Li          | t-24..t-1 |      |        |
            Wang        | t-24..t-3 |      |        |
            Wang        | t-2..t-1  |      |        | 2
            Zhao        | t-24..t-3 |      |        |
            Zhao        | t-2..t-1  |      |        | 3
            Qian        | t-24..t-3 |      |        |
            Qian        | t-2       |      |        | 3
            Sun         | t-24..t-3 |      |        |
            Sun         | t-2       |      |        | 2
            Zhou        | t-24..t-3 |      |        |
            Zhou        | t-1       |      |        |
            Wu          | t-24..t-1 | 110  | 1000   |
            Wu          | t-24..t-1 | 120  | 200    |
            Zheng       | t-24..t-3 | 110  | 1000   |
            Zheng       | t-1       | 110  | 1000   |
            Zheng       | t-24..t-1 | 120  | 200    |
            Feng        | t-24..t-3 | 110  | 1000   |
            Feng        | t-2       | 110  | 1000   | 3
            Feng        | t-24..t-1 | 120  | 200    |
            her husband | t-24..t-1 |      |        |
            Chen        | t-2..t-1  |      |        |
        """,
    ).work_out().months(
        "income",
        """
            household      | t-24..t-3 | t-2    | t-1
            paid           | 1000 A    | 1000 A | 1000 A
            suspended      | 1000 A    | 0 A    | 0 A
            ended          | 1000 A    | 0 A    | 0 A
            ended, no row  | 1000 A    | 0 A    | 0 A
            susp., no row  | 1000 A    | 0 A    | ?
            absent once    | 1000 A    | ?      | 1000 A
            two kinds      | 1200 A    | 1200 A | 1200 A
            one kind lost  | 1200 A    | ?      | 1200 A
            one kind ended | 1200 A    | 200 A  | 200 A
            new pension    | 1000 A    | 2000 A | 2000 A
        """,
    )


def test_a_pensioner_is_not_expected_in_the_wage_feed(county: County) -> None:
    county.receive(
        members="household | person\n retired | Li\n gap between | Wang",
        wages="""
            person | pay_month
            Li     | t-24..t-7
            Wang   | t-24..t-8
        """,
        pensions="""
            person | pay_month
            Li     | t-6..t-1
            Wang   | t-6..t-1
        """,
        delivered={"pensions": "t-24..t-7"},
    ).work_out().months(
        "income",
        """
            household   | t-24..t-8 | t-7    | t-6..t-1
            retired     | 3000 B    | 3000 B | 1000 A
            gap between | 3000 B    | ?      | 1000 A
        """,
    )


def test_unemployment_benefit(county: County) -> None:
    county.receive(
        members="""
            household    | person
            benefit      | Li
            no benefit   | Wang
            blank amount | Zhao
            found work   | Qian
        """,
        wages="""
            person | pay_month
            Li     | t-24..t-7
            Wang   | t-24..t-7
            Zhao   | t-24..t-7
            Qian   | t-24..t-7
            Qian   | t-3..t-1
        """,
        jobless="""
            person | unemployed_on | registered_on | cancelled_on | benefit_from | benefit_to | benefit
            Li     | t-6           | t-6           |              | t-6          | t-2        | 1500
            Wang   | t-6           | t-5           |              |              |            |
            Zhao   | t-6           | t-6           |              | t-6          | t-2        |
            Qian   | t-6           | t-6           | t-3          | t-6          | t+2        | 1500
        """,
    ).work_out().months(
        "income",
        """
            household    | t-24..t-7 | t-6..t-4 | t-3    | t-2    | t-1
            benefit      | 3000 B    | 1500 B   | 1500 B | 1500 B | 0 B
            no benefit   | 3000 B    | 0 B      | 0 B    | 0 B    | 0 B
            blank amount | 3000 B    | ?        | ?      | ?      | 0 B
            found work   | 3000 B    | 1500 B   | 4500 B | 3000 B | 3000 B
        """,
    )


def test_of_the_sources_of_a_wage_one_counts(county: County) -> None:
    county.receive(
        members="""
            household             | person
            verified before proxy | Li
            proxy before declared | Wang
            stopped bef. declared | Zhao
            verified bef. stopped | Qian
            verified, declared    | Sun
            visit before declared | Zhou
            declared before blank | Wu
            other persons add up  | Zheng
            other persons add up  | Feng
        """,
        wages="""
            person | pay_month | base | is_paid
            Li     | t-24..t-1 | 3000 |
            Wang   | t-24..t-1 | 3000 |
            Zhao   | t-24..t-1 | 3000 | false
            Qian   | t-24..t-1 | 3000 | false
        """,
        income="""
            person | item | amount | from_month | to_month | source
            Li     | A    | 2500   | t-24       | t-1      | 2
            Wang   | A    | 2000   | t-24       | t-1      | 1
            Zhao   | A    | 2000   | t-24       | t-1      | 1
            Qian   | A    | 2000   | t-24       | t-1      | 2
            Sun    | A    | 2000   | t-24       | t-1      | 1
            Sun    | A    | 1500   | t-24       | t-1      | 2
            Zhou   | A    | 2000   | t-24       | t-1      | 1
            Zhou   | A    | 1500   | t-24       | t-1      | 3
            Wu     | A    | 2000   | t-24       | t-1      | 1
            Wu     | A    | 1800   | t-24       | t-1      | -
            Zheng  | A    | 2000   | t-24       | t-1      | 1
            Feng   | A    | 1000   | t-24       | t-1      | 2
        """,
    ).work_out().months(
        "income",
        """
            household             | t-24..t-1
            verified before proxy | 2500 A
            proxy before declared | 3000 B
            stopped bef. declared | 0 B
            verified bef. stopped | 2000 A
            verified, declared    | 1500 A
            visit before declared | 1500 C
            declared before blank | 2000 C
            other persons add up  | 3000 C
        """,
    )


def test_what_was_declared_in_another_household_counts_once(county: County) -> None:
    """He moved, or stands in two lists: the household's own declaration goes before that of the other one."""
    county.receive(
        members="""
            household | person | from_month
            old       | father | t-30
            old       | Li     | t-30
            new       | wife   | t-6
            new       | Li     | t-6
            older     | mother | t-30
            older     | Wang   | t-30
            newer     | Wang   | t-6
            nothing   | Zhao   | t-6
        """,
        income="""
            person | household | item | amount | from_month | to_month | source
            Li     | old       | A    | 2000   | t-10       |          | 1
            Li     | new       | A    | 1800   | t-6        |          | 1
            father | old       | A    | 100    | t-10       |          | 1
            Wang   | older     | A    | 2000   | t-10       | t-1      | 1
            Wang   | newer     | A    | 1700   | t-6        | t-1      | 1
            Zhao   | elsewhere | A    | 900    | t-10       | t-1      | 1
        """,
    ).work_out().months(
        "income",
        """
            household | t-10..t-7 | t-6..t-1
            old       | 2100 C    | 100 C
            new       | ?         | 1800 C
            newer     | ?         | 1700 C
            nothing   | ?         | 900 C
        """,
    )


def test_two_amounts_of_one_source_add_up(county: County) -> None:
    county.receive(
        members="household | person\n two crops | Li",
        income="""
            person | item | amount | from_month | to_month | source
            Li     | B    | 500    | t-24       | t-1      | 1
            Li     | B    | 300    | t-12       | t-1      | 1
        """,
    ).work_out().months("income", "household | t-24..t-13 | t-12..t-1\n two crops | 500 C | 800 C")


def test_transfers_count_less_what_the_feeds_show(county: County) -> None:
    county.receive(
        members="""
            household          | person
            more than pension  | Li
            less than pension  | Wang
            benefit within     | Zhao
            dibao within       | Qian
            dibao beside wages | Sun
            dibao alone        | Zhou
            aid to two members | Wu
            aid to two members | his wife
        """,
        pensions="""
            person | pay_month
            Li     | t-24..t-1
            Wang   | t-24..t-1
        """,
        jobless="""
            person | registered_on | benefit_from | benefit_to | benefit
            Zhao   | t-24          | t-24         | t-1        | 700
        """,
        aid="""
            person   | aid_type | amount
            Qian     | 110      | 500
            Sun      | 110      | 500
            Zhou     | 110      | 500
            Wu       | 110      | 500
            his wife | 110      | 500
        """,
        income="""
            person | item | amount | from_month | to_month | source
            Li     | D    | 1200   | t-24       | t-1      | 1
            Wang   | D    | 800    | t-24       | t-1      | 1
            Zhao   | D    | 1000   | t-24       | t-1      | 1
            Qian   | D    | 1200   | t-24       | t-1      | 2
            Sun    | A    | 900    | t-24       | t-1      | 1
            Wu     | D    | 1200   | t-24       | t-1      | 2
        """,
    ).work_out().months(
        "income",
        """
            household          | t-24..t-1
            more than pension  | 1200 C
            less than pension  | 1000 C
            benefit within     | 1000 C
            dibao within       | 700 A
            dibao beside wages | 900 C
            dibao alone        | ?
            aid to two members | 700 A
        """,
    )


def test_aid_counts_in_the_months_it_was_held(county: County) -> None:
    county.receive(
        members="household | person\n open | Li\n ended | Wang\n left | Zhao\n refused | Qian\n tapering | Sun",
        aid="""
            person | amount | start_month | end_month | result
            Li     | 500    | t-6         |           | 1
            Wang   | 500    | t-6         | t-3       | 1
            Zhao   | 500    | t-6         | t-3       | 3
            Qian   | 500    | t-6         |           | 2
            Sun    | 500    | t-6         |           | 4
        """,
    ).work_out().months(
        "aid",
        """
            household | t-24..t-7 | t-6..t-3 | t-2..t-1
            open      | 0         | 500      | 500
            ended     | 0         | 500      | 0
            left      | 0         | 500      | 0
            refused   | 0         | 0        | 0
            tapering  | 0         | 500      | 500
        """,
    )


def test_every_item_has_its_sign(county: County) -> None:
    county.receive(
        members="household | person\n all items | Li\n losses | Wang\n cost alone | Zhao\n outlays alone | Qian",
        income="""
            person | item | amount | from_month | to_month
            Li     | A    | 1000   | t-24       | t-1
            Li     | B    | 200    | t-24       | t-1
            Li     | C    | 30     | t-24       | t-1
            Li     | D    | 4      | t-24       | t-1
            Li     | E    | .5     | t-24       | t-1
            Li     | F    | 100    | t-24       | t-1
            Wang   | B    | -700   | t-24       | t-1
            Wang   | C    | -50    | t-24       | t-1
            Zhao   | F    | 100    | t-24       | t-1
            Qian   | X    | 100    | t-24       | t-1
            Qian   | Y    | 100    | t-24       | t-1
        """,
    ).work_out().months(
        "income",
        """
            household     | t-24..t-1
            all items     | 1134.5 C
            losses        | -750 C
            cost alone    | ?
            outlays alone | ?
        """,
    )


def test_a_declared_zero_is_known(county: County) -> None:
    county.receive(
        members="household | person\n nothing earned | Li",
        income="person | amount | from_month | to_month\n Li | 0 | t-24 | t-1",
    ).work_out().months("income", "household | t-24..t-1\n nothing earned | 0 C")


def test_an_open_amount_ends_at_the_next_one_and_after_a_year(county: County) -> None:
    county.receive(
        members="""
            household     | person
            declared anew | Li
            runs out      | Wang
            still valid   | Zhao
            on the last   | Qian
            other item    | Sun
            the feed says | Zhou
        """,
        wages="person | pay_month\n Zhou | t-24..t-1",
        income="""
            person | item | amount | from_month
            Li     | A    | 1000   | t-20
            Li     | A    | 800    | t-10
            Wang   | A    | 1000   | t-20
            Zhao   | A    | 1000   | t-11
            Qian   | A    | 1000   | t-12
            Sun    | A    | 1000   | t-20
            Sun    | B    | 100    | t-10
            Zhou   | A    | 1000   | t-24
        """,
    ).work_out().months(
        "income",
        """
            household     | t-24..t-21 | t-20..t-13 | t-12..t-11 | t-10..t-9 | t-8..t-1
            declared anew | ?          | 1000 C     | 1000 C     | 800 C     | 800 C
            runs out      | ?          | 1000 C     | 1000 C     | 1000 C    | ?
            other item    | ?          | 1000 C     | 1000 C     | 1100 C    | ?
            the feed says | 3000 B     | 3000 B     | 3000 B     | 3000 B    | 3000 B
        """,
    )


def test_the_last_month_of_an_open_amount(county: County) -> None:
    night = county.receive(
        members="household | person\n from t-12 | Li\n from t-13 | Wang",
        income="person | amount | from_month\n Li | 1000 | t-12\n Wang | 1000 | t-13",
    ).work_out()
    night.months(
        "income",
        """
            household | t-13   | t-12..t-2 | t-1
            from t-12 | ?      | 1000 C    | 1000 C
            from t-13 | 1000 C | 1000 C    | ?
        """,
    )


def test_how_long_an_open_amount_holds_is_a_parameter(tmp_path: Path, quick: None) -> None:
    county = County.at(tmp_path, parameters="income_valid_months,9904,any,6,months,2000-01-01,,2000-01-01,drawn\n")
    county.receive(
        members="household | person\n half a year | Li",
        income="person | amount | from_month\n Li | 1000 | t-10",
    ).work_out().months("income", "household | t-10..t-5 | t-4..t-1\n half a year | 1000 C | ?")


def test_after_a_closed_amount_the_month_is_unknown_until_the_household_declares_anew(county: County) -> None:
    county.receive(
        members="""
            household        | person
            silent since     | Li
            declared without | Wang
            declared without | his wife
            closes now       | Zhao
            others known     | Qian
            others known     | his father
        """,
        wages="person | pay_month\n his father | t-24..t-1",
        income="""
            person   | item | amount | from_month | to_month
            Li       | A    | 1000   | t-24       | t-7
            Wang     | A    | 1000   | t-24       | t-7
            his wife | B    | 200    | t-4        | t-1
            Zhao     | A    | 1000   | t-24       | t-1
            Qian     | A    | 1000   | t-24       | t-7
        """,
    ).work_out().months(
        "income",
        """
            household        | t-24..t-7 | t-6..t-5 | t-4..t-1
            silent since     | 1000 C    | ?        | ?
            declared without | 1000 C    | ?        | 200 C
            closes now       | 1000 C    | 1000 C   | 1000 C
            others known     | 4000 C    | ?        | ?
        """,
    )


def test_a_short_amount_says_itself_when_it_ended(county: County) -> None:
    """The harvest of one month and a season's wage are no yearly declaration: after them nothing is unknown."""
    county.receive(
        members="household | person\n farm | Li\n farm | his wife\n season | Wang\n season | his mother",
        pensions="person | pay_month\n his mother | t-24..t-1",
        income="""
            person   | item | amount | from_month | to_month
            Li       | B    | 9000   | t-7        | t-7
            his wife | A    | 1000   | t-24       | t-1
            Wang     | A    | 5000   | t-10       | t-5
        """,
    ).work_out().months(
        "income",
        """
            household | t-24..t-11 | t-10..t-8 | t-7     | t-6..t-5 | t-4..t-1
            farm      | 1000 C     | 1000 C    | 10000 C | 1000 C   | 1000 C
            season    | 1000 A     | 6000 C    | 6000 C  | 6000 C   | 1000 A
        """,
    )


def test_a_month_is_as_reliable_as_its_weakest_part(county: County) -> None:
    night = county.receive(
        members="""
            household   | person
            paid, proxy | Li
            paid, proxy | his mother
            all three   | Wang
            all three   | his mother too
            all three   | his brother
            year        | Zhao
        """,
        pensions="person | pay_month\n his mother | t-24..t-1\n his mother too | t-24..t-1\n Zhao | t-24..t-5",
        wages="person | pay_month\n Li | t-24..t-1\n Wang | t-24..t-1",
        income="""
            person      | item | amount | from_month | to_month
            his brother | B    | 10     | t-24       | t-1
            Zhao        | B    | 10     | t-6        | t-5
        """,
    ).work_out()
    night.months(
        "income",
        """
            household   | t-24..t-7 | t-6..t-5 | t-4..t-1
            paid, proxy | 4000 B    | 4000 B   | 4000 B
            all three   | 4010 C    | 4010 C   | 4010 C
            year        | 1000 A    | 1010 C   | ?
        """,
    )
    night.profile("household | income_class\n paid, proxy | B\n all three | C\n year | C")


def test_a_lost_share_of_a_feed_adds_no_hit(county: County) -> None:
    """Rows lost at random make months unknown, and unknown months fire nothing."""
    people = [f"person {i}" for i in range(12)]
    members = "household | person\n" + "\n".join(f"of {one} | {one}" for one in people)
    kept = [(one, back) for i, one in enumerate(people) for back in range(24, 0, -1) if (7 * i + 5 * back) % 4]
    wages = "person | pay_month\n" + "\n".join(f"{one} | t-{back}" for one, back in kept)
    pensions = wages.replace("person ", "elder ").replace("elder |", "person |")
    elders = "\n".join(f"old {one} | {one.replace('person', 'elder')}" for one in people)
    night = county.receive(
        members=members + "\n" + elders, wages=wages, pensions=pensions,
        delivered={"wages": "t-24..t-1", "pensions": "t-24..t-1"},
    ).judge()  # fmt: skip
    assert all(
        set(levels) <= {"EARN-LOST", "SI-LAPSE"} and max(levels.values()) <= 1 for levels in night.levels().values()
    )
