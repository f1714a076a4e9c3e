"""A request that is sent again because its answer was lost is not done again."""

from __future__ import annotations

from typing import Any

import pytest

from api.askers import Asker, code, ok
from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Done, Record
from feigong.apps.jobs.models import Job
from feigong.apps.roll.models import Enterprise
from merge_tables_maker import make_code
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "2f0c1a6e-5d6b-4c8e-9b1e-1"}


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def new(district: SmallDistrict, number: int = 300, **more: Any) -> dict[str, Any]:
    facts = {"name": f"和路{number}号店有限公司", "area_id": district.areas["east"], "kind": "enterprise"}
    return {"facts": facts | more, "reason": "新登记"}


def test_a_record_is_made_once_under_a_key(district: SmallDistrict) -> None:
    office, before = Asker(district, Role.DISTRICT_OFFICE), Enterprise._base_manager.count()
    ok(office.post("/enterprises", new(district), **KEY), 201)
    record = Record.objects.latest("pk")
    again = office.post("/enterprises", new(district), **KEY)
    assert code(again) == (409, "error.done_already")
    assert f"第 {record.number} 号" in again.json()["message"]
    assert Enterprise._base_manager.count() == before + 1
    ok(office.post("/enterprises", new(district), **{"Idempotency-Key": "another-one"}), 201)
    ok(office.post("/enterprises", new(district)), 201)
    assert Enterprise._base_manager.count() == before + 3


def test_what_was_refused_leaves_its_key_free(district: SmallDistrict) -> None:
    office = Asker(district, Role.DISTRICT_OFFICE)
    assert code(office.post("/enterprises", new(district, uscc="no code"), **KEY))[0] == 400
    assert code(office.post("/members", {"facts": {}}, **KEY))[0] == 422
    assert not Done.objects.exists()
    ok(office.post("/enterprises", new(district, uscc=make_code(300)), **KEY), 201)


def test_a_key_is_ones_own(district: SmallDistrict) -> None:
    for role in (Role.DISTRICT_OFFICE, Role.TOWNSHIP):
        ok(Asker(district, role).post("/enterprises", new(district), **KEY), 201)
    assert Done.objects.count() == 2


def test_who_was_turned_away_used_no_key(district: SmallDistrict) -> None:
    town = Asker(district, Role.TOWNSHIP)
    assert code(town.post("/areas", {"facts": {"name": "新区", "kind": "park"}}, **KEY)) == (403, "error.not_permitted")
    assert Record.objects.filter(code="api.denied").exists()
    ok(town.post("/enterprises", new(district), **KEY), 201)


def test_a_job_is_started_once(district: SmallDistrict) -> None:
    office = Asker(district, Role.DISTRICT_OFFICE)
    ok(office.post("/coverage-plans", {"on": "2026-11-01"}, **KEY), 202)
    assert code(office.post("/coverage-plans", {"on": "2026-11-01"}, **KEY)) == (409, "error.started_already")
    assert Job.objects.count() == 1


@pytest.mark.parametrize("key", ["short", "x" * 65, "with a blank"])
def test_a_key_is_plain(district: SmallDistrict, key: str) -> None:
    answer = Asker(district, Role.DISTRICT_OFFICE).post("/enterprises", new(district), **{"Idempotency-Key": key})
    assert code(answer) == (400, "error.api_key")
