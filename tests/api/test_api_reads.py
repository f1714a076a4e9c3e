"""Lists and single things by REST, as far as a token's owner may see them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from feigong.apps.accounts import actors
from feigong.apps.accounts.actions.tokens import create_token
from feigong.apps.accounts.roles import Permission, Role
from feigong.apps.accounts.sight import Door
from platform_district import ON, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def asking(district: SmallDistrict, role: Role, *permissions: Permission) -> Client:
    actor = actors.of_user(district.users[role], door=Door.PAGE)
    _, secret = create_token(actor, "test", {Permission.API_USE, *permissions}, on=ON, days=1)
    return Client(headers={"authorization": f"Bearer {secret}", "accept-language": "zh"})


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content.decode()
    return sorted(item["name"] for item in answer.json()["items"])


def test_a_township_sees_its_own_enterprises_only(district: SmallDistrict) -> None:
    asked = asking(district, Role.TOWNSHIP, Permission.ROLL_VIEW)
    seen = asked.get("/api/v1/enterprises").json()
    assert seen["total"] == 3
    assert {e["area_id"] for e in seen["items"]} == {district.areas["east"]}


def test_a_single_thing_carries_its_version_and_foreign_ones_are_not_there(district: SmallDistrict) -> None:
    asked = asking(district, Role.TOWNSHIP, Permission.ROLL_VIEW)
    one = asked.get(f"/api/v1/enterprises/{district.enterprises['apple']}")
    assert one.headers["ETag"] == f'"{one.json()["version"]}"'
    foreign = asked.get(f"/api/v1/enterprises/{district.enterprises['grape']}")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "error.not_found")


def test_search_by_pinyin(district: SmallDistrict) -> None:
    asked = asking(district, Role.DISTRICT_OFFICE, Permission.ROLL_VIEW)
    assert names(asked.get("/api/v1/enterprises?q=qifan")) == ["启帆精密机械有限公司"]


def test_people_need_their_own_permission_and_show_no_number(district: SmallDistrict) -> None:
    without = asking(district, Role.DISTRICT_OFFICE, Permission.ROLL_VIEW)
    assert without.get("/api/v1/members").status_code == 403
    seen = asking(district, Role.DISTRICT_OFFICE, Permission.MEMBERS_VIEW).get("/api/v1/members")
    assert seen.json()["total"] >= 5
    assert not {"id_number", "phone", "id_index", "phone_index", "search"} & set(seen.json()["items"][0])


def test_before_the_roll_began_there_is_nothing(district: SmallDistrict) -> None:
    asked = asking(district, Role.DISTRICT_OFFICE, Permission.ROLL_VIEW)
    assert asked.get("/api/v1/enterprises?on=2020-01-01").json()["total"] == 0


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer fg_no-such-token"])
def test_who_has_no_token_is_told_so(token: str) -> None:
    answer = Client(headers={"authorization": token}).get("/api/v1/areas")
    assert (answer.status_code, answer.json()["code"]) == (401, "error.accounts.token")


def test_a_wrong_parameter_is_named(district: SmallDistrict) -> None:
    answer = asking(district, Role.DISTRICT_OFFICE, Permission.ROLL_VIEW).get("/api/v1/areas?on=soon&size=0")
    assert (answer.status_code, answer.json()["fields"]) == (422, ["on", "size"])
