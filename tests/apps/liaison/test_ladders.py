"""Rungs from the dated roll: the same by the pure count, by the filter, and for any day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.roll import queries
from feigong.apps.roll.actions.edges import cover, uncover
from feigong.apps.roll.actions.records import change_record
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.queries.rungs import ladders, on_rung
from feigong.core.coverage.rungs import Rung
from platform_district import ON, SINCE, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
LATER = ON + timedelta(10)


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def by_filter(district: SmallDistrict, role: Role, on: date) -> dict[int, Rung]:
    sight = district.sight(role, on)
    return {
        one: rung
        for rung in Rung
        for one in queries.enterprises(sight).filter(on_rung(sight, [rung])).values_list("enterprise_id", flat=True)
    }


def by_count(district: SmallDistrict, role: Role, on: date) -> dict[int, Rung]:
    found = ladders(district.sight(role, on), list(district.enterprises.values()))
    return {one: ladder.rung for one, ladder in found.items()}


def change(district: SmallDistrict) -> None:
    """Grape gains two members and with them enough; apple loses its organisation for a while."""
    office, grape = district.actor(Role.DISTRICT_OFFICE), district.enterprises["grape"]
    for name in ("lu", "lu2"):
        change_record(office, RecordKind.MEMBER, district.members[name], {"employer_id": grape}, on=ON)
    single, apple = district.organisations["single"], district.enterprises["apple"]
    uncover(office, single, apple, on=ON)
    cover(office, single, apple, on=LATER)


def test_each_day_has_its_rungs(district: SmallDistrict) -> None:
    change(district)
    office = Role.DISTRICT_OFFICE
    names = {number: name for name, number in district.enterprises.items()}
    before = {names[one]: rung for one, rung in by_count(district, office, ON - timedelta(1)).items()}
    after = {names[one]: rung for one, rung in by_count(district, office, ON).items()}
    assert (before["grape"], after["grape"]) == (Rung.KNOWN, Rung.ENOUGH)
    assert (before["apple"], after["apple"]) == (Rung.ORGANISATION, Rung.ENOUGH)
    assert (after["birch"], after["elm"]) == (Rung.NONE, Rung.ORGANISATION)


def test_the_dates_of_the_rungs(district: SmallDistrict) -> None:
    change(district)
    sight = district.sight(Role.DISTRICT_OFFICE, LATER)
    found = ladders(sight, [district.enterprises["apple"], district.enterprises["grape"]])
    apple, grape = found[district.enterprises["apple"]], found[district.enterprises["grape"]]
    assert [step.on for step in apple.steps] == [SINCE, ON, LATER]
    assert apple.since(Rung.ENOUGH) == SINCE
    assert apple.since(Rung.ORGANISATION) == LATER
    assert (grape.since(Rung.KNOWN), grape.since(Rung.ENOUGH)) == (SINCE, ON)


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICE, Role.TOWNSHIP, Role.LIAISON_OFFICER, Role.BRANCH_SECRETARY])
@pytest.mark.parametrize("on", [ON - timedelta(1), ON, LATER])
def test_the_filter_finds_what_the_count_says(district: SmallDistrict, role: Role, on: date) -> None:
    change(district)
    found = by_filter(district, role, on)
    assert found == by_count(district, role, on)
    seen = queries.enterprises(district.sight(role, on)).values_list("enterprise_id", flat=True)
    assert set(found) == set(seen)
    assert found or (role, on) == (Role.BRANCH_SECRETARY, ON)  # that day the branch covers nothing


def test_who_may_not_see_members_is_told_no_rung(district: SmallDistrict) -> None:
    assert by_filter(district, Role.DEPARTMENT, ON) == {}
    assert by_count(district, Role.DEPARTMENT, ON) == {}


def test_many_are_asked_with_as_many_queries_as_one(
    district: SmallDistrict, django_assert_num_queries: object
) -> None:
    sight = district.sight(Role.DISTRICT_OFFICE)
    ladders(sight, [district.enterprises["apple"]])  # where the scope lies is looked up once
    for numbers in ([district.enterprises["apple"]], list(district.enterprises.values())):
        with django_assert_num_queries(3):  # type: ignore[operator]
            assert len(ladders(sight, numbers)) == len(numbers)
