"""Records that may be one thing twice are put side by side, until somebody says that they are two."""

from __future__ import annotations

import pytest
from django.test import Client

from feigong.apps.accounts.roles import Role
from feigong.apps.clock import today
from feigong.apps.roll.actions.merging import say_not_same
from feigong.apps.roll.actions.records import change_record, create_record
from feigong.apps.roll.kinds import RecordKind
from feigong.web.merging.views import suspects
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
K = RecordKind


@pytest.fixture
def district() -> SmallDistrict:
    district = build_small_district()
    office = district.actor(Role.DISTRICT_OFFICE)
    change_record(office, K.ENTERPRISE, district.enterprises["birch"], {"name": "启帆精密机械有限公司"}, on=today())
    twin = {"name": "祝予安", "full": True, "branch_id": district.organisations["single"]}
    create_record(office, K.MEMBER, twin, on=today())
    return district


def test_the_same_name_is_suspected(district: SmallDistrict) -> None:
    sight = district.sight(Role.DISTRICT_OFFICE, today())
    (pair,) = suspects(sight, K.ENTERPRISE)
    assert pair.compare == f"/enterprises/{district.enterprises['apple']}/merge/?other={district.enterprises['birch']}"
    assert [p.name for p in suspects(sight, K.MEMBER)] == ["祝予安"]
    assert suspects(sight, K.ORGANISATION) == []


def test_said_once_it_is_not_asked_again(district: SmallDistrict) -> None:
    sight = district.sight(Role.DISTRICT_OFFICE, today())
    office = district.actor(Role.DISTRICT_OFFICE)
    (pair,) = suspects(sight, K.ENTERPRISE)
    say_not_same(office, K.ENTERPRISE, pair.one.split(" · ")[0], pair.other.split(" · ")[0], on=today())
    assert suspects(district.sight(Role.DISTRICT_OFFICE, today()), K.ENTERPRISE) == []


def test_the_page_shows_only_what_is_in_sight(district: SmallDistrict) -> None:
    found = {}
    for role in (Role.DISTRICT_OFFICE, Role.TOWNSHIP, Role.DEPARTMENT):
        client = Client()
        client.force_login(district.users[role])
        answer = client.get("/merging/")
        found[role] = (answer.status_code, answer.content.decode().count("/merge/?other="))
    assert found == {Role.DISTRICT_OFFICE: (200, 2), Role.TOWNSHIP: (200, 2), Role.DEPARTMENT: (403, 0)}
