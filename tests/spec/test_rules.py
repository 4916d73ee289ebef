"""Every rule of the catalogue by example: just under, exactly at and just over each line, and what is unknown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assets.rules import compiling
from assets.rules.catalogue import rules
from tests.drawn import drawn
from tests.spec.judging import COLUMNS, hits, judged, profile_row, settings


def test_inc_drop() -> None:
    hits("INC-DROP", """
        household              | income_before | income_now | standard | members_changed | hit
        a fen under            | 4000          | 3000.01    | 800      | false           |
        a third of a fen under | 4000          | 900001/300 | 800      | false           |
        at a quarter           | 4000          | 3000       | 800      | false           | 1
        a third of a fen over  | 4000          | 899999/300 | 800      | false           | 1
        a fen under half       | 4000          | 2000.01    | 800      | false           | 1
        halved                 | 4000          | 2000       | 800      | false           | 2
        half of an odd median  | 4000.005      | 600001/300 | 800      | false           | 1
        to nothing             | 4000          | 0          | 800      | false           | 2
        into debt              | 4000          | -500       | 800      | false           | 2
        fall below one DB      | 3000          | 2200.01    | 800      | false           |
        fall of one DB         | 3000          | 2200       | 800      | false           | 1
        DB is not times n      | 3000          | 600        | 800      | false           | 2
        nothing before         | 0             | -900       | 800      | false           |
        debt before            | -100          | -2000      | 800      | false           |
        moved out              | 4000          | 2000       | 800      | true            |
        unknown now            | 4000          |            | 800      | false           |
        unknown before         |               | 2000       | 800      | false           |
        unknown standard       | 4000          | 2000       |          | false           |
        rise                   | 2000          | 4000       | 800      | false           |
    """)  # fmt: skip


def test_inc_drop_by_local_parameters() -> None:
    """1 - 800 / 1000 is 0.19999999999999996 in floating point; a fall of exactly a fifth counts."""
    hits("INC-DROP", """
        household          | income_before | income_now | standard | hit
        at a fifth         | 1000          | 800        | 100      | 1
        under              | 1000          | 800.01     | 100      |
        at three fifths    | 1000          | 400        | 100      | 2
        under three fifths | 1000          | 400.01     | 100      | 1
        two standards      | 1000          | 700        | 150      | 1
        under two          | 1000          | 700.01     | 150      |
    """, inc_drop_note="0.2", inc_drop_alert="0.6", inc_drop_floor="2")  # fmt: skip


def test_inc_below() -> None:
    hits("INC-BELOW", """
        household              | members | standard          | income_before     | income_now        | has_dibao | has_tekun | hit
        at the standard        | 3       | 800               | 4000              | 2400              | false     | false     |
        a third of a fen under | 3       | 800               | 4000              | 719999/300        | false     | false     | 3
        a fen under            | 3       | 800               | 4000              | 2399.99           | false     | false     | 3
        before at the standard | 3       | 800               | 2400              | 2399.99           | false     | false     | 3
        before below it        | 3       | 800               | 2399.99           | 1000              | false     | false     |
        half a fen below it    | 3       | 800               | 2399.995          | 1000              | false     | false     |
        nothing now            | 3       | 800               | 4000              | 0                 | false     | false     | 3
        debt now               | 3       | 800               | 4000              | -10               | false     | false     | 3
        on dibao               | 3       | 800               | 4000              | 1000              | true      | false     | 0
        on tekun               | 3       | 800               | 4000              | 1000              | false     | true      | 0
        alone                  | 1       | 800               | 4000              | 2399.99           | false     | false     |
        standard by the year   | 1       | 14401/24          | 4000              | 600.04            | false     | false     | 3
        just above it          | 1       | 14401/24          | 4000              | 600.05            | false     | false     |
        beyond a float         | 1       | 90071992547409.93 | 90071992547409.93 | 90071992547409.92 | false     | false     | 3
        and not                | 1       | 90071992547409.93 | 90071992547409.92 | 90071992547409.91 | false     | false     |
        unknown now            | 3       | 800               | 4000              |                   | false     | false     |
        unknown before         | 3       | 800               |                   | 1000              | false     | false     |
        unknown standard       | 3       |                   | 4000              | 1000              | false     | false     |
    """)  # fmt: skip


def test_inc_edge() -> None:
    hits("INC-EDGE", """
        household             | members | standard | income_before | income_now  | has_dibao | has_tekun | hit
        at the edge           | 3       | 800      | 4000          | 3600        | false     | false     |
        a third of a fen under| 3       | 800      | 4000          | 1079999/300 | false     | false     | 2
        before at the edge    | 3       | 800      | 3600          | 3599.99     | false     | false     | 2
        before below the edge | 3       | 800      | 3599.99       | 3000        | false     | false     |
        at the standard       | 3       | 800      | 4000          | 2400        | false     | false     | 2
        below: INC-BELOW      | 3       | 800      | 4000          | 2399.99     | false     | false     |
        on dibao              | 3       | 800      | 4000          | 3000        | true      | false     | 0
        on tekun              | 3       | 800      | 4000          | 3000        | false     | true      | 0
        unknown now           | 3       | 800      | 4000          |             | false     | false     |
        unknown before        | 3       | 800      |               | 3000        | false     | false     |
        unknown standard      | 3       |          | 4000          | 3000        | false     | false     |
    """)  # fmt: skip
    hits("INC-EDGE", """
        household    | members | standard | income_before | income_now | hit
        Hangzhou, at | 3       | 800      | 5000          | 4800       |
        under        | 3       | 800      | 5000          | 4799.99    | 2
        before at    | 3       | 800      | 4800          | 4000       | 2
    """, edge_multiple="2.0")  # fmt: skip


def test_inc_low() -> None:
    """Three quarters of the standard, whatever was before it."""
    hits("INC-LOW", """
        household         | members | standard | income_now | has_dibao | has_tekun | hit
        at three quarters | 3       | 800      | 1800       | false     | false     |
        a fen under       | 3       | 800      | 1799.99    | false     | false     | 1
        a third of a fen  | 3       | 800      | 539999/300 | false     | false     | 1
        debt              | 1       | 800      | -100       | false     | false     | 1
        on dibao          | 3       | 800      | 900        | true      | false     |
        on tekun          | 1       | 800      | 0          | false     | true      |
        unknown income    | 3       | 800      |            | false     | false     |
        unknown standard  | 3       |          | 900        | false     | false     |
    """)  # fmt: skip


def test_earn_lost() -> None:
    hits("EARN-LOST", """
        household         | had_earner | has_earner | is_income_known | is_earner_in_feed | is_wage_feed_complete | has_stop_record | hit
        known to earn 0   | true       | false      | true            | true              | true                  | false           | 2
        unpaid row        | true       | false      | true            | true              | true                  | true            | 2
        no record         | true       | false      | false           | true              | true                  | false           | 1
        no record, sign   | true       | false      | false           | true              | true                  | true            | 2
        feed not complete | true       | false      | false           | true              | false                 | false           |
        declared earner   | true       | false      | false           | false             | true                  | false           |
        declared, closed  | true       | false      | true            | false             | false                 | false           | 2
        still earns       | true       | true       | true            | true              | true                  | true            |
        never earned      | false      | false      | true            | true              | true                  | true            |
    """)  # fmt: skip


def test_si_lapse() -> None:
    hits("SI-LAPSE", """
        household        | lapsed_members | is_lapse_sure | hit
        nobody           | 0              | false         |
        no record        | 1              | false         | 1
        with second sign | 1              | true          | 2
        two of them      | 2              | false         | 1
        feed not complete|                | true          |
    """)  # fmt: skip


@pytest.mark.parametrize(
    ("code", "flag"),
    [("UNEMP-REG", "has_new_unemployed"), ("UI-END", "has_benefit_ending"), ("PENSION-STOP", "has_pension_stopped")],
)
def test_events_of_income(code: str, flag: str) -> None:
    hits(code, f"household | {flag} | hit\n happened | true | 1\n did not | false |\n unknown | |")


def test_med_che40() -> None:
    """Over 40 % of what is left of a year's income after 3 x 9,600 for living, and at least 3,000."""
    hits("MED-CHE40", """
        household          | income_year | members | standard_year | oop_year | hit
        at 40 %            | 38800       | 3       | 9600          | 4000     |
        over               | 38800       | 3       | 9600          | 4000.01  | 2
        at the floor       | 30000       | 3       | 9600          | 3000     | 2
        under the floor    | 30000       | 3       | 9600          | 2999.99  |
        nothing to spare   | 28800       | 3       | 9600          | 3000     | 2
        short of living    | 20000       | 3       | 9600          | 3000     | 2
        short, under floor | 20000       | 3       | 9600          | 2999.99  |
        no income          | 0           | 3       | 9600          | 3000     | 2
        debt               | -500        | 3       | 9600          | 3000     | 2
        eleven months, at  | 427800/11   | 3       | 111000/11     | 3447.27  |
        eleven months, over| 427800/11   | 3       | 111000/11     | 3447.28  | 2
        standard rose      | 39700       | 3       | 9900          | 4000     |
        unknown income     |             | 3       | 9600          | 90000    |
        unknown standard   | 38800       | 3       |               | 90000    |
    """)  # fmt: skip


