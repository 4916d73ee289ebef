"""The simulated county: its figures are the published ones, its bytes its arguments', and it knows no rule."""

from __future__ import annotations

import csv
import hashlib
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from pipelines.bench import budget, make_world
from pipelines.bench.living import YEAR, World
from pipelines.bench.parameters import FILE, parameters, value
from pipelines.bench.world import lived
from pipelines.sample.families import Living
from pipelines.sample.illness import INPATIENT
from pipelines.sample.months import HISTORY, month_of

FIRST_NIGHT = date(2025, 1, 21)
MONTHS = 6
LATER_YEAR = slice(YEAR, HISTORY)


@cache
def world() -> World:
    return lived(1500, 5, FIRST_NIGHT, MONTHS)


def _a_head(is_rural: bool) -> np.ndarray:
    """Income of a year of every person who lives in such a place, poorest first."""
    has = budget.income(world()) + budget.assistance(world())
    size = world().sums(world().there.astype(float))[:, LATER_YEAR].mean(axis=1)
    there = (size > 0.5) & (np.array([h.family.is_rural for h in world().county.households]) == is_rural)
    a_head = has[there][:, LATER_YEAR].sum(axis=1) / size[there]
    return np.sort(np.repeat(a_head, np.round(size[there]).astype(int)))


def _by_shock(kind: str) -> int:
    return sum(shock.kind == kind for shock in world().shocks)


def _years(*livings: Living) -> float:
    living = np.array([p.living for p in world().county.persons])
    return float(world().there[np.isin(living, livings)].sum()) / YEAR


def test_families_have_the_sizes_of_the_census() -> None:
    sizes = np.array([len(h.family.members) for h in world().county.households])
    published = np.array([value(f"size_{size}") for size in range(1, 7)])
    drawn = np.bincount(np.minimum(sizes, 6), minlength=7)[1:] / len(sizes)
    assert np.abs(drawn - published / published.sum()).max() < 0.04
    assert 2.45 < sizes.mean() < 2.80


@pytest.mark.parametrize(
    ("place", "least", "most"),
    [("urban", 0.65, 1.05), ("rural", 0.85, 1.25)],  # a county town pays less than the cities of the national mean
)
def test_income_a_head_is_near_the_published_one(place: str, least: float, most: float) -> None:
    a_head = _a_head(place == "rural")
    assert least < a_head.mean() / value(f"income_{place}") < most
    assert least < np.median(a_head) / value(f"income_median_{place}") < most
    fifths = [part.mean() for part in np.array_split(a_head, 5)]
    assert 3.5 < fifths[4] / fifths[0] < 11  # published: about 5.5 in towns, 9 in villages


def test_the_mean_base_is_below_the_mean_wage_and_many_stand_at_the_floor() -> None:
    wages = world().life.wages
    is_employee = wages.employer[:, HISTORY] > 0
    base = wages.amount[is_employee, HISTORY]
    at_floor = (base == base.min()).mean()
    assert value("bases_at_floor") * 0.7 < at_floor < 0.75
    assert np.median(base) < np.median(world().pay[wages.persons[is_employee], HISTORY])


def test_stays_in_hospital_are_as_frequent_and_as_dear_as_published() -> None:
    stays = [b for b in world().life.bills if b.visit == INPATIENT and not b.taken_back_on]
    rate = len(stays) / (world().there.sum() / YEAR)
    assert 0.85 < rate / value("inpatient_rate") < 1.25
    totals = np.array([b.total for b in stays])
    assert value("stay_cost_resident") < totals.mean() < 1.3 * value("stay_cost_employee")
    assert 0.01 < (totals > 50_000).mean() < 0.08, "the tail is heavy, but a tail"
    assert 0.2 < sum(b.left for b in stays) / totals.sum() < 0.5


@pytest.mark.parametrize(
    ("kind", "parameter", "livings"),
    [
        ("job_loss", "job_loss", (Living.WORKER,)),
        ("wage_cut", "wage_cut", (Living.WORKER,)),
        ("job_change", "job_change", (Living.WORKER,)),
        ("migrant_return", "migrant_return", (Living.MIGRANT,)),
    ],
)
def test_shocks_fall_at_their_rates(kind: str, parameter: str, livings: tuple[Living, ...]) -> None:
    expected = value(parameter) * _years(*livings)
    assert abs(_by_shock(kind) - expected) < max(0.2 * expected, 3 * expected**0.5)


