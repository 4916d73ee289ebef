"""The history of the county: everyone's steady life, and the plan's events on it."""

from __future__ import annotations

from pipelines.sample import changes, disability, fates, work
from pipelines.sample.changes import joins_family
from pipelines.sample.life import Life
from pipelines.sample.pay import past_registrations, pensions, wages
from pipelines.sample.people import County, Membership

HAPPENINGS = {**work.HAPPENINGS, **fates.HAPPENINGS, **changes.HAPPENINGS}


def lived(county: County) -> Life:
    wage = wages(county)
    life = Life(county, wage, pensions(county), past_registrations(county, wage))
    life.cards = disability.old_cards(county)
    hosts = iter([p for p, h in enumerate(county.households) if not h.planned and h.family.name == "farm and factory"])
    for planned in [household.planned for household in county.households if household.planned]:
        life.truth.append((planned.household, planned))
        if planned.event.family == "old parent alone":
            joins_family(life, planned, next(hosts))
        else:
            HAPPENINGS[planned.event.kind](life, planned)
    _supporters(county)
    county.memberships.sort(key=lambda m: (m.household, m.person, m.from_month))
    return life


def _supporters(county: County) -> None:
    """Every third pair of old farmers names a grown child elsewhere who must support them: listed, not a member."""
    children = [h for h in county.households if h.family.name == "two wages" and not h.planned and h.is_listed]
    parents = [p for p, h in enumerate(county.households) if h.family.name == "old farmers" and not h.planned]
    for parent, child in zip(parents[::3], children, strict=False):
        since = county.memberships[county.households[parent].first].from_month
        county.memberships.append(Membership(child.first, parent, "20", since, is_coliving=False, is_supporter=True))