def test_med_impoverish() -> None:
    hits("MED-IMPOVERISH", """
        household        | income_year | members | standard_year | oop_year | hit
        left with just   | 30000       | 3       | 9600          | 1200     |
        a fen short      | 30000       | 3       | 9600          | 1200.01  | 3
        on the line      | 28800       | 3       | 9600          | .01      | 3
        on it, no cost   | 28800       | 3       | 9600          | 0        |
        poor before      | 28799.99    | 3       | 9600          | 5000     |
        cost over income | 30000       | 3       | 9600          | 90000    | 3
        unknown income   |             | 3       | 9600          | 90000    |
        unknown standard | 30000       | 3       |               | 90000    |
    """)  # fmt: skip


def test_med_abs() -> None:
    hits("MED-ABS", """
        household     | is_listed | oop_year | hit
        under, listed | true      | 9999.99  |
        at, listed    | true      | 10000    | 2
        under twice   | true      | 19999.99 | 2
        at twice      | true      | 20000    | 3
        under, others | false     | 25999.99 |
        at, others    | false     | 26000    | 2
        under twice 2 | false     | 51999.99 | 2
        at twice 2    | false     | 52000    | 3
    """)  # fmt: skip


def test_med_pcdi() -> None:
    hits("MED-PCDI", """
        household        | is_monitored | disposable | person_oop_calendar | hit
        under, others    | false        | 54188      | 54187.99            |
        at, others       | false        | 54188      | 54188               | 2
        under, monitored | true         | 54188      | 27093.99            |
        at, monitored    | true         | 54188      | 27094               | 2
        half of odd fen  | true         | 30000.01   | 15000               |
        over half of it  | true         | 30000.01   | 15000.01            | 2
        unknown PCDI     | false        |            | 900000              |
    """)  # fmt: skip