def test_need_is_rare_comes_and_goes_and_is_no_line_of_income() -> None:
    needs = np.zeros((1500, world().months), dtype=bool)
    strains = needs.copy()
    for spell in budget.spells(world()):
        (needs if spell.kind == budget.NEED else strains)[spell.household, spell.first : spell.last + 1] = True
    assert not (needs & strains).any()
    assert 0.01 < needs[:, HISTORY].mean() < 0.10
    assert (needs[:, HISTORY] & ~needs[:, 0]).sum() / needs[:, HISTORY].sum() > 0.1, "some fell into it"
    has = (budget.income(world()) + budget.assistance(world()))[:, HISTORY]
    basic = budget.basic_needs(world())[:, HISTORY]
    covered = np.where(basic > 0, has / np.maximum(basic, 1), np.inf)  # a home whose people have all died is not poor
    order = np.argsort(covered)
    rank = np.empty(len(covered))
    rank[order] = np.arange(len(covered)) / (basic > 0).sum()
    is_needy = needs[:, HISTORY]
    assert np.median(rank[is_needy]) < 0.1, "need is among the poor"
    assert is_needy[order[: is_needy.sum()]].mean() < 0.9, "no ranking by income alone finds them all"


def test_a_family_that_loses_all_it_has_comes_into_need() -> None:
    one = lived(150, 2, FIRST_NIGHT, MONTHS)
    before = {s.household for s in budget.spells(one) if s.kind == budget.NEED}
    fallen = next(
        n for n, h in enumerate(one.county.households)
        if n not in before and not h.aid_type and budget.basic_needs(one)[n, -1] > 0
    )  # fmt: skip
    people = list(one.county.people_of(one.county.households[fallen]))
    for has in (one.pay, one.pension, one.benefit):
        has[people] = 0
    assert fallen in {s.household for s in budget.spells(one) if s.kind == budget.NEED}


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        make_world(tmp_path / name, 150, 4, FIRST_NIGHT, 2)
    assert _digests(tmp_path / "one") == _digests(tmp_path / "other")
    later = sorted(path.name for path in (tmp_path / "one" / "later").iterdir())
    assert FIRST_NIGHT.isoformat() < later[0] and later[-1] <= "2025-03-21"
    names = [path.name for path in (tmp_path / "one").rglob("*.*") if path.parent.parent.name != "one"]
    assert len(names) == len(set(names)), "no file of a later day takes the place of an earlier one"


def test_the_truth_is_about_known_families_in_order(tmp_path: Path) -> None:
    make_world(tmp_path, 300, 4, FIRST_NIGHT, 3)
    families = {row["household_no"] for row in _rows(tmp_path / "truth" / "families.csv")}
    spells: dict[str, list[tuple[str, str]]] = {}
    shocks = {(row["household_no"], row["happened_on"]) for row in _rows(tmp_path / "truth" / "shocks.csv")}
    for row in _rows(tmp_path / "truth" / "need.csv"):
        assert row["household_no"] in families
        assert not row["shock_on"] or (row["household_no"], row["shock_on"]) in shocks
        spells.setdefault(row["household_no"], []).append((row["from_day"], row["to_day"] or "9999"))
    assert spells
    for own in spells.values():
        assert all(first <= last for first, last in own)
        assert all(own[n][1] < own[n + 1][0] for n in range(len(own) - 1)), "spells of a family do not overlap"
    months = {month_of(date.fromisoformat(day)) for _, day in shocks}
    assert len(months) > HISTORY, "shocks fall over the whole time"


def test_no_value_of_the_rules_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    real = Path.open

    def watched(self: Path, *arguments: object, **named: object) -> object:
        opened.append(self.resolve())
        return real(self, *arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", watched)
    parameters.cache_clear()
    make_world(tmp_path, 150, 4, FIRST_NIGHT, 1)
    project = FILE.parents[2]
    outside = {p for p in opened if not p.is_relative_to(tmp_path) and p.is_relative_to(project)}
    assert outside == {FILE.resolve()}


def test_no_parameter_has_a_name_of_the_rules() -> None:
    with (FILE.parents[2] / "data" / "reference" / "parameters.csv").open(encoding="utf-8") as file:
        assert not {row["name"] for row in csv.DictReader(file)} & set(parameters())


def test_every_parameter_has_a_unit_and_a_source() -> None:
    for parameter in parameters().values():
        assert parameter.unit and parameter.source, parameter.name
        assert parameter.source != "assumption" or parameter.note, parameter.name


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _digests(home: Path) -> dict[str, str]:
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*")) if path.is_file()
    }  # fmt: skip
