"""Every figure of targets, on every day, by area and industry: as the core reckons it from the roll of that day, and as
long as the list that opens it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Sight
from feigong.apps.roll import queries
from feigong.apps.roll.adapters.roll import RollOfDay, roll_of
from feigong.apps.targets.figures import amounts, days_of, excluded
from feigong.core.coverage.facts import Exclusion, count
from feigong.core.coverage.rates import Rates, rates
from feigong.core.coverage.targets import Amount, Counts, Measure
from feigong.core.roll.trees import nodes_of
from feigong.exchange.targets_file import load_measures, operating_staff
from feigong.web.enterprises.listing import SPEC as ENTERPRISES
from feigong.web.lists.page import rows_of
from feigong.web.lists.spec import Ask
from feigong.web.lists.state import read_state
from feigong.web.organisations.listing import SPEC as ORGANISATIONS
from feigong.web.request import words_in
from platform_district import ON, SmallDistrict
from targets_district import MORE, build_year

pytestmark = pytest.mark.django_db

DAYS = days_of(2026, ON)
MEASURES = {one.code: one for one in load_measures()}
OF_ENTERPRISES = [code for code, one in MEASURES.items() if not one.kinds]
LISTS = {"enterprises": ENTERPRISES, "organisations": ORGANISATIONS}


@pytest.fixture
def district() -> SmallDistrict:
    return build_year()


def _whole(district: SmallDistrict, sight: Sight, day: date) -> tuple[RollOfDay, Rates]:
    """The roll of the whole district: what an enterprise is does not depend on who reads."""
    office = district.sight(Role.DISTRICT_OFFICE, day, sight.known_at)
    read = roll_of(office)
    back = {number: key for key, number in read.enterprises.items()}
    officers = queries.assignments(office).values_list("enterprise_id", flat=True)
    return read, rates(count(read.roll, day), operating_staff(day), {back[one] for one in officers})


def _expected(measure: Measure, found: Rates) -> Amount:
    if measure.counts is Counts.COVERED:
        return Amount(len(found.covered), len(found.counted))
    if measure.counts is Counts.OWN:
        return Amount(len(found.own))
    return Amount(len(found.looked_after), len(found.memberless))


def _groups(sight: Sight, day: date, root: int | None) -> dict[int | str, set[int]]:
    """Enterprises by the areas in sight that they lie in (or, in one area, by industry), as the list has them."""
    then = replace(sight, on=day, paths={})
    paths = dict(queries.areas(then).values_list("area_id", "path"))
    found: dict[int | str, set[int]] = {} if root else {area: set() for area in paths}
    for firm, area, industry in queries.enterprises(then).values_list("enterprise_id", "area_id", "industry"):
        nodes = [node for node in nodes_of(paths[area]) if node in paths]
        for key in [industry] if root in nodes else [] if root else nodes:
            found.setdefault(key, set()).add(firm)
    return found


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICE, Role.TOWNSHIP])
@pytest.mark.parametrize("code", OF_ENTERPRISES)
def test_as_the_core_has_it(district: SmallDistrict, role: Role, code: str) -> None:
    measure, sight = MEASURES[code], district.sight(role)
    found = amounts(sight, measure, 2026, DAYS)
    seen: list[Amount] = []
    for day in DAYS:
        read, whole = _whole(district, sight, day)
        keys = {number: key for key, number in read.enterprises.items()}
        groups = _groups(sight, day, None)
        assert set(found[day]) == set(groups)
        for area, firms in groups.items():
            assert found[day][area] == _expected(measure, whole.of(keys[f] for f in firms)), (day, area)
        seen += found[day].values()
    assert len(set(seen)) > 1, "a year in which something happens"


@pytest.mark.parametrize("code", OF_ENTERPRISES)
def test_by_industry_as_the_core_has_it(district: SmallDistrict, code: str) -> None:
    measure, sight, root = MEASURES[code], district.sight(Role.DISTRICT_OFFICE), district.areas["district"]
    found = amounts(sight, measure, 2026, DAYS, industries_of=root)
    for day in DAYS:
        read, whole = _whole(district, sight, day)
        keys = {number: key for key, number in read.enterprises.items()}
        nothing = Amount(0, 0 if measure.share else None)
        for industry, firms in _groups(sight, day, root).items():
            expected = _expected(measure, whole.of(keys[f] for f in firms))
            assert found[day].get(industry, nothing) == expected, (day, industry)
    assert len({day for day in DAYS if found[day] != found[DAYS[0]]}) > 1, "a year in which something happens"


@cache
def _words() -> Any:
    return words_in("zh")


def _listed(district: SmallDistrict, role: Role, measure: Measure, query: str, day: date, **more: str) -> int:
    """How long the list is that a figure opens."""
    asked = query.format(first=date(day.year, 1, 1), last=day) + "".join(f"&{n}={v}" for n, v in more.items())
    ask = Ask(district.actor(role), district.sight(role, day), _words())
    return rows_of(read_state(LISTS[measure.part_list], QueryDict(asked)), ask).count()


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICE, Role.TOWNSHIP])
@pytest.mark.parametrize("code", list(MEASURES))
def test_each_opens_a_list_of_that_length(district: SmallDistrict, role: Role, code: str) -> None:
    measure = MEASURES[code]
    found = amounts(district.sight(role), measure, 2026, DAYS)
    for day in (DAYS[0], date(2026, 6, 1), date(2026, 8, 1), DAYS[-1]):
        for area, amount in found[day].items():
            here = {"area": str(area)}
            assert _listed(district, role, measure, measure.part_query, day, **here) == amount.part, (day, area)
            if amount.whole is not None:
                assert _listed(district, role, measure, measure.whole_query, day, **here) == amount.whole, (day, area)
                rest = _listed(district, role, measure, measure.rest_query, day, **here)
                assert rest == amount.whole - amount.part, (day, area)


def test_an_industry_opens_its_list(district: SmallDistrict) -> None:
    measure, role = MEASURES["coverage_rate"], Role.DISTRICT_OFFICE
    found = amounts(district.sight(role), measure, 2026, DAYS, industries_of=district.areas["district"])
    for industry, amount in found[ON].items():
        asked = {"industry": str(industry) or "-"}
        assert _listed(district, role, measure, measure.part_query, ON, **asked) == amount.part
        assert _listed(district, role, measure, measure.whole_query, ON, **asked) == amount.whole


def test_organisations_by_hand(district: SmallDistrict) -> None:
    sight, areas = district.sight(Role.DISTRICT_OFFICE), district.areas
    joint = amounts(sight, MEASURES["joint_branches"], 2026, DAYS)
    new = amounts(sight, MEASURES["new_organisations"], 2026, DAYS)
    said = {day.isoformat(): (joint[day][areas["west"]].part, joint[day][areas["park"]].part) for day in DAYS}
    assert (said["2026-09-01"], said["2026-10-01"]) == ((1, 0), (0, 1))  # the tower went over to the park
    assert [new[day][areas["district"]].part for day in DAYS] == [0] * 6 + [1] * 5
    assert new[ON][areas["park"]].part == 1
    assert amounts(sight, MEASURES["new_organisations"], 2025, days_of(2025, ON))[date(2025, 12, 31)] == {}


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICE, Role.TOWNSHIP])
def test_all_left_out_have_their_reason(district: SmallDistrict, role: Role) -> None:
    """In tables as in the core, one for each; counted and left out are all there are."""
    for day in (DAYS[0], ON):
        sight = district.sight(role, day)
        read, whole = _whole(district, sight, day)
        keys = {number: key for key, number in read.enterprises.items()}
        found = excluded(sight)
        for area, firms in _groups(sight, day, None).items():
            of = whole.of(keys[f] for f in firms)
            assert found[int(area)] == Counter(of.excluded.values())
            assert len(of.counted) + found[int(area)].total() == len(firms)
            for why in Exclusion:
                asked = {"area": str(area), "excluded": why.value}
                number = _listed(district, role, MEASURES["coverage_rate"], "", day, **asked)
                assert number == found[int(area)][why.value]


def test_each_reason_is_met(district: SmallDistrict) -> None:
    found = excluded(district.sight(Role.DISTRICT_OFFICE, DAYS[0]))[district.areas["district"]]
    assert found == {
        "closed": 1, "dormant": 2, "not_enterprise": 1, "state": 1, "branch_office": 1, "no_premises": 1,
        "staff_unknown": 1, "few_staff": 2,
    }  # fmt: skip
    assert set(found) == {why.value for why in Exclusion}
    assert len(MORE) == 12


def test_as_known_then(district: SmallDistrict) -> None:
    """Before the year was put into the roll, nothing of it was known."""
    measure, root = MEASURES["coverage_rate"], district.areas["district"]
    then = amounts(district.sight(Role.DISTRICT_OFFICE, known_at=district.at), measure, 2026, DAYS)
    now = amounts(district.sight(Role.DISTRICT_OFFICE), measure, 2026, DAYS)
    assert {then[day][root] for day in DAYS} == {Amount(3, 6)}
    assert now[DAYS[0]][root] == Amount(3, 10)
    assert now[ON][root] == Amount(4, 10)


@pytest.mark.parametrize("code", list(MEASURES))
def test_queries_do_not_grow(district: SmallDistrict, code: str) -> None:
    asked = []
    for role, days in ((Role.DISTRICT_OFFICE, DAYS), (Role.TOWNSHIP, DAYS[:1])):
        with CaptureQueriesContext(connection) as seen:
            amounts(district.sight(role), MEASURES[code], 2026, days)
        asked.append(len(seen))
    grants = 1  # of the account
    assert asked[0] == asked[1] <= 6 + grants