def test_med_stay() -> None:
    hits("MED-STAY", """
        household     | is_listed | stay_oop | hit
        under, listed | true      | 5999.99  |
        at, listed    | true      | 6000     | 1
        under, others | false     | 9999.99  |
        at, others    | false     | 10000    | 1
    """)  # fmt: skip


def test_med_spike() -> None:
    hits("MED-SPIKE", """
        household         | oop_earlier_quarter | oop_quarter | hit
        under the floor   | 0                   | 2999.99     |
        at the floor      | 0                   | 3000        | 1
        under three times | 2000                | 5999.99     |
        at three times    | 2000                | 6000        | 1
        half a fen, under | 2000.005            | 6000.01     |
        half a fen, over  | 2000.005            | 6000.02     | 1
        refunds before    | -100                | 3000        | 1
    """)  # fmt: skip
    hits("MED-SPIKE", """
        household      | oop_earlier_quarter | oop_quarter | hit
        under the base | 100                 | 1499.99     |
        at the base    | 100                 | 1500        | 1
        above the base | 500.01              | 1500.02     |
    """, med_spike_floor="1000")  # fmt: skip


def test_med_share() -> None:
    hits("MED-SHARE", """
        household         | income_year | oop_year | hit
        under 10 %        | 40000       | 3999.99  |
        at 10 %           | 40000       | 4000     | 0
        under 25 %        | 40000       | 9999.99  | 0
        at 25 %           | 40000       | 10000    | 1
        under 40 %        | 40000       | 15999.99 | 1
        at 40 %           | 40000       | 16000    | 2
        at the floor      | 2000        | 1000     |
        over the floor    | 2000        | 1000.01  | 2
        no income         | 0           | 1000.01  | 2
        no income, floor  | 0           | 1000     |
        debt              | -5000       | 1000.01  | 2
        11 months, under  | 252000/11   | 2290.90  |
        11 months, over   | 252000/11   | 2290.91  | 0
        11 months, at     | 264000/11   | 2400     | 0
        unknown income    |             | 90000    |
    """)  # fmt: skip


