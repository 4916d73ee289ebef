"""Rules on family, health, school, housing, events, gaps and supervision by example: just under, at and just over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assets.rules import catalogue, compiling
from assets.rules.catalogue import rules
from tests.spec.judging import COLUMNS, hits, judged, profile_row, settings


def test_dis_new() -> None:
    hits("DIS-NEW", """
        household | newly_disabled_members | hit
        none      | 0                      |
        one       | 1                      | 2
        unknown   |                        |
    """)  # fmt: skip


def test_dis_multi() -> None:
    hits("DIS-MULTI", """
        household | disabled_members | severely_disabled_members | hit
        one       | 1                | 1                         |
        two       | 2                | 0                         | 1
        unknown   |                  | 0                         |
    """)  # fmt: skip


def test_old_dis() -> None:
    hits("OLD-DIS", """
        household              | members | elders | severely_disabled_adults | severely_disabled_elders | hit
        an elder and a son     | 2       | 1      | 1                        | 0                        | 1
        two elders and a son   | 3       | 2      | 1                        | 0                        | 1
        an elder and an elder  | 2       | 2      | 1                        | 1                        | 1
        both are               | 2       | 2      | 2                        | 2                        | 1
        someone else is there  | 3       | 1      | 1                        | 0                        |
        with a sound son       | 2       | 1      | 1                        | 1                        |
        alone                  | 1       | 1      | 1                        | 1                        |
        elders alone           | 2       | 2      | 0                        | 0                        |
        no elder               | 1       | 0      | 1                        | 0                        |
        unknown                |         | 1      | 1                        | 0                        |
    """)  # fmt: skip


def test_death_earn() -> None:
    hits("DEATH-EARN", """
        household | died_pillars | hit
        nobody    | 0            |
        one       | 1            | 2
        unknown   |              |
    """)  # fmt: skip


def test_child_nocare() -> None:
    hits("CHILD-NOCARE", """
        household          | unattended_children | half_unattended_children | hit
        both parents lost  | 1                   | 0                        | 3
        one known and lost | 0                   | 1                        | 1
        looked after       | 0                   | 0                        |
        unknown            |                     | 0                        |
    """)  # fmt: skip


def test_disease_new() -> None:
    hits("DISEASE-NEW", """
        household | newly_ill_members | hit
        nobody    | 0                 |
        one       | 1                 | 1
        unknown   |                   |
    """)  # fmt: skip


def test_ins_lapse() -> None:
    hits("INS-LAPSE", """
        household        | is_monitored | uninsured_members | is_uninsured_sure | hit
        no record        | true         | 1                 | false             | 1
        a row says ended | true         | 1                 | true              | 1
        all insured      | true         | 0                 | false             |
        not low-income   | false        | 1                 | true              |
        no such register | true         |                   | false             |
    """)  # fmt: skip


def test_edu_cost() -> None:
    hits("EDU-COST", """
        household              | income_year | education_cost | tertiary_students | hit
        a fen under a quarter  | 40000       | 9999.99        | 0                 |
        a quarter              | 40000       | 10000          | 0                 | 1
        one student            | 90000       | 5000           | 1                 |
        two students           | 90000       | 0              | 2                 | 1
        no income, at floor    | 0           | 1000           | 0                 |
        no income, over floor  | 0           | 1000.01        | 0                 | 1
        debt                   | -500        | 5000           | 0                 | 1
        unknown income         |             | 90000          | 0                 |
        unknown income and two |             | 0              | 2                 | 1
    """)  # fmt: skip


def test_edu_noaid() -> None:
    hits("EDU-NOAID", """
        household             | is_monitored | unaided_disabled_students | unattended_children | unaided_students | hit
        listed                | true         | 0                         | 0                   | 1                | 1
        disabled himself      | false        | 1                         | 0                   | 1                | 1
        of lost parents       | false        | 0                         | 1                   | 1                | 1
        ordinary              | false        | 0                         | 0                   | 1                |
        aided                 | true         | 0                         | 0                   | 0                |
        unknown               | true         |                           | 0                   |                  |
    """)  # fmt: skip


def test_edu_drop() -> None:
    hits("EDU-DROP", """
        household       | dropped_out | without_school | hit
        dropped out     | 1           | 0              | 2
        no record alone | 0           | 1              | 0
        both            | 1           | 1              | 2
        at school       | 0           | 0              |
    """)  # fmt: skip


def test_house_cd() -> None:
    hits("HOUSE-CD", """
        household      | is_monitored | has_dangerous_dwelling | has_condemned_dwelling | hit
        grade C        | true         | true                   | false                  | 1
        grade D        | true         | true                   | true                   | 1
        sound          | true         | false                  | false                  |
        not low-income | false        | true                   | true                   |
    """)  # fmt: skip


def test_shock_event() -> None:
    hits("SHOCK-EVENT", """
        household                  | income_year | event_loss | is_dwelling_damaged | is_dwelling_lost | event_deaths | hit
        a fen under three tenths   | 40000       | 11999.99   | false               | false            | 0            |
        three tenths               | 40000       | 12000      | false               | false            | 0            | 2
        no income, at the floor    | 0           | 1000       | false               | false            | 0            |
        no income, above the floor | 0           | 1000.01    | false               | false            | 0            | 2
        house damaged              | 90000       | 0          | true                | false            | 0            | 2
        house lost                 | 90000       | 0          | true                | true             | 0            | 3
        a death                    | 90000       | 0          | false               | false            | 1            | 3
        unknown income             |             | 50000      | false               | false            | 0            |
        unknown income and a death |             | 0          | false               | false            | 1            | 3
    """)  # fmt: skip


def test_gap_dibao() -> None:
    hits("GAP-DIBAO", """
        household | poor_evaluations | has_dibao | has_tekun | hit
        two       | 2                | false     | false     |
        three     | 3                | false     | false     | 2
        on dibao  | 3                | true      | false     |
        on tekun  | 3                | false     | true      |
    """)  # fmt: skip


def test_gap_edge() -> None:
    hits("GAP-EDGE", """
        household          | edge_evaluations | poor_evaluations | has_dibao | has_edge | hit
        two                | 2                | 0                | false     | false    |
        three              | 3                | 0                | false     | false    | 1
        poor in two of it  | 3                | 2                | false     | false    | 1
        poor in all of it  | 3                | 3                | false     | false    |
        on dibao           | 3                | 0                | true      | false    |
        listed             | 3                | 0                | false     | true     |
        unknown            |                  |                  | false     | false    |
    """)  # fmt: skip


def test_gap_rigid() -> None:
    hits("GAP-RIGID", """
        household    | rigid_evaluations | edge_evaluations | has_edge | has_rigid | hit
        two          | 2                 | 0                | false    | false     |
        three        | 3                 | 0                | false    | false     | 1
        fits an edge | 3                 | 3                | false    | false     |
        edge         | 3                 | 0                | true     | false     |
        recognised   | 3                 | 0                | false    | true      |
        unknown      |                   | 0                | false    | false     |
    """)  # fmt: skip


def test_gap_subsidy() -> None:
    hits("GAP-SUBSIDY", """
        household                    | without_care_subsidy | without_living_subsidy | has_dibao | hit
        unknown                      |                      |                        | true      |
        no care subsidy              | 1                    | 0                      | false     | 1
        no living subsidy, on dibao  | 0                    | 1                      | true      | 1
        no living subsidy, not on it | 0                    | 1                      | false     |
        both paid                    | 0                    | 0                      | true      |
    """)  # fmt: skip


def test_adm_death_and_twice() -> None:
    hits("ADM-DEATH", """
        household | aid_months_after_death | hit
        none      | 0                      |
        one       | 1                      | 2
    """)  # fmt: skip
    hits("ADM-TWICE", """
        household | members_in_two | is_listed | hit
        aided     | 1              | true      | 1
        unaided   | 1              | false     |
        in one    | 0              | true      |
    """)  # fmt: skip


def test_adm_over() -> None:
    hits("ADM-OVER", """
        household         | income_year | members | standard_year | has_dibao | is_tapering | hit
        a fen under       | 43199.99    | 3       | 9600          | true      | false       |
        half as much more | 43200       | 3       | 9600          | true      | false       | 1
        phased out        | 43200       | 3       | 9600          | true      | true        |
        not on dibao      | 90000       | 3       | 9600          | false     | false       |
        unknown           |             | 3       | 9600          | true      | false       |
    """)  # fmt: skip


@pytest.mark.parametrize("areas", ["3704", ["枣庄"], [""]])
def test_areas_are_a_list_of_prefixes(areas: object) -> None:
    """One text would be read as the prefixes 3, 7, 0 and 4: half the country."""
    with pytest.raises(ValueError, match=r"areas is a list|not an area prefix"):
        catalogue._rule("LOCAL", {"title": {"zh": "本地", "en": "Local"}, "areas": areas})


@pytest.mark.parametrize(("area12", "fires"), [("370402001001", True), ("370403001001", False), ("", False)])
def test_a_rule_may_be_for_some_areas_alone(area12: str, fires: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    local = replace(rules()["DIS-MULTI"], areas=("370402", "3706"))
    monkeypatch.setattr("tests.spec.judging.rules", lambda: {"DIS-MULTI": local})
    row = profile_row({"disabled_members": "2"}, household_no="family", area12=area12 or None)
    assert bool(judged([row], settings(), "DIS-MULTI")) == fires
    assert compiling.rule_columns(local, set(COLUMNS))[0] == "disabled_members"


def test_report() -> None:
    hits("REPORT", """
        household    | reports | urgent_reports | is_report_urgent | report_matter | reported_on | hit
        none         | 0       | 0              | false            |               |             |
        one          | 1       | 0              | false            | 因灾          | 2026-01-10  | 2
        one is grave | 2       | 1              | true             | 重大疾病      | 2026-01-12  | 3
    """)  # fmt: skip
