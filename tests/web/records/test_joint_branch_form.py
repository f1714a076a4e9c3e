"""The form of an organisation asks for the host where it becomes a joint branch."""

from __future__ import annotations

import pytest
from django.test import Client

from feigong.apps.accounts.roles import Role
from feigong.apps.roll import queries
from feigong.apps.roll.actions.edges import cover
from platform_district import SINCE, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def test_the_host_is_asked_for_beside_its_field(district: SmallDistrict) -> None:
    e, single = district.enterprises, district.organisations["single"]
    cover(district.actor(Role.DISTRICT_OFFICE), single, e["birch"], on=SINCE)
    client, address = Client(), f"/organisations/{single}/change/"
    client.force_login(district.users[Role.DISTRICT_OFFICE])
    form = client.get(address).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"kind": "joint_branch", "on": "2026-10-01"}
    answer = client.post(address, sent)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["host_id"]
    assert "请在它所覆盖的企业里选一家" in answer.content.decode()
    wrong = client.post(address, sent | {"kind": "branch", "founded_on": "2018-08-01", "host_id": str(e["apple"])})
    assert list(wrong.context["form"].errors) == ["host_id"]
    assert client.post(address, sent | {"host_id": str(e["birch"])}).status_code == 302
    rows = queries.coverage(district.sight(Role.DISTRICT_OFFICE)).filter(organisation_id=single, host=True)
    assert [row.enterprise_id for row in rows] == [e["birch"]]


@pytest.mark.parametrize(("what", "asks"), [("new/", False), ("{joint}/change/", False), ("{single}/change/", True)])
def test_it_is_asked_for_only_where_there_may_come_to_be_one(district: SmallDistrict, what: str, asks: bool) -> None:
    client = Client()
    client.force_login(district.users[Role.DISTRICT_OFFICE])
    page = client.get("/organisations/" + what.format(**district.organisations))
    assert page.status_code == 200
    assert ('name="host_id"' in page.content.decode()) is asks