def test_rigid() -> None:
    hits("RIGID", """
        household         | income_year | members | disposable | oop_year | education_cost | rehabilitation_cost | disaster_loss | has_dibao | has_tekun | has_edge | hit
        under 60 %        | 20000       | 3       | 20000      | 11999.99 | 0              | 0                   | 0             | false     | false     | false    |
        at 60 %           | 20000       | 3       | 20000      | 12000    | 0              | 0                   | 0             | false     | false     | false    | 2
        of four parts     | 20000       | 3       | 20000      | 5000     | 4000           | 2000                | 1000          | false     | false     | false    | 2
        a fen less        | 20000       | 3       | 20000      | 5000     | 4000           | 2000                | 999.99        | false     | false     | false    |
        PCDI a head       | 60000       | 3       | 20000      | 50000    | 0              | 0                   | 0             | false     | false     | false    |
        under PCDI        | 59999.99    | 3       | 20000      | 50000    | 0              | 0                   | 0             | false     | false     | false    | 2
        under the floor   | 1000        | 3       | 20000      | 2999.99  | 0              | 0                   | 0             | false     | false     | false    |
        at the floor      | 1000        | 3       | 20000      | 3000     | 0              | 0                   | 0             | false     | false     | false    | 2
        no income         | 0           | 3       | 20000      | 3000     | 0              | 0                   | 0             | false     | false     | false    | 2
        debt              | -9000       | 3       | 20000      | 3000     | 0              | 0                   | 0             | false     | false     | false    | 2
        on dibao          | 20000       | 3       | 20000      | 12000    | 0              | 0                   | 0             | true      | false     | false    |
        on tekun          | 20000       | 3       | 20000      | 12000    | 0              | 0                   | 0             | false     | true      | false    |
        at the edge       | 20000       | 3       | 20000      | 12000    | 0              | 0                   | 0             | false     | false     | true     |
        unknown income    |             | 3       | 20000      | 90000    | 0              | 0                   | 0             | false     | false     | false    |
        unknown PCDI      | 20000       | 3       |            | 12000    | 0              | 0                   | 0             | false     | false     | false    |
    """)  # fmt: skip


def test_rigid_with_living_counted_in() -> None:
    """A city's own choice: living cost is part of the share, but never of the floor."""
    hits("RIGID", """
        household        | income_year | members | disposable | standard_year | oop_year | hit
        under 75 %       | 45000       | 3       | 20000      | 9600          | 4949.99  |
        at 75 %          | 45000       | 3       | 20000      | 9600          | 4950     | 2
        living alone     | 20000       | 3       | 20000      | 9600          | 2999.99  |
        unknown standard | 45000       | 3       | 20000      |               | 90000    |
    """, rigid_living="1", rigid_share="0.75")  # fmt: skip


def test_rigid_without_living_asks_for_no_standard() -> None:
    """A standard of which no month is known has no part in a comparison that leaves it out: 4000 of 20000 is no 60 %."""
    unknown = {"standard_year_sum": None, "standard_year_months": 0}
    cells = {"income_year": "20000", "members": "3", "disposable": "20000"}
    spared, hit = (
        profile_row({**cells, "oop_year": cost}, household_no=name) | unknown
        for name, cost in (("spared", "4000"), ("hit", "12000"))
    )
    assert [one["household_no"] for one in judged([spared, hit], settings(), "RIGID")] == ["hit"]


