"""Visits and ladders by the API: read by offices, of what is in sight."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from feigong.apps.accounts import actions
from feigong.apps.accounts.roles import Role
from feigong.apps.clock import today
from feigong.apps.liaison.actions import Told, log_visit
from platform_district import ON, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def get(district: SmallDistrict, role: Role, path: str, **asked: str) -> Any:
    actor = district.actor(role)
    _, key = actions.create_token(actor, "测试", actor.permissions, on=today(), days=9, read_only=False)
    return Client().get(f"/api/v1/{path}", asked, headers={"Authorization": f"Bearer {key}"})


def test_visits_of_enterprises_in_sight(district: SmallDistrict) -> None:
    birch, daisy = district.enterprises["birch"], district.enterprises["daisy"]
    office = district.actor(Role.DISTRICT_OFFICE)
    log_visit(office, birch, Told(ON, "owner", "talk", problem="缺电"), "visit-0001", today=today())
    log_visit(office, daisy, Told(today(), "members", "guide", members=2), "visit-0002", today=today())
    items = get(district, Role.DISTRICT_OFFICE, "visits").json()["items"]
    assert [(one["enterprise_id"], one["members"]) for one in items] == [(daisy, 2), (birch, None)]
    assert [one["enterprise_id"] for one in get(district, Role.TOWNSHIP, "visits").json()["items"]] == [birch]
    raised = get(district, Role.DISTRICT_OFFICE, "visits", problem="true").json()["items"]
    assert [one["case_id"] is not None for one in raised] == [True]
    since = get(district, Role.DISTRICT_OFFICE, "visits", since=today().isoformat()).json()
    assert (since["total"], since["items"][0]["enterprise_id"]) == (1, daisy)
    assert get(district, Role.DEPARTMENT, "visits").status_code == 403


def test_ladders_with_their_steps(district: SmallDistrict) -> None:
    found = get(district, Role.DISTRICT_OFFICE, "ladders", rung="known", on=ON.isoformat()).json()
    assert found["items"] == [
        {"enterprise_id": district.enterprises["grape"], "rung": "known", "since": "2026-01-01",
         "steps": [{"on": "2026-01-01", "rung": "known"}]}
    ]  # fmt: skip
    assert get(district, Role.TOWNSHIP, "ladders").json()["total"] == 3
    assert get(district, Role.DEPARTMENT, "ladders").status_code == 403
