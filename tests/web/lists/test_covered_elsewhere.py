"""A figure does not depend on who reads it: an enterprise covered from elsewhere is covered, by nobody who is named."""

from __future__ import annotations

import pytest
from django.test import Client

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.recording import changing
from feigong.apps.roll import queries
from feigong.apps.roll.models import Coverage
from feigong.apps.roll.queries.figures import counts_by_area
from feigong.apps.roll.writing import Writer
from platform_district import ON, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    """Birch, in the township, is covered by the joint branch of another area."""
    made = build_small_district()
    with changing(made.actor(Role.DISTRICT_OFFICE), "coverage.cover") as change:
        Writer(change).put(Coverage, (made.organisations["joint"], made.enterprises["birch"]), {"host": False}, ON)
    return made


def test_office_and_township_count_the_same(district: SmallDistrict) -> None:
    east = district.areas["east"]
    counted = [
        next(f for f in counts_by_area(district.sight(role, ON, district.at.replace(year=9000))) if f.area == east)
        for role in (Role.DISTRICT_OFFICE, Role.TOWNSHIP)
    ]
    assert counted[0].with_organisation.n == counted[1].with_organisation.n == 2


def test_the_township_reads_that_it_is_covered_and_not_by_whom(district: SmallDistrict) -> None:
    client = Client()
    client.force_login(district.users[Role.TOWNSHIP])
    listed = client.get("/enterprises/?covered=yes").content.decode()
    detail = client.get(f"/enterprises/{district.enterprises['birch']}/").content.decode()
    for page in (listed, detail):
        assert "恒岳食品有限公司" in page
        assert "本处以外的党组织" in page
        assert "澜汇大厦联合党支部" not in page
    assert not queries.coverage(district.sight(Role.TOWNSHIP)).filter(
        enterprise_id=district.enterprises["birch"]
    ).exists()


def test_a_page_does_not_say_covered_of_what_is_not() -> None:
    made = build_small_district()
    client = Client()
    client.force_login(made.users[Role.DISTRICT_OFFICE])
    uncovered = client.get(f"/enterprises/{made.enterprises['birch']}/").content.decode()
    assert "恒岳食品有限公司" in uncovered
    assert "本处以外的党组织" not in uncovered
