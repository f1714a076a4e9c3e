"""Who is to look after whom by a plan, on the page: officers, shortages that open, doing a part or all."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from feigong.apps.accounts.roles import Role
from feigong.apps.clock import today
from feigong.apps.coverage.models import Plan
from feigong.apps.roll.actions.edges import unassign_officer
from feigong.apps.roll.actions.records import change_record
from feigong.apps.roll.kinds import RecordKind
from platform_district import SmallDistrict, build_small_district
from platform_plans import planned

pytestmark = pytest.mark.django_db
DAY = today()


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def plan(district: SmallDistrict) -> Plan:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = planned(district)
    unassign_officer(office, [district.enterprises["cedar"]], on=DAY)
    return found


def signed_in(district: SmallDistrict, role: Role) -> Client:
    client = Client()
    client.force_login(district.users[role])
    return client


def test_without_a_plan_it_says_how_to_come_by_one(district: SmallDistrict) -> None:
    page = signed_in(district, Role.TOWNSHIP).get(reverse("liaison:latest")).content.decode()
    assert "还没有覆盖方案" in page
    assert signed_in(district, Role.LIAISON_OFFICER).get(reverse("liaison:latest")).status_code == 403


def test_officers_with_what_changes(district: SmallDistrict, plan: Plan) -> None:
    office = signed_in(district, Role.DISTRICT_OFFICE)
    assert office.get(reverse("liaison:latest")).headers["Location"] == reverse("liaison:planned", args=[plan.pk])
    page = office.get(reverse("liaison:planned", args=[plan.pk])).content.decode()
    assert "褚行川" in page
    assert "超过 5 户提醒" in page
    assert f'name="ids" value="{district.enterprises["cedar"]}"' in page
    own = signed_in(district, Role.TOWNSHIP).get(reverse("liaison:planned", args=[plan.pk])).content.decode()
    assert "瑞航物流有限公司" in own
    assert "沐诺电子" not in own
    assert "邢望舒" not in own


def test_shortages_open_who_waits(district: SmallDistrict) -> None:
    for name in ("liaison", "second"):
        change_record(
            district.actor(Role.DISTRICT_OFFICE), RecordKind.WORKER, district.workers[name], {"most": 1},
            on=DAY.replace(day=1),
        )  # fmt: skip
    plan, office = planned(district), signed_in(district, Role.DISTRICT_OFFICE)
    page = office.get(reverse("liaison:planned", args=[plan.pk])).content.decode()
    assert "缺联络员的地方" in page
    waiting = office.get(reverse("liaison:waiting", args=[plan.pk])).content.decode()
    assert waiting.count("/enterprises/") >= 1
    nothing = office.get(reverse("liaison:waiting", args=[plan.pk]), {"area": "999"}).content.decode()
    assert "没有待派联络员的企业" in nothing


def test_ticked_or_all(district: SmallDistrict, plan: Plan) -> None:
    town = signed_in(district, Role.TOWNSHIP)
    address = reverse("liaison:carry_out", args=[plan.pk])
    assert town.post(address, {}).status_code == 400
    done = town.post(address, {"ids": [district.enterprises["cedar"]]}, follow=True)
    assert "已指派 1 户" in done.content.decode()
    assert town.post(address, {"ids": [district.enterprises["cedar"]]}).status_code == 409
    assert town.post(address, {"all": "1"}).status_code == 400  # nothing is left to do
    page = town.get(reverse("enterprises:detail", args=[district.enterprises["cedar"]])).content.decode()
    assert "褚行川" in page