def test_rigid_res() -> None:
    """Less than 1.5 standards a head left, over the same twelve months' standards."""
    hits("RIGID-RES", """
        household        | income_year | members | standard_year | oop_year | education_cost | hit
        left with just   | 50000       | 3       | 9600          | 2800     | 4000           |
        a fen short      | 50000       | 3       | 9600          | 2800.01  | 4000           | 2
        under the floor  | 40000       | 3       | 9600          | 2999.99  | 0              |
        at the floor     | 40000       | 3       | 9600          | 3000     | 0              | 2
        debt             | -100        | 3       | 9600          | 3000     | 0              | 2
        standard rose    | 51350       | 3       | 9900          | 2800     | 4000           |
        rose, a fen short| 51350       | 3       | 9900          | 2800.01  | 4000           | 2
        unknown income   |             | 3       | 9600          | 90000    | 0              |
        unknown standard | 50000       | 3       |               | 90000    | 0              |
    """)  # fmt: skip
    hits("RIGID-RES", """
        household   | income_year | members | standard_year | oop_year | hit
        Liunan, at  | 61600       | 3       | 9600          | 4000     |
        a fen short | 61600       | 3       | 9600          | 4000.01  | 2
    """, rigid_multiple="2.0")  # fmt: skip


def test_esi() -> None:
    """Income less medical cost fell to three quarters; a third of a quarter's cost is a third of a fen or two."""
    hits("ESI", """
        household          | income_before | oop_before | income_now | oop_quarter | members_changed | hit
        at three quarters  | 4000          | 0          | 3000       | 0           | false           | 1
        above              | 4000          | 0          | 3000.01    | 0           | false           |
        cost alone         | 4000          | 0          | 4000       | 3000        | false           | 1
        a fen less         | 4000          | 0          | 4000       | 2999.99     | false           |
        thirds that meet   | 4000          | 0          | 900001/300 | .01         | false           | 1
        thirds that do not | 4000          | 0          | 900002/300 | .01         | false           |
        cost before too    | 4000          | 1000       | 3250       | 3000        | false           | 1
        cost eased         | 4000          | 1000       | 2250.01    | 0           | false           |
        into debt          | 4000          | 0          | -100       | 0           | false           | 1
        cost ate it all    | 4000          | 4000       | 0          | 9000        | false           |
        nothing before     | 0             | 0          | -100       | 0           | false           |
        debt before        | -100          | -200       | -900       | 0           | false           |
        moved out          | 4000          | 0          | 1000       | 0           | true            |
        unknown now        | 4000          | 0          |            | 90000       | false           |
        unknown before     |               | 0          | 0          | 90000       | false           |
    """)  # fmt: skip


FIRES = {
    row["rule"]: {cell.split("=")[0]: cell.split("=")[1] for cell in row["profile"].split()}
    for row in drawn("""
        rule           | level | profile
        INC-DROP       | 2     | income_before=4000 income_now=1000 standard=800
        INC-BELOW      | 3     | income_before=4000 income_now=1000 standard=800 members=3
        INC-EDGE       | 2     | income_before=4000 income_now=3000 standard=800 members=3
        INC-LOW        | 1     | income_now=1000 standard=800 members=3
        EARN-LOST      | 2     | had_earner=true is_income_known=true
        SI-LAPSE       | 1     | lapsed_members=1
        UNEMP-REG      | 1     | has_new_unemployed=true
        UI-END         | 1     | has_benefit_ending=true
        PENSION-STOP   | 1     | has_pension_stopped=true
        MED-CHE40      | 2     | income_year=38800 members=3 standard_year=9600 oop_year=9000
        MED-IMPOVERISH | 3     | income_year=38800 members=3 standard_year=9600 oop_year=20000
        MED-ABS        | 3     | oop_year=60000
        MED-PCDI       | 2     | disposable=54188 person_oop_calendar=60000
        MED-STAY       | 1     | stay_oop=20000
        MED-SPIKE      | 1     | oop_earlier_quarter=0 oop_quarter=9000
        MED-SHARE      | 2     | income_year=40000 oop_year=20000
        RIGID          | 2     | income_year=20000 members=3 disposable=20000 oop_year=15000
        RIGID-RES      | 2     | income_year=40000 members=3 standard_year=9600 oop_year=9000
        ESI            | 1     | income_before=4000 oop_before=0 income_now=1000 oop_quarter=0
        DIS-NEW        | 2     | newly_disabled_members=1
        DIS-MULTI      | 1     | disabled_members=2
        OLD-DIS        | 1     | members=2 elders=1 severely_disabled_adults=1
        DEATH-EARN     | 2     | died_pillars=1
        CHILD-NOCARE   | 3     | unattended_children=1
        DISEASE-NEW    | 1     | newly_ill_members=1
        INS-LAPSE      | 1     | is_monitored=true uninsured_members=1
        EDU-COST       | 1     | income_year=20000 education_cost=9000
        EDU-NOAID      | 1     | is_monitored=true unaided_students=1
        EDU-DROP       | 2     | dropped_out=1
        HOUSE-CD       | 1     | is_monitored=true has_dangerous_dwelling=true
        SHOCK-EVENT    | 2     | income_year=20000 event_loss=9000
        GAP-DIBAO      | 2     | poor_evaluations=3
        GAP-EDGE       | 1     | edge_evaluations=3
        GAP-RIGID      | 1     | rigid_evaluations=3
        GAP-SUBSIDY    | 1     | without_care_subsidy=1
        ADM-DEATH      | 2     | aid_months_after_death=1
        ADM-TWICE      | 1     | members_in_two=1 is_listed=true
        ADM-OVER       | 1     | has_dibao=true income_year=60000 members=3 standard_year=9600
        REPORT         | 2     | reports=1
    """)
}


def test_every_rule_has_its_example() -> None:
    assert set(FIRES) == set(rules())


def test_a_rule_stands_in_the_dimension_of_its_group() -> None:
    """The group is the first word of a code; a few groups share a dimension."""
    shared = {"INC": "income", "EARN": "income", "SI": "income", "UNEMP": "income", "UI": "income", "PENSION": "income",
              "ESI": "income", "MED": "medical", "DISEASE": "medical", "INS": "medical", "RIGID": "rigid", "DIS": "family",
              "OLD": "family", "DEATH": "family", "CHILD": "family", "EDU": "education", "HOUSE": "housing",
              "SHOCK": "event", "GAP": "gap", "ADM": "supervision", "REPORT": "report"}  # fmt: skip
    assert {code: rule.dimension for code, rule in rules().items()} == {
        code: shared[code.split("-")[0]] for code in rules()
    }


@pytest.mark.parametrize("code", FIRES)
def test_unknown_never_fires_and_what_is_needed_must_have_come(code: str) -> None:
    """One household as drawn; one less each figure; one less each needed extract; one with a single income extract."""
    rule, fires = rules()[code], FIRES[code]
    numbers = [name for name, cell in fires.items() if cell not in ("true", "false")]
    households = {"as drawn": fires}
    households |= {f"unknown {name}": {**fires, name: ""} for name in numbers}
    needed = {*rule.needs, *rule.needs_any[:1]}
    households |= {f"no {name}": {**fires, "delivered": " ".join(needed - {name})} for name in needed}
    households |= {f"only {name}": {**fires, "delivered": " ".join({*rule.needs, name})} for name in rule.needs_any}
    households |= {"nothing came": {**fires, "delivered": ""}}
    rows = [profile_row(cells, household_no=name) for name, cells in households.items()]
    rows[-1]["delivered"] = []
    assert {hit["household_no"] for hit in judged(rows, settings(), code)} == {
        "as drawn", *(f"only {name}" for name in rule.needs_any)
    }  # fmt: skip


def test_a_provisional_household_is_hit_at_2_at_most() -> None:
    rows = [
        profile_row(cells, household_no=code, is_provisional=flag)
        for code, cells in FIRES.items()
        for flag in (False, True)
    ]
    capped = {}
    for hit in judged(rows, settings()):
        if hit["household_no"] == hit["rule"]:
            capped.setdefault(hit["rule"], []).append(hit["level"])
    assert all(sorted(levels) == sorted((max(levels), min(max(levels), 2))) for levels in capped.values())
    assert {rule for rule, levels in capped.items() if max(levels) == 3} == {
        "INC-BELOW",
        "MED-IMPOVERISH",
        "MED-ABS",
        "CHILD-NOCARE",
    }
    assert set(capped) == set(rules())


def test_a_parameter_that_nobody_gave_fires_nothing() -> None:
    rows = [profile_row(cells, household_no=code) for code, cells in FIRES.items()]
    nothing = dict.fromkeys(settings())
    without = {
        "INC-BELOW", "EARN-LOST", "SI-LAPSE", "UNEMP-REG", "UI-END", "PENSION-STOP", "MED-IMPOVERISH", "DIS-NEW", "OLD-DIS",
        "DEATH-EARN", "CHILD-NOCARE", "DISEASE-NEW", "INS-LAPSE", "EDU-NOAID", "EDU-DROP", "HOUSE-CD", "GAP-SUBSIDY",
        "ADM-DEATH", "ADM-TWICE", "REPORT",
    }  # fmt: skip
    assert {hit["rule"] for hit in judged(rows, nothing)} == without


def test_a_hit_says_its_numbers() -> None:
    """Value and threshold are for people's eyes; the sentence speaks yuan."""
    (hit,) = judged([profile_row(FIRES["INC-DROP"], household_no="family")], settings(), "INC-DROP")
    assert (hit["value"], hit["threshold"], hit["dimension"]) == (0.75, 0.25, "income")
    assert hit["reason"] == "近三个月月均收入 1000.00 元，较此前 4000.00 元 下降 75.0%"
    (hit,) = judged(
        [profile_row({"income_year": "0", "oop_year": "2000"}, household_no="family")], settings(), "MED-SHARE"
    )
    assert hit["value"] is None and hit["reason"] == "近十二个月自付医疗费 2000.00 元，年收入 0.00 元"


def test_the_page_of_rules_tells_every_rule_and_every_figure_in_chinese() -> None:
    from pipelines.rules_page import figures, rules_page

    page = rules_page("generated")
    assert all(f"### {code} {rule.title}" in page for code, rule in rules().items())
    named = {name for rule in rules().values() for name in compiling.rule_columns(rule, set(COLUMNS))}
    assert named <= set(figures()), "a figure without its Chinese name"


def test_every_rule_is_drawn_in_a_table_of_its_own() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_rules*.py"))
    drawn_rules = set(re.findall(r'hits\("([A-Z0-9-]+)", """', pages))
    drawn_rules |= set(re.findall(r'\("([A-Z][A-Z0-9-]+)", "\w+"\)', pages))  # one table for several rules
    assert drawn_rules == set(rules())


def test_no_rule_of_the_design_is_missing() -> None:
    assert set(rules()) >= {
        "INC-DROP", "INC-BELOW", "INC-EDGE", "EARN-LOST", "SI-LAPSE", "UNEMP-REG", "UI-END", "PENSION-STOP", "MED-CHE40",
        "MED-IMPOVERISH", "MED-ABS", "MED-PCDI", "MED-STAY", "MED-SPIKE", "MED-SHARE", "RIGID", "RIGID-RES", "ESI", "DIS-NEW",
        "DIS-MULTI", "OLD-DIS", "DEATH-EARN", "CHILD-NOCARE", "DISEASE-NEW", "INS-LAPSE", "EDU-COST", "EDU-NOAID", "EDU-DROP",
        "HOUSE-CD", "SHOCK-EVENT", "GAP-DIBAO", "GAP-EDGE", "GAP-RIGID", "GAP-SUBSIDY", "ADM-DEATH", "ADM-TWICE", "ADM-OVER",
    }  # fmt: skip
